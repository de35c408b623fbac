import { type Line, linesOf, type SaleContract, type Unit } from "@yima/lifecycle"
import { normalForm, surelyBefore } from "@yima/schemas"
import type { ConditionRule } from "../condition.ts"
import { aboutOf, isNumbered, isSold, liveOf } from "../contract-of.ts"
import { any, fact } from "../proof.ts"

/** The applications for transfer that were not withdrawn, for this contract or for none that is named. */
export const applicationsFor = ({ lines }: Unit, contract: SaleContract): readonly Line<"registration.transfer-applied">[] =>
	linesOf(lines, "registration.transfer-applied").filter(
		(line) =>
			(line.says.contractNo === undefined ? line.time >= contract.filedAt : isNumbered(line.says.contractNo, contract)) &&
			!linesOf(lines, "registration.transfer-withdrawn").some(
				(each) => normalForm(each.says.applicationNo) === normalForm(line.says.applicationNo) && !surelyBefore(each, line),
			),
	)

export const U8: ConditionRule = {
	id: "U8",
	title: "转移登记申请表已盖章或已受理",
	scope: "UNIT",
	responsible: "开发企业",
	basis: "《交房即交证实施方案》三(三)",
	remedy: "开发企业在转移登记申请表上盖章",
	reads: [
		"sales.application-stamped",
		"registration.transfer-applied",
		"registration.transfer-withdrawn",
		"sales.contract-filed",
		"sales.contract-cancelled",
		"sales.contract-amended",
		"registration.transferred",
	],
	parameters: [],
	example: "开发企业停业,没有人盖章",
	after: ["U1"],
	applies: isSold,
	unit: (unit) => {
		const live = liveOf(unit)
		if (live === null) return isSold(unit)
		const stamped = linesOf(aboutOf(unit, live), "sales.application-stamped").at(0)
		const applied = applicationsFor(unit, live).at(0)
		return any("申请已备", [
			stamped === undefined
				? fact(false, `合同 ${live.contractNo} 的申请表未盖章`, [], null, { type: "sales.application-stamped", title: "在转移登记申请表上盖章" })
				: fact(true, "申请表已盖章", [stamped.key], stamped.time),
			...(applied === undefined ? [] : [fact(true, `转移登记已受理 ${applied.says.applicationNo}`, [applied.key], applied.time)]),
		])
	},
}
