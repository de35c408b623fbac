import { endOfDay, type Known, type LocalDate, type Moment, type Scope, startOfDay, stepAt } from "@yima/schemas"
import { at, type View } from "./at.ts"
import { reads } from "./gather.ts"
import type { States } from "./state.ts"

/** Dates in facts from which something counts, and dates whose last moment ends something. */
const STARTS: ReadonlySet<string> = new Set(["fromOn", "startOn"])
const ENDS: ReadonlySet<string> = new Set(["toOn", "endOn", "landEndOn", "validUntilOn", "untilOn"])

const datesIn = (says: object): readonly Moment[] =>
	Object.entries(says).flatMap(([field, value]) =>
		STARTS.has(field) ? [startOfDay(value as LocalDate)] : ENDS.has(field) ? [endOfDay(value as LocalDate)] : [],
	)

const LATEST = Number.MAX_SAFE_INTEGER as Known

/**
 * The next moment after `after` at which time alone, or an event that is dated ahead, changes a view of the scope; null: never.
 * By what is known last; `view`: the scope as of `after`, where the caller has it. Between `after` and it, `at` answers the same.
 */
export const nextDue = (scope: Scope, states: States, after: Moment, view: View | null = at(scope, states, after, LATEST)): Moment | null => {
	const due: Moment[] = []
	for (const each of reads(scope, states)) {
		for (const steps of states.get(each)?.values() ?? []) {
			const fact = stepAt(steps, LATEST)
			if (fact === null || fact === undefined) continue
			due.push(fact.time)
			if (fact.says !== undefined) due.push(...datesIn(fact.says))
		}
	}
	if (view !== null && "seizures" in view) {
		due.push(...view.seizures.flatMap((each) => each.to ?? []))
		due.push(...view.restrictions.flatMap((each) => each.endsAt ?? []))
	}
	const later = due.filter((each) => each > after)
	return later.length === 0 ? null : (later.sort((a, b) => a - b)[0] ?? null)
}
