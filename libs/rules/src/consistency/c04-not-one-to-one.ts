import { type Line, linesOf, type Unit } from "@yima/lifecycle"
import { normalForm } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { either, no, precedes, whenOf } from "../when.ts"
import { lineBy } from "./own.ts"
import { liveContracts } from "./sold.ts"
import { day, filed, said, suspect } from "./suspect.ts"

const judge = (view: Unit): readonly Suspicion[] => {
	const edges = view.predecessors.filter((edge) => edge.kind === "MERGED" || edge.kind === "DIVIDED")
	const edge = edges.find((each) => lineBy(view, each.event)?.type === "survey.measured")
	const survey = edge && lineBy(view, edge.event)
	const live = liveContracts(view)
	if (edge === undefined || survey === undefined || live.length === 0) return []
	const numbers = new Set(live.map((each) => normalForm(each.contractNo)))
	const terms: readonly Line[] = linesOf(view.lines, "sales.contract-filed", "sales.contract-amended").filter((line) =>
		numbers.has(normalForm(line.says.contractNo)),
	)
	const anew = either(...terms.map((line) => precedes(whenOf(survey), whenOf(line))))
	const before = edges.filter((each) => each.event === edge.event).map((each) => each.from)
	return suspect({
		on: "",
		if: no(anew),
		says: `${view.code} 由 ${before.join("、")} ${edge.kind === "MERGED" ? "合并" : "分割"}实测而来,而合同 ${live.map((each) => each.contractNo).join("、")} 仍按预测签订。解除所需: 合同变更备案,或撤销后重新网签`,
		parts: [said(survey, `${day(survey.time)} 实测,${before.join("、")} → ${view.code}`), ...live.map((each) => filed(each))],
	})
}

export const c04: FindingRule = {
	code: "C04",
	title: "预测户与实测户不是一对一,而已有合同",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "住房保障中心",
	basis: "本系统规则(一对一时实测户沿用预测户代码)",
	reads: ["survey.measured", "sales.contract-filed", "sales.contract-amended"],
	parameters: [],
	example: "预测 101、102 实测合并为 103,两户各有有效合同。",
	unit: judge,
}
