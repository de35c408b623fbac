import { type Decimal, type EventKey, normalForm, surelyBefore } from "@yima/schemas"
import { contractOf } from "./contract.ts"
import type { Who } from "./fact.ts"
import { type Line, linesOf } from "./line.ts"
import type { SameParty } from "./party.ts"

/** 契税完税或免征, 维修资金缴存. */
export interface TaxReceipt {
	readonly receiptNo: string | null
	readonly kind: "DEED_TAX" | "MAINTENANCE_FUND"
	readonly status: "PAID" | "EXEMPTED" | "REFUNDED"
	readonly amountCny: Decimal | null
	readonly baseCny: Decimal | null
	readonly assessed: boolean
	/** 缴库入库; null: not stated. */
	readonly settled: boolean | null
	readonly payers: readonly Who[]
	/** As stated, else that of the contract which its payers had then. */
	readonly contractNo: string | null
	readonly event: EventKey
	/** The payment, then its refund. */
	readonly events: readonly EventKey[]
}

/** All receipts of a scope. A refund pairs with its receipt by number, deed tax and fund apart. */
export const taxReceipts = (lines: readonly Line[], same: SameParty): readonly TaxReceipt[] =>
	linesOf(lines, "tax.deed-tax-paid", "tax.deed-tax-exempted", "tax.maintenance-fund-paid").map((line) => {
		const isFund = line.type === "tax.maintenance-fund-paid"
		const { receiptNo } = line.says
		const refunds = linesOf(lines, isFund ? "tax.maintenance-fund-refunded" : "tax.deed-tax-refunded")
		const refund = refunds.find((each) => receiptNo !== undefined && normalForm(each.says.receiptNo) === normalForm(receiptNo) && !surelyBefore(each, line))
		const deed = line.type === "tax.deed-tax-paid" ? line.says : null
		return {
			receiptNo: receiptNo ?? null,
			kind: isFund ? "MAINTENANCE_FUND" : "DEED_TAX",
			status: refund ? "REFUNDED" : line.type === "tax.deed-tax-exempted" ? "EXEMPTED" : "PAID",
			amountCny: line.type === "tax.deed-tax-exempted" ? null : line.says.amountCny,
			baseCny: deed?.baseCny ?? null,
			assessed: deed?.assessed ?? false,
			settled: deed?.settled ?? null,
			payers: line.says.payers ?? [],
			contractNo: contractOf(line, lines, same),
			event: line.key,
			events: refund ? [line.key, refund.key] : [line.key],
		}
	})
