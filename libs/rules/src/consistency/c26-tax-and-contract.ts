import { linesOf, share, transfers, type Unit } from "@yima/lifecycle"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { ownContracts } from "./sold.ts"
import { day, filed, said, suspect } from "./suspect.ts"

const judge = (view: Unit, { same }: Scene): readonly Suspicion[] =>
	ownContracts(view).flatMap((contract) => {
		const receipts = view.taxReceipts.filter((each) => each.kind === "DEED_TAX" && isNumbered(each.contractNo, contract))
		const valid = receipts.filter((each) => each.status !== "REFUNDED")
		if (contract.status === "LIVE")
			return receipts.flatMap((receipt) => {
				const refund = lineBy(view, receipt.events[1] ?? null)
				if (receipt.status !== "REFUNDED" || refund === undefined) return []
				return suspect({
					on: receipt.receiptNo ?? receipt.event,
					says: `契税 ${receipt.receiptNo ?? ""} 已于 ${day(refund.time)} 退税,合同 ${contract.contractNo} 却仍有效。解除所需: 撤销合同备案,或重新完税`,
					parts: [
						filed(contract, ",有效"),
						fact(true, `${day(refund.time)} 退税`, receipt.events, refund.time),
						fact(valid.length === 0, "没有另行完税", [], refund.time),
					],
				})
			})
		const cancelled = linesOf(view.lines, "sales.contract-cancelled").find((line) => isNumbered(line.says.contractNo, contract))
		if (contract.status !== "CANCELLED" || cancelled === undefined) return []
		return valid.flatMap((receipt) => {
			const paid = lineBy(view, receipt.event)
			if (receipt.status !== "PAID" || paid === undefined) return []
			return suspect({
				on: receipt.receiptNo ?? receipt.event,
				says: `合同 ${contract.contractNo} 已于 ${day(cancelled.time)} 撤销,契税 ${receipt.receiptNo ?? ""} 未退,也没有转移登记。解除所需: 退税 ${receipt.receiptNo ?? ""}`,
				parts: [
					said(cancelled, `${day(cancelled.time)} 撤销备案`),
					said(paid, `${day(paid.time)} 完税`),
					fact(!transfers(view.certificates).some((each) => share(same, each.holders, contract.buyers)), "没有转移登记给其买受人", [], cancelled.time),
				],
			})
		})
	})

export const c26: FindingRule = {
	code: "C26",
	title: "已退税而合同仍有效,或合同撤销而未退税",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "税务局",
	basis: "契税法第12条",
	reads: [
		"tax.deed-tax-paid",
		"tax.deed-tax-exempted",
		"tax.deed-tax-refunded",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"registration.transferred",
		"registration.deregistered",
		"registrar.party-renamed",
	],
	parameters: [],
	example: "合同撤销后,已缴的契税没有退。",
	unit: judge,
}
