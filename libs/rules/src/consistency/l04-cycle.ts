import type { EventKey } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import type { Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { suspect } from "./suspect.ts"

const judge = (view: Spatial): readonly Suspicion[] => {
	// A successor from which the view inherits is a predecessor, too.
	const inherited = new Set([...view.predecessors.map((edge) => edge.from), ...view.lines.flatMap((line) => line.stands)])
	return view.successors
		.filter((edge) => inherited.has(edge.to))
		.flatMap((edge) => {
			const events: readonly EventKey[] = [...new Set([edge.event, ...view.predecessors.map((each) => each.event)])]
			return suspect({
				on: edge.to,
				says: `沿革成环: ${view.code} 承继为 ${edge.to},而 ${edge.to} 又是它的前身。解除所需: 更正其中一次变更`,
				parts: [fact(true, `${view.code} → ${edge.to} → … → ${view.code}`, events, edge.at)],
			})
		})
}

export const l04: FindingRule = {
	code: "L04",
	title: "沿革成环",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "自然资源和规划局",
	basis: "本系统规则",
	reads: ["survey.measured", "land.parcel-divided", "land.parcel-merged", "land.parcel-redrawn"],
	parameters: [],
	onRetired: true,
	example: "甲地变更为乙地,乙地又变更为甲地。",
	unit: judge,
	building: judge,
	parcel: judge,
}
