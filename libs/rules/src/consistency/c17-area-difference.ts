import { linesOf, type Unit } from "@yima/lifecycle"
import { fromHundredths, hundredths } from "@yima/schemas"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { handoverOf } from "../handover.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { isBeyond } from "./beyond.ts"
import { isAnew, reshapingOf } from "./reshaped.ts"
import { liveContracts } from "./sold.ts"
import { rowOf } from "./survey-row.ts"
import { filed, said, suspect } from "./suspect.ts"

const judge = (view: Unit, { ruleSet }: Scene): readonly Suspicion[] => {
	const reshaping = reshapingOf(view)
	return liveContracts(view).flatMap((contract) => {
		const row = rowOf(view, view.measuredBy)
		const measured = contract.areaBasis === "inside" ? row?.insideM2 : row?.areaM2
		const basis = contract.areaBasis === "inside" ? "套内面积" : "建筑面积"
		if (row === null || measured === null || measured === undefined) return []
		// A contract for one of two merged flats says nothing of the whole (C04).
		if (reshaping !== null && isAnew(view, reshaping, contract) === "no") return []
		const settled = linesOf(view.lines, "sales.area-settled").find((line) => isNumbered(line.says.contractNo, contract))
		const handover = handoverOf(view, contract)
		const difference = hundredths(measured) - hundredths(contract.areaM2)
		return suspect({
			on: contract.contractNo,
			...(handover === undefined ? {} : { severity: "BLOCK" as const }),
			says: `合同 ${contract.contractNo} 的${basis} ${contract.areaM2} ㎡,实测 ${measured} ㎡,相差 ${fromHundredths(difference)} ㎡,超过 ${ruleSet.areaTolerance}%${handover === undefined ? "" : ",已交房"}。解除所需: 面积差异结算`,
			parts: [
				filed(contract, `,${basis} ${contract.areaM2} ㎡`),
				fact(
					isBeyond(difference, hundredths(contract.areaM2), ruleSet.areaTolerance),
					`实测${basis} ${measured} ㎡,容差 ${ruleSet.areaTolerance}%`,
					[row.event],
					row.line.time,
				),
				fact(settled === undefined, settled === undefined ? "没有面积差异结算" : "已结算面积差异", [], row.line.time),
				...(handover === undefined ? [] : [said(handover, `${handover.says.handedOverOn} 交房`)]),
			],
		})
	})
}

export const c17: FindingRule = {
	code: "C17",
	title: "实测面积与合同面积相差超限",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "住房保障中心",
	basis: "商品房销售管理办法第20条",
	reads: [
		"survey.measured",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"sales.area-settled",
		"sales.handed-over",
		"registration.transferred",
	],
	parameters: ["areaTolerance"],
	example: "合同 100.00 ㎡,实测 103.01 ㎡,未结算。",
	clearedBy: { type: "sales.area-settled", title: "结算面积差异" },
	unit: judge,
}
