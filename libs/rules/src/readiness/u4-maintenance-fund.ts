import type { ConditionRule } from "../condition.ts"
import { isSold } from "../contract-of.ts"
import { fact } from "../proof.ts"
import { timeOf } from "../time-of.ts"

export const U4: ConditionRule = {
	id: "U4",
	title: "首期维修资金已交",
	scope: "UNIT",
	responsible: "住房保障中心",
	basis: "《住宅专项维修资金管理办法》(建设部、财政部令第 165 号)",
	remedy: "交存首期住宅专项维修资金",
	reads: [
		"tax.maintenance-fund-paid",
		"tax.maintenance-fund-refunded",
		"sales.contract-filed",
		"sales.contract-cancelled",
		"sales.contract-amended",
		"registration.transferred",
	],
	parameters: [],
	example: "买受人没有交首期维修资金",
	after: ["U1"],
	applies: isSold,
	unit: ({ taxReceipts, lines }) => {
		const funds = taxReceipts.filter((each) => each.kind === "MAINTENANCE_FUND")
		const paid = funds.find((each) => each.status === "PAID")
		const cure = { type: "tax.maintenance-fund-paid", title: "交存首期维修资金", responsible: "买受人" } as const
		if (paid !== undefined) return fact(true, `维修资金 ${paid.amountCny} 元已交`, paid.events, timeOf({ lines }, paid.event))
		const last = funds.at(-1)
		return last === undefined
			? fact(false, "没有维修资金缴存凭证", [], null, cure)
			: fact(false, `维修资金 ${last.receiptNo ?? ""} 已退`, last.events, null, cure)
	},
}
