import { linesOf } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { aboutOf, isSold, liveOf } from "../contract-of.ts"
import { all, fact } from "../proof.ts"

export const U11: ConditionRule = {
	id: "U11",
	title: "限购核验通过",
	scope: "UNIT",
	responsible: "住房保障中心",
	basis: "地方限购政策(有限购的城市)",
	remedy: "核验买受人的购房资格",
	reads: ["sales.purchase-cleared", "sales.contract-filed", "sales.contract-cancelled", "sales.contract-amended", "registration.transferred"],
	parameters: ["required"],
	example: "限购城市没有核验买受人的购房资格",
	after: ["U1"],
	applies: (unit, { ruleSet }) => {
		const isAsked = ruleSet.required.includes("purchase-cleared")
		return all("须核验购房资格", [isSold(unit), fact(isAsked, isAsked ? "本市要求限购核验" : "本市不要求限购核验")])
	},
	unit: (unit) => {
		const live = liveOf(unit)
		if (live === null) return isSold(unit)
		const cleared = linesOf(aboutOf(unit, live), "sales.purchase-cleared").at(0)
		return cleared === undefined
			? fact(false, "限购核验未通过", [], null, { type: "sales.purchase-cleared", title: "核验购房资格" })
			: fact(true, "限购核验通过", [cleared.key], cleared.time)
	},
}
