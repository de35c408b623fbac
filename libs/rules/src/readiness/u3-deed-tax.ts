import type { ConditionRule } from "../condition.ts"
import { isNumbered, isSold, liveOf } from "../contract-of.ts"
import { fact } from "../proof.ts"
import { timeOf } from "../time-of.ts"

export const U3: ConditionRule = {
	id: "U3",
	title: "契税已缴或免征",
	scope: "UNIT",
	responsible: "税务局",
	basis: "《契税法》第十一条",
	remedy: "买受人申报缴纳契税,或取得免征凭证",
	reads: [
		"tax.deed-tax-paid",
		"tax.deed-tax-exempted",
		"tax.deed-tax-refunded",
		"sales.contract-filed",
		"sales.contract-cancelled",
		"sales.contract-amended",
		"registration.transferred",
	],
	parameters: [],
	example: "契税已退,合同仍在",
	neverWaived: true,
	after: ["U1"],
	applies: isSold,
	unit: (unit) => {
		const live = liveOf(unit)
		if (live === null) return isSold(unit)
		const cure = { type: "tax.deed-tax-paid", title: `为合同 ${live.contractNo} 缴纳契税`, responsible: "买受人" } as const
		const receipts = unit.taxReceipts.filter((each) => each.kind === "DEED_TAX" && isNumbered(each.contractNo, live))
		const good = receipts.find((each) => each.status !== "REFUNDED" && each.settled !== false)
		if (good !== undefined) return fact(true, good.status === "EXEMPTED" ? "契税免征" : `契税 ${good.amountCny} 元已缴`, good.events, timeOf(unit, good.event))
		const last = receipts.at(-1)
		if (last === undefined) return fact(false, `合同 ${live.contractNo} 没有契税完税或免征凭证`, [], null, cure)
		return fact(false, last.status === "REFUNDED" ? "契税已退" : "契税未入库", last.events, timeOf(unit, last.events.at(-1) ?? last.event), cure)
	},
}
