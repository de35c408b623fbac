import { stageOf } from "@yima/lifecycle"
import { aboveUnit, counted, readinessOf, summaryOf, unitSummaryOf } from "@yima/rules"
import type { Moment, Scope } from "@yima/schemas"
import type { World } from "@yima/test-kit"
import { isUnit, judging } from "./judging.ts"

/** What is kept of a unit for roll-ups against what is decided of it: empty where both say the same, or it is no unit. */
export const miscounted = (world: World, scope: Scope, asOf: Moment): string => {
	const judged = judging(world, asOf)
	const own = judged(scope)
	if (!isUnit(own)) return ""
	const above = aboveUnit(own.view).flatMap((each) => judged(each) ?? [])
	const stage = (ready: boolean) => stageOf(own.view, ready, own.scene.ruleSet.services).stage
	const { ready, sold, blocking, blockingFindings } = readinessOf(own, above)
	// A list finds above a unit what its code and its project name, and no more.
	const found = above.filter((each) => [own.view.building, own.view.parcel, own.view.project].some((scope) => scope === each.view.code))
	const kept = counted(unitSummaryOf(own, above), found.map(summaryOf), stage(false))
	const unmet = blocking.map((each) => each.id).sort()
	const wanted = JSON.stringify({ stage: stage(ready), ready, sold, unmet, blocks: [...new Set(blockingFindings.map((each) => each.code))].sort() })
	const got = JSON.stringify({ stage: kept.stage, ready: kept.ready, sold: kept.sold, unmet: [...kept.unmet].sort(), blocks: [...kept.blocks].sort() })
	return wanted === got ? "" : `${scope} ${new Date(asOf / 1000).toISOString()}: decided ${wanted}, counted ${got}`
}
