import { linesOf } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { fact } from "../proof.ts"

export const U1: ConditionRule = {
	id: "U1",
	title: "有且只有一份有效的备案合同",
	scope: "UNIT",
	responsible: "住房保障中心",
	basis: "《城市房地产开发经营管理条例》第二十六条、第二十七条",
	remedy: "未售的办理网签备案;有两份有效合同的,撤销其一",
	reads: ["sales.contract-filed", "sales.contract-amended", "sales.contract-cancelled", "registration.transferred"],
	parameters: [],
	example: "同一户向两人各备案一份合同",
	neverWaived: true,
	after: [],
	unit: ({ contracts, lines }) => {
		const live = contracts.filter((each) => each.status === "LIVE")
		const [first, second] = live
		if (first === undefined)
			return fact(false, "没有有效的备案合同", [], null, { type: "sales.contract-filed", title: "办理网签备案", responsible: "开发企业" })
		const events = live.flatMap((each) => each.events.slice(0, 1))
		if (second === undefined) {
			const cancelled = contracts.filter((each) => each.status === "CANCELLED").flatMap((each) => each.events)
			const freed = linesOf(lines, "sales.contract-cancelled").findLast((line) => line.time > first.filedAt && cancelled.includes(line.key))
			return fact(true, `有效合同 ${first.contractNo}`, [...events, ...(freed === undefined ? [] : [freed.key])], freed?.time ?? first.filedAt)
		}
		return fact(false, `有 ${live.length} 份有效合同: ${live.map((each) => each.contractNo).join("、")}`, events, second.filedAt, {
			type: "sales.contract-cancelled",
			title: "查清后撤销其中一份合同",
		})
	},
}
