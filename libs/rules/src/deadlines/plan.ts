import { linesOf, type Project } from "@yima/lifecycle"
import { endOfDay, type LocalDate, type Moment } from "@yima/schemas"
import type { Act, Acts } from "../acts.ts"
import type { Term } from "../deadline.ts"

/** 台账计划: the latest schedule's date for an act that all of these have to do. */
export const planned = (
	{ lines }: Project,
	field: "handoverDueOn" | "firstRegistrationDueOn" | "completionDueOn",
	act: Act,
	all: readonly { readonly acts: Acts }[],
	asOf: Moment,
): readonly Term[] => {
	const scheduled = linesOf(lines, "project.scheduled").at(-1)
	const on: LocalDate | undefined = scheduled?.says[field]
	if (scheduled === undefined || on === undefined) return []
	const dueAt = endOfDay(on)
	// Nobody is late where there is nothing to do yet.
	if (all.length === 0 && dueAt <= asOf) return []
	const done = all.map(({ acts }) => acts[act]).filter((each) => each !== undefined)
	const metAt = all.length > 0 && done.length === all.length ? (Math.max(...done) as Moment) : null
	return [{ on: "", startedAt: scheduled.time, dueAt, pausedSince: null, metAt, events: [scheduled.key] }]
}
