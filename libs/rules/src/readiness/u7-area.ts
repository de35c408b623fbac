import { linesOf, type SaleContract, type Unit } from "@yima/lifecycle"
import { type Decimal, hundredths } from "@yima/schemas"
import type { ConditionRule } from "../condition.ts"
import { aboutOf, liveOf, termOf } from "../contract-of.ts"
import { all, any, fact, type Proof } from "../proof.ts"
import type { Scene } from "../scene.ts"

const size = (value: bigint): bigint => (value < 0n ? -value : value)

/** Whether `actual` differs from `base` by no more than so many percent of `base`: exactly that is within. */
export const isWithin = (actual: Decimal, base: Decimal, percent: Decimal): boolean =>
	size(hundredths(actual) - hundredths(base)) * 10_000n <= hundredths(base) * hundredths(percent)

/** The measured area on the basis that the contract counts by; what was predicted measures nothing. */
export const measuredBy = (unit: Unit, { areaBasis }: SaleContract): Decimal | null => {
	if (areaBasis === "gross") return unit.area.measured
	const measured = linesOf(unit.lines, "survey.measured").find((line) => line.key === unit.measuredBy)
	return measured?.says.units.find((row) => row.code === "")?.insideM2 ?? null
}

const isMeasured = (unit: Unit): Proof =>
	unit.area.measured === null
		? fact(false, "没有实测面积", [], null, { type: "survey.measured", title: "完成实测绘", responsible: "测绘单位" })
		: fact(true, `实测面积 ${unit.area.measured} 平方米`, unit.measuredBy === null ? [] : [unit.measuredBy])

const agrees = (unit: Unit, live: SaleContract, { ruleSet }: Scene): Proof => {
	const measured = measuredBy(unit, live)
	const basis = live.areaBasis === "inside" ? "套内面积" : "建筑面积"
	const evidence = [...(unit.measuredBy === null ? [] : [unit.measuredBy]), termOf(unit, live, "areaM2").key]
	const settled = linesOf(aboutOf(unit, live), "sales.area-settled").at(-1)
	const within =
		measured === null
			? fact(false, `没有实测${basis}`, evidence)
			: fact(
					isWithin(measured, live.areaM2, ruleSet.areaTolerance),
					`实测${basis} ${measured},合同 ${live.areaM2},误差比限 ${ruleSet.areaTolerance}%`,
					evidence,
				)
	return any("面积差异在限内或已结算", [
		within,
		settled === undefined
			? fact(false, "面积差异未结算", [], null, { type: "sales.area-settled", title: "结算面积差异" })
			: fact(true, `面积差异已结算 ${settled.says.amountCny} 元`, [settled.key], settled.time),
	])
}

export const U7: ConditionRule = {
	id: "U7",
	title: "实测面积已出,差异在限内或已结算",
	scope: "UNIT",
	responsible: "开发企业",
	basis: "《商品房销售管理办法》第二十条",
	remedy: "完成实测;超出误差比的,双方按合同结算",
	reads: ["survey.measured", "sales.contract-filed", "sales.contract-amended", "sales.area-settled", "sales.contract-cancelled", "registration.transferred"],
	parameters: ["areaTolerance"],
	example: "实测比合同多百分之四,没有结算",
	after: ["P5"],
	unit: (unit, scene) => {
		const live = liveOf(unit)
		return all("面积", [isMeasured(unit), ...(live === null || unit.area.measured === null ? [] : [agrees(unit, live, scene)])])
	},
}
