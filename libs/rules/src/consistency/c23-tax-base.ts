import type { Unit } from "@yima/lifecycle"
import { fromHundredths, hundredths } from "@yima/schemas"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { timeOf } from "../time-of.ts"
import { magnitude } from "./beyond.ts"
import { liveContracts } from "./sold.ts"
import { filed, suspect } from "./suspect.ts"

/** One yuan. */
const ROUNDING = 100n

const judge = (view: Unit): readonly Suspicion[] =>
	liveContracts(view).flatMap((contract) => {
		const { vatCny } = contract
		if (vatCny === null) return []
		const price = hundredths(contract.totalPriceCny) - hundredths(vatCny)
		const receipts = view.taxReceipts.flatMap((receipt) =>
			receipt.kind === "DEED_TAX" && receipt.status === "PAID" && !receipt.assessed && receipt.baseCny !== null && isNumbered(receipt.contractNo, contract)
				? [{ ...receipt, baseCny: receipt.baseCny }]
				: [],
		)
		// Each of several buyers may pay for a share of his own.
		const sum = receipts.reduce((total, each) => total + hundredths(each.baseCny), 0n)
		if (magnitude(sum - price) <= ROUNDING) return []
		return receipts.flatMap((receipt) =>
			suspect({
				on: receipt.receiptNo ?? receipt.event,
				says: `完税证明 ${receipt.receiptNo ?? ""} 的计税依据 ${receipt.baseCny} 元,合同 ${contract.contractNo} 不含税价 ${fromHundredths(price)} 元,未注明核定。解除所需: 更正完税或合同变更备案`,
				parts: [
					filed(contract, `,总价 ${contract.totalPriceCny} 元,增值税 ${vatCny} 元`),
					fact(
						magnitude(hundredths(receipt.baseCny) - price) > ROUNDING,
						`计税依据 ${receipt.baseCny} 元,相差超过一元`,
						receipt.events,
						timeOf(view, receipt.event),
					),
				],
			}),
		)
	})

export const c23: FindingRule = {
	code: "C23",
	title: "契税计税依据与合同不含税价不符",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "税务局",
	basis: "契税法第4条",
	reads: [
		"tax.deed-tax-paid",
		"tax.deed-tax-refunded",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"registration.transferred",
	],
	parameters: [],
	example: "合同不含税价 800000 元,计税依据 700000 元,未核定。",
	unit: judge,
}
