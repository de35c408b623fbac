import type { Unit } from "@yima/lifecycle"
import type { FindingRule, Suspicion } from "../finding.ts"
import { either, no } from "../when.ts"
import { isAnew, reshapingOf } from "./reshaped.ts"
import { liveContracts } from "./sold.ts"
import { day, filed, said, suspect } from "./suspect.ts"

const judge = (view: Unit): readonly Suspicion[] => {
	const reshaping = reshapingOf(view)
	const live = liveContracts(view)
	if (reshaping === null || live.length === 0) return []
	const { survey, edges } = reshaping
	const before = edges.map((edge) => edge.from).join("、")
	return suspect({
		on: "",
		if: no(either(...live.map((each) => isAnew(view, reshaping, each)))),
		says: `${view.code} 由 ${before} ${edges[0]?.kind === "MERGED" ? "合并" : "分割"}实测而来,而合同 ${live.map((each) => each.contractNo).join("、")} 仍按预测签订。解除所需: 合同变更备案,或撤销后重新网签`,
		parts: [said(survey, `${day(survey.time)} 实测,${before} → ${view.code}`), ...live.map((each) => filed(each))],
	})
}

export const c04: FindingRule = {
	code: "C04",
	title: "预测户与实测户不是一对一,而已有合同",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "住房保障中心",
	basis: "本系统规则(一对一时实测户沿用预测户代码)",
	reads: ["survey.measured", "sales.contract-filed", "sales.contract-amended", "sales.contract-cancelled", "registration.transferred"],
	parameters: [],
	example: "预测 101、102 实测合并为 103,两户各有有效合同。",
	unit: judge,
}
