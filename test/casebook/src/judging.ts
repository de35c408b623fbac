import type { Unit } from "@yima/lifecycle"
import { type Judgement, judge } from "@yima/rules"
import type { Known, Moment, Scope } from "@yima/schemas"
import { viewAt, type World } from "@yima/test-kit"

const LATEST = Number.MAX_SAFE_INTEGER as Known

/** The judgements of a world's scopes as of one moment, by what was known then, each made once, for many units ask the same of what stands above them. */
export const judging = (world: World, asOf: Moment, by: Known = LATEST): ((scope: Scope) => Judgement | null) => {
	const known = new Map<Scope, Judgement | null>()
	return (scope) => {
		const before = known.get(scope)
		if (before !== undefined) return before
		const view = viewAt(world, scope, asOf, by)
		const found = view === null ? null : judge(view, asOf)
		known.set(scope, found)
		return found
	}
}

export const isUnit = (judgement: Judgement | null): judgement is Judgement<Unit> => judgement?.view.is === "unit"
