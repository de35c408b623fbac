import type { Unit } from "@yima/lifecycle"
import { aboveUnit, counted, type Judgement, judge, readinessOf, summaryOf, unitSummaryOf } from "@yima/rules"
import type { Known, Moment, Scope } from "@yima/schemas"
import { viewAt, type World } from "@yima/test-kit"

const LATEST = Number.MAX_SAFE_INTEGER as Known

/** What is kept of a unit for roll-ups against what is decided of it: empty where both say the same, or it is no unit. */
export const miscounted = (world: World, scope: Scope, asOf: Moment): string => {
	const judged = (each: Scope): Judgement | null => {
		const view = viewAt(world, each, asOf, LATEST)
		return view === null ? null : judge(view, asOf)
	}
	const own = judged(scope) as Judgement<Unit> | null
	if (own?.view.is !== "unit") return ""
	const above = aboveUnit(own.view).flatMap((each) => judged(each) ?? [])
	const { ready, sold, blocking, blockingFindings } = readinessOf(own, above)
	const kept = counted(unitSummaryOf(own, above), above.map(summaryOf))
	const said = (all: readonly string[]) => [...new Set(all)].sort()
	const wanted = JSON.stringify({ ready, sold, unmet: said(blocking.map((each) => each.id)), blocks: said(blockingFindings.map((each) => each.code)) })
	const got = JSON.stringify({ ready: kept.ready, sold: kept.sold, unmet: said(kept.unmet), blocks: said(kept.blocks) })
	return wanted === got ? "" : `${scope} ${new Date(asOf / 1000).toISOString()}: decided ${wanted}, counted ${got}`
}
