import type { View } from "@yima/lifecycle"
import { type Scope, TYPE_NAMES } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { standsAt, straysOf } from "./led-astray.ts"
import { suspect } from "./suspect.ts"

const judge = (view: View): readonly Suspicion[] =>
	view.doubts.flatMap((doubt) => {
		const strays = straysOf(view, doubt)
		const isHere = doubt.fact.reach === "astray"
		if ((doubt.fact.astray ?? []).length === 0 || (!isHere && strays.length === 0)) return []
		const refs = (isHere ? (doubt.fact.astray ?? []) : strays).map((each) => `${each.kind} ${each.value}`).join("、")
		const codes: readonly Scope[] = isHere ? standsAt(doubt) : strays.flatMap((each) => each.codes)
		return suspect({
			on: doubt.event,
			says: isHere
				? `事件 ${doubt.event} 的 ${refs} 指向本处,事件却落在 ${codes.join("、")}。解除所需: 更正号码或代码,或人工挂接`
				: `事件 ${doubt.event} 落在本处,其 ${refs} 却指向 ${codes.join("、")}。解除所需: 更正号码或代码,或人工挂接`,
			parts: [fact(true, `${refs} 与所在不符`, [doubt.event], doubt.fact.time)],
		})
	})

export const l01: FindingRule = {
	code: "L01",
	title: "号码与代码指向不同的不动产",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "一码关联(本系统规则)",
	reads: TYPE_NAMES,
	parameters: [],
	onRetired: true,
	example: "完税证明写着 101 的代码,合同号却是 102 的。",
	unit: judge,
	building: judge,
	parcel: judge,
	project: judge,
}
