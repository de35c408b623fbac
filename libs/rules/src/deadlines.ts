import type { View } from "@yima/lifecycle"
import type { Moment } from "@yima/schemas"
import type { Members } from "./acts.ts"
import { type Deadline, guessedYears, isMissed, termsOf } from "./deadline.ts"
import { DEADLINE_RULES } from "./deadlines/list.ts"
import type { Scene } from "./scene.ts"
import { toldApart } from "./told-apart.ts"

/** What ran on a retired code runs on at its successors, which inherit its events: on the code itself nobody can meet it. */
const isRetired = (view: View): boolean => "status" in view && view.status === "RETIRED"

/** The time limits that have begun on a scope by the moment asked, met or not. */
export const deadlines = (view: View, scene: Scene, members: Members | null = null): readonly Deadline[] => {
	if (isRetired(view)) return []
	return DEADLINE_RULES.flatMap((rule) => {
		const { id, title, basis } = rule
		const change = scene.ruleSet.deadlines[id]
		if (change?.off === true) return []
		return toldApart(termsOf(rule, view, scene, members)).map((term) => ({
			...term,
			// A plan or permit may have come after its own date: then it began with it.
			startedAt: Math.min(term.startedAt, term.dueAt) as Moment,
			id,
			title,
			scope: view.code,
			responsible: change?.responsible ?? rule.responsible,
			basis,
			overdue: isMissed(term, scene.asOf),
			guessedYears: guessedYears(rule, term, scene.calendar),
		}))
	})
}

/** The next moment after `asOf` at which one of them is missed, if nothing happens until then: whoever keeps time looks again there. */
export const nextDeadline = (all: readonly Deadline[], asOf: Moment): Moment | null => {
	const open = all.filter((each) => each.metAt === null && each.pausedSince === null && each.dueAt > asOf)
	return open.length === 0 ? null : (Math.min(...open.map((each) => each.dueAt)) as Moment)
}
