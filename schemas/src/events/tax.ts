import { Schema } from "effect"
import { decimal, defines, list, optional, remark, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const contractNo = optional(uses("contract-no"))

/** 税费: 税务局, 住房保障中心 (维修资金). */
export const tax = <P extends Schema.Top>(party: P) => ({
	"tax.deed-tax-paid": type("契税完税", "P,U", {
		receiptNo: defines("tax-receipt-no"),
		payers: optional(list(party)),
		baseCny: optional(decimal),
		assessed: optional(Schema.Boolean),
		amountCny: decimal,
		contractNo,
		settled: optional(Schema.Boolean),
	}),
	"tax.deed-tax-exempted": type("契税免征", "P,U", {
		receiptNo: optional(uses("tax-receipt-no")),
		contractNo,
		payers: optional(list(party)),
		reason: optional(remark),
	}),
	"tax.deed-tax-refunded": type("契税退税", "P,U", { receiptNo: uses("tax-receipt-no"), amountCny: optional(decimal) }),
	"tax.maintenance-fund-paid": type("维修资金缴存", "U", {
		receiptNo: defines("tax-receipt-no"),
		amountCny: decimal,
		payers: optional(list(party)),
		contractNo,
	}),
	"tax.maintenance-fund-refunded": type("维修资金退还", "U", { receiptNo: uses("tax-receipt-no"), amountCny: optional(decimal) }),
	"tax.retracted": retracted(),
})
