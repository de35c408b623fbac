import type { Mortgage, Unit } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { all, fact, type Proof } from "../proof.ts"
import { timeOf } from "../time-of.ts"

const isCleared = (unit: Unit, each: Mortgage): Proof => {
	const what = `${each.kind === "land" ? "土地" : "在建工程"}抵押 ${each.proofNo}`
	const [registered] = each.events
	if (each.dischargedAt !== null) return fact(true, `${what} 已注销`, each.events, each.dischargedAt)
	if (each.leftOutAt !== null) return fact(true, `${what} 变更后不再包含本户`, each.events, each.leftOutAt)
	if (each.consentedAt !== null) return fact(true, `${what} 的抵押权人已同意销售`, each.events, each.consentedAt)
	return fact(
		false,
		`${what}(抵押权人 ${each.mortgagee.kind === undefined ? each.mortgagee.name : "个人"})未解除,也未同意销售`,
		registered === undefined ? [] : [registered],
		timeOf(unit, each.event),
		{
			type: "finance.mortgage-discharged",
			title: `注销${what}或出具同意销售的书面意见`,
			responsible: each.mortgagee.kind === undefined ? each.mortgagee.name : "抵押权人",
		},
	)
}

/** Mortgages of the developer that cover the unit; one that was amended to a unit mortgage is none of these any more. */
const developers = ({ mortgages }: Unit): readonly Mortgage[] => mortgages.filter((each) => each.kind === "land" || each.kind === "construction")

export const P6: ConditionRule = {
	id: "P6",
	title: "土地和在建工程抵押已解除或取得同意",
	scope: "UNIT",
	responsible: "抵押权人",
	basis: "《民法典》第四百零六条;《河南省城市房地产开发经营管理条例》第二十八条",
	remedy: "注销抵押,或由抵押权人书面同意销售,或变更抵押范围",
	reads: ["finance.mortgage-registered", "finance.mortgage-amended", "finance.mortgage-discharged", "finance.sale-consented"],
	parameters: [],
	example: "在建工程抵押没有就这一户注销",
	after: [],
	unit: (unit) => {
		const found = developers(unit)
		return found.length === 0
			? fact(true, "没有土地或在建工程抵押")
			: all(
					"各项抵押均已处理",
					found.map((each) => isCleared(unit, each)),
				)
	},
}
