import type { View } from "@yima/lifecycle"
import { TYPE_NAMES } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { disputedOf } from "./disputed.ts"
import { day, suspect } from "./suspect.ts"

const judge = (view: View): readonly Suspicion[] =>
	view.doubts.flatMap((doubt) =>
		disputedOf(view, doubt).flatMap((each) =>
			suspect({
				on: `${each.kind} ${each.value} ${doubt.event}`,
				says: `${each.kind} ${each.value} 被指为不同的不动产,本处是其中之一。解除所需: 更正其中误报的一方,或撤回`,
				parts: [fact(true, `${day(doubt.fact.time)} 的 ${doubt.event} 指为 ${view.code}`, [doubt.event], doubt.fact.time)],
			}),
		),
	)

export const l03: FindingRule = {
	code: "L03",
	title: "一个号码指向不同的不动产",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "一码关联(本系统规则)",
	reads: TYPE_NAMES,
	parameters: [],
	onRetired: true,
	example: "同一房屋编码在两份预测成果里对着不同的户。",
	unit: judge,
	building: judge,
	parcel: judge,
	project: judge,
}
