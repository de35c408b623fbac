import { share, type TaxReceipt, type Unit } from "@yima/lifecycle"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy, ownLines } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { type Answer, both, either, no, notAfter, precedes, whenOf } from "../when.ts"
import { day, said, suspect } from "./suspect.ts"

const judge = (view: Unit, { same }: Scene): readonly Suspicion[] =>
	ownLines(view, "registration.transferred").flatMap((transfer) => {
		const act = whenOf(transfer)
		const { holders } = transfer.says
		const isFor = (receipt: TaxReceipt): boolean =>
			receipt.payers.length > 0
				? share(same, receipt.payers, holders) || view.contracts.some((each) => isNumbered(receipt.contractNo, each) && share(same, each.buyers, holders))
				: receipt.contractNo === null || view.contracts.some((each) => isNumbered(receipt.contractNo, each) && share(same, each.buyers, holders))
		const proven = view.taxReceipts.flatMap((receipt): readonly Answer[] => {
			const [paid, refunded] = receipt.events.map((key) => lineBy(view, key))
			if (receipt.kind !== "DEED_TAX" || receipt.settled === false || paid === undefined || !isFor(receipt)) return []
			return [both(notAfter(whenOf(paid), act), refunded === undefined ? "yes" : precedes(act, whenOf(refunded)))]
		})
		return suspect({
			on: transfer.says.certificateNo,
			since: transfer.time,
			if: no(either(...proven)),
			says: `转移登记 ${transfer.says.certificateNo} ${day(transfer.time)} 登簿时,没有取得人的契税完税或减免税凭证。解除所需: 补报当日已有的完税,或更正、撤回该登记,或登记员办结`,
			parts: [
				said(transfer, `${day(transfer.time)} 登簿 ${transfer.says.certificateNo}`),
				fact(
					true,
					"登簿时没有有效的契税凭证",
					view.taxReceipts.filter((each) => each.kind === "DEED_TAX").flatMap((each) => each.events),
				),
			],
		})
	})

export const c25: FindingRule = {
	code: "C25",
	title: "未见契税凭证即转移登记",
	severity: "BLOCK",
	kind: "breach",
	responsible: "不动产登记中心",
	basis: "契税法第11条",
	reads: [
		"registration.transferred",
		"tax.deed-tax-paid",
		"tax.deed-tax-exempted",
		"tax.deed-tax-refunded",
		"sales.contract-filed",
		"sales.contract-amended",
		"registrar.party-renamed",
		"sales.contract-cancelled",
	],
	parameters: [],
	example: "5 月 1 日登簿,5 月 8 日才完税。",
	unit: judge,
}
