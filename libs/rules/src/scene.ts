import { type SameParty, sameParty, type View } from "@yima/lifecycle"
import type { Moment } from "@yima/schemas"
import { type Calendar, calendarOf } from "./calendar.ts"
import { type RuleSet, ruleSetAt } from "./rule-set.ts"

/** What a rule is given beside the view that it judges: the moment asked, and what holds then. */
export interface Scene {
	readonly asOf: Moment
	readonly ruleSet: RuleSet
	readonly calendar: Calendar
	/** Whether two statements speak of one party. */
	readonly same: SameParty
}

export const sceneOf = (view: View, asOf: Moment, ruleSet: RuleSet = ruleSetAt(view, asOf)): Scene => ({
	asOf,
	ruleSet,
	calendar: calendarOf(ruleSet),
	same: sameParty(view.lines),
})
