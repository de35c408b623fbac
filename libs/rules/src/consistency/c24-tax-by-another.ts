import type { Unit, Who } from "@yima/lifecycle"
import { surelyBefore } from "@yima/schemas"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { liveContracts } from "./sold.ts"
import { day, filed, suspect } from "./suspect.ts"

const isSameShare = (a: string, b: string): boolean => {
	const [[top = "0", bottom = "1"], [other = "0", below = "1"]] = [a.split("/"), b.split("/")]
	return BigInt(top) * BigInt(below) === BigInt(other) * BigInt(bottom)
}

const judge = (view: Unit, { same }: Scene): readonly Suspicion[] => {
	const live = liveContracts(view)
	return view.taxReceipts.flatMap((receipt) => {
		const line = lineBy(view, receipt.event)
		if (receipt.kind !== "DEED_TAX" || receipt.status === "REFUNDED" || receipt.payers.length === 0 || line === undefined) return []
		const [only, other] = live
		const stated = live.find((each) => isNumbered(receipt.contractNo, each))
		// Without a number it belongs to nobody's contract: then to the only one there is, if it was filed by then.
		const filing = only === undefined ? undefined : lineBy(view, only.events[0] ?? null)
		const alone = receipt.contractNo === null && other === undefined && filing !== undefined && !surelyBefore(line, filing) ? only : undefined
		const contract = stated ?? alone
		if (contract === undefined) return []
		const buyerOf = (payer: Who) => contract.buyers.find((buyer) => same(payer, buyer))
		const strangers = receipt.payers.filter((payer) => buyerOf(payer) === undefined)
		const unequal = receipt.payers.flatMap((payer) => {
			const share = buyerOf(payer)?.share
			return share === undefined || payer.share === undefined || isSameShare(share, payer.share) ? [] : [{ paid: payer.share, bought: share }]
		})
		const what =
			strangers.length > 0
				? `${strangers.length} 名纳税人不是买受人`
				: `纳税份额 ${unequal.map((each) => each.paid).join("、")} 与购买份额 ${unequal.map((each) => each.bought).join("、")} 不符`
		return suspect({
			on: receipt.receiptNo ?? receipt.event,
			says: `契税 ${receipt.receiptNo ?? ""} 对合同 ${contract.contractNo}: ${what}。解除所需: 更正完税或退税后重缴`,
			parts: [
				filed(contract, `,买受人 ${contract.buyers.length} 名`),
				fact(strangers.length + unequal.length > 0, `${day(line.time)} 完税,${what}`, [receipt.event], line.time),
			],
		})
	})
}

export const c24: FindingRule = {
	code: "C24",
	title: "纳税人不是买受人,或份额不符",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "税务局",
	basis: "契税法",
	reads: [
		"tax.deed-tax-paid",
		"tax.deed-tax-exempted",
		"tax.deed-tax-refunded",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"registration.transferred",
		"registrar.party-renamed",
	],
	parameters: [],
	example: "合同买受人甲,契税却由丙缴纳。",
	unit: judge,
}
