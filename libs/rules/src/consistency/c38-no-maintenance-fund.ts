import { linesOf, type Unit } from "@yima/lifecycle"
import { endOfDay, normalForm, startOfDay } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy, ownLines } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { type Answer, both, either, no, notAfter, onDay, precedes, whenOf } from "../when.ts"
import { said, suspect } from "./suspect.ts"

/** U4 is waived for the unit or for what it lies in. */
const isWaived = (view: Unit, { asOf }: Scene): boolean =>
	linesOf(view.lines, "registrar.condition-waived").some(
		(line) => normalForm(line.says.condition) === "U4" && (line.says.untilOn === undefined || endOfDay(line.says.untilOn) > asOf),
	)

const judge = (view: Unit, scene: Scene): readonly Suspicion[] => {
	if (isWaived(view, scene)) return []
	const funds = view.taxReceipts.filter((each) => each.kind === "MAINTENANCE_FUND")
	return ownLines(view, "sales.handed-over").flatMap((line) => {
		const act = onDay(line.says.handedOverOn)
		const paid = funds.flatMap((receipt): readonly Answer[] => {
			const [payment, refund] = receipt.events.map((key) => lineBy(view, key))
			if (payment === undefined) return []
			return [both(notAfter(whenOf(payment), act), refund === undefined ? "yes" : precedes(act, whenOf(refund)))]
		})
		return suspect({
			on: line.says.contractNo ?? line.key,
			since: startOfDay(line.says.handedOverOn),
			saidAt: line.time,
			if: no(either(...paid)),
			says: `${line.says.handedOverOn} 交房时未见首期维修资金缴存。解除所需: 补报当日已有的缴存,或更正交房,或登记员办结,或豁免 U4`,
			parts: [
				said(line, `${line.says.handedOverOn} 交房`),
				fact(
					true,
					funds.length === 0 ? "没有维修资金缴存" : "交房日没有有效的维修资金缴存",
					funds.flatMap((each) => each.events),
				),
			],
		})
	})
}

export const c38: FindingRule = {
	code: "C38",
	title: "未缴维修资金即交房",
	severity: "BLOCK",
	kind: "breach",
	responsible: "住房保障中心",
	basis: "住宅专项维修资金管理办法(第165号令)",
	reads: ["sales.handed-over", "tax.maintenance-fund-paid", "tax.maintenance-fund-refunded", "registrar.condition-waived"],
	parameters: [],
	example: "6 月 1 日交房,7 月 1 日才缴维修资金。",
	unit: judge,
}
