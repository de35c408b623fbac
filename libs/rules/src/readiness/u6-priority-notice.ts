import { share } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { isSold, liveOf, termOf } from "../contract-of.ts"
import { all, fact } from "../proof.ts"
import { later, timeOf } from "../time-of.ts"

export const U6: ConditionRule = {
	id: "U6",
	title: "没有他人的预告登记",
	scope: "UNIT",
	responsible: "不动产登记中心",
	basis: "《民法典》第二百二十一条",
	remedy: "注销他人的预告登记",
	reads: [
		"registration.priority-notice-registered",
		"registration.priority-notice-deregistered",
		"registration.first-registered",
		"registration.transfer-applied",
		"sales.contract-filed",
		"sales.contract-cancelled",
		"sales.contract-amended",
		"registration.transferred",
	],
	parameters: [],
	example: "前一买受人退房后预告登记没有注销",
	after: ["U1"],
	applies: isSold,
	unit: (unit, { same }) => {
		const live = liveOf(unit)
		if (live === null) return isSold(unit)
		const { buyers } = live
		const said = termOf(unit, live, "buyers")
		const notices = unit.restrictions.filter((each) => each.kind === "PRIORITY_NOTICE" && each.active)
		const others = notices.filter((each) => each.holder === null || !share(same, [each.holder], buyers))
		return others.length === 0
			? fact(
					true,
					"没有他人的预告登记",
					notices.map((each) => each.event),
				)
			: all(
					"没有他人的预告登记",
					others.map((each) =>
						fact(false, `预告登记 ${each.proofNo} 的权利人不是现合同的买受人`, [each.event], later(timeOf(unit, each.event), said.time), {
							type: "registration.priority-notice-deregistered",
							title: `注销预告登记 ${each.proofNo}`,
						}),
					),
				)
	},
}
