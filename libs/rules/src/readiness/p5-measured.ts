import { absolute, type Building, linesOf, type Unit } from "@yima/lifecycle"
import type { Scope } from "@yima/schemas"
import type { ConditionRule } from "../condition.ts"
import { all, any, fact, type Proof } from "../proof.ts"
import type { Scene } from "../scene.ts"

const MEASURE = { type: "survey.measured", title: "完成实测绘" } as const

const isMeasured = (unit: Unit): Proof => {
	const measured = linesOf(unit.lines, "survey.measured").find((line) => line.key === unit.measuredBy)
	const as = unit.successors.filter((edge) => edge.kind === "MEASURED_AS")
	return any("已实测", [
		measured === undefined
			? fact(false, "实测绘没有这一户", [], null, MEASURE)
			: fact(true, `实测 ${measured.says.surveyNo}: ${unit.area.measured} 平方米`, [measured.key], measured.time),
		...as.map((edge) => fact(true, `预测户已实测为 ${edge.to}`, [edge.event], edge.at)),
	])
}

const isAccepted = (unit: Unit, { ruleSet }: Scene): readonly Proof[] => {
	if (!ruleSet.required.includes("survey-accepted")) return []
	const accepted = linesOf(unit.lines, "survey.accepted").at(-1)
	return [
		accepted === undefined
			? fact(false, "权籍调查成果未入库", [], null, { type: "survey.accepted", title: "权籍调查成果入库", responsible: "不动产登记中心" })
			: fact(true, `权籍调查成果 ${accepted.says.surveyNo} 已入库`, [accepted.key], accepted.time),
	]
}

/** 孤儿户: predicted units that no measured survey of their building mentions. Empty before the first measured survey. */
export const orphansOf = ({ lines }: Building): readonly Scope[] => {
	const measured = linesOf(lines, "survey.measured")
	if (measured.length === 0) return []
	const named = new Set(
		measured.flatMap((line) => line.says.units.flatMap((row) => [row.code, ...(row.predicted ?? [])].map((tail) => absolute(line.from, tail)))),
	)
	const predicted = linesOf(lines, "survey.predicted").flatMap((line) => line.says.units.map((row) => absolute(line.from, row.code)))
	return [...new Set(predicted)].filter((code) => !named.has(code)).sort()
}

const hasNoOrphan = (building: Building): Proof => {
	const measured = linesOf(building.lines, "survey.measured")
	const orphans = orphansOf(building)
	return orphans.length === 0
		? fact(
				true,
				"预测户都有实测结果",
				measured.map((line) => line.key),
				measured.at(-1)?.time ?? null,
			)
		: fact(
				false,
				`${orphans.length} 个预测户没有实测结果: ${orphans.slice(0, 5).join("、")}${orphans.length > 5 ? " 等" : ""}`,
				measured.map((line) => line.key),
				measured.at(-1)?.time ?? null,
				MEASURE,
			)
}

export const P5: ConditionRule = {
	id: "P5",
	title: "实测绘已覆盖,预测户全部落实",
	scope: "UNIT",
	responsible: "测绘单位",
	basis: "《房产测量规范》GB/T 17986.1;本系统规则",
	remedy: "提交实测成果,写明每一预测户的去向",
	reads: ["survey.predicted", "survey.measured", "survey.accepted"],
	parameters: ["required"],
	example: "两户打通后实测成果漏写其中一户",
	after: [],
	unit: (unit, scene) => all("实测已完成", [isMeasured(unit), ...isAccepted(unit, scene)]),
	building: hasNoOrphan,
}
