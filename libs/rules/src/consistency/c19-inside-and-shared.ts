import type { Unit } from "@yima/lifecycle"
import { fromHundredths, hundredths } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { magnitude } from "./beyond.ts"
import { rowOf } from "./survey-row.ts"
import { suspect } from "./suspect.ts"

const judge = (view: Unit): readonly Suspicion[] => {
	const row = rowOf(view, view.measuredBy ?? view.predictedBy)
	if (row === null || row.areaM2 === null || row.insideM2 === null || row.sharedM2 === null) return []
	const sum = hundredths(row.insideM2) + hundredths(row.sharedM2)
	return suspect({
		on: row.line.says.surveyNo,
		says: `测绘成果 ${row.line.says.surveyNo}: 套内 ${row.insideM2} + 分摊 ${row.sharedM2} = ${fromHundredths(sum)} ㎡,建筑面积却是 ${row.areaM2} ㎡。解除所需: 更正测绘成果`,
		parts: [
			fact(
				magnitude(sum - hundredths(row.areaM2)) > 1n,
				`套内 ${row.insideM2},分摊 ${row.sharedM2},建筑 ${row.areaM2},相差超过 0.01 ㎡`,
				[row.event],
				row.line.time,
			),
		],
	})
}

export const c19: FindingRule = {
	code: "C19",
	title: "套内与分摊之和不等于建筑面积",
	severity: "BLOCK",
	kind: "contradiction",
	responsible: "自然资源和规划局",
	basis: "房产测量规范 GB/T 17986.1—2000",
	reads: ["survey.predicted", "survey.measured"],
	parameters: [],
	example: "套内 80.00 + 分摊 20.00,建筑面积却写 101.00。",
	unit: judge,
}
