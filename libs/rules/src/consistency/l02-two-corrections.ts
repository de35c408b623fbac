import type { View } from "@yima/lifecycle"
import { TYPE_NAMES } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { suspect } from "./suspect.ts"

const judge = (view: View): readonly Suspicion[] =>
	view.doubts.flatMap((doubt) => {
		const rivals = doubt.fact.force?.rivals ?? []
		return rivals.length === 0
			? []
			: suspect({
					on: doubt.event,
					says: `事件 ${doubt.event} 有多个更正并存: ${rivals.join("、")},现以最后一个为准。解除所需: 更正其余更正,或撤回`,
					parts: [fact(true, `另有未被取代的 ${rivals.join("、")}`, [doubt.event], doubt.fact.time)],
				})
	})

export const l02: FindingRule = {
	code: "L02",
	title: "一个事件有多个更正并存",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "报送部门",
	basis: "本系统规则",
	reads: TYPE_NAMES,
	parameters: [],
	onRetired: true,
	example: "同一网签先后发来两个更正,都更正原件。",
	unit: judge,
	building: judge,
	parcel: judge,
	project: judge,
}
