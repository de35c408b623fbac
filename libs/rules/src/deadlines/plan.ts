import type { Project } from "@yima/lifecycle"
import { endOfDay, type Moment } from "@yima/schemas"
import type { Act, Acts } from "../acts.ts"
import type { Term } from "../deadline.ts"
import { type PlannedDate, plannedDate } from "../plan.ts"

/** 台账计划: a planned date for an act that all of these have to do. */
export const planned = ({ lines, code }: Project, field: PlannedDate, act: Act, all: readonly { readonly acts: Acts }[], asOf: Moment): readonly Term[] => {
	const plan = plannedDate(lines, code, field)
	if (plan === null) return []
	const { scheduled } = plan
	const dueAt = endOfDay(plan.on)
	// Nobody is late where there is nothing to do yet.
	if (all.length === 0 && dueAt <= asOf) return []
	const done = all.map(({ acts }) => acts[act]).filter((each) => each !== undefined)
	const metAt = all.length > 0 && done.length === all.length ? (Math.max(...done) as Moment) : null
	return [{ on: "", startedAt: scheduled.time, dueAt, pausedSince: null, metAt, events: [scheduled.key] }]
}
