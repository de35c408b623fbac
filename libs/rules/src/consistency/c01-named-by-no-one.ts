import type { Building, Unit } from "@yima/lifecycle"
import { type EventKey, TYPE_NAMES } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { suspect } from "./suspect.ts"

const judge = (view: Unit | Building): readonly Suspicion[] => {
	const [first] = view.timeline.filter((each) => each.inheritedFrom === null && each.fact.force?.off !== true)
	if (first === undefined) return []
	// A unit leaves its parcel to its building, once that is named.
	const missing = view.unnamed.filter((code) => code.length === 24 || view.is === "building" || view.building === null || view.unnamed.includes(view.building))
	return missing.flatMap((code) => {
		const what = code.length === 24 ? "自然幢" : "宗地"
		return suspect({
			on: code,
			clearedBy:
				code.length === 24
					? { type: "survey.predicted", title: `报送载明自然幢 ${code} 的测绘成果`, responsible: "测绘单位" }
					: { type: "land.granted", title: `报送载明宗地 ${code} 的供地文件` },
			says: `${what} ${code} 从未被任何部门的事件载明,而其中的 ${view.code} 已有业务。解除所需: 载明该${what}的事件,或更正代码`,
			parts: [fact(true, `${view.code} 已有业务`, [first.key as EventKey], first.fact.time), fact(true, `没有载明 ${code} 的事件`, [], first.fact.time)],
		})
	})
}

export const c01: FindingRule = {
	code: "C01",
	title: "宗地或自然幢无人载明",
	severity: "BLOCK",
	kind: "contradiction",
	responsible: "自然资源和规划局",
	basis: "GB/T 37346—2019(条文待核实);本系统规则",
	reads: TYPE_NAMES,
	parameters: [],
	example: "住房保障中心为 1 幢 101 网签,而没有任何部门报过 1 幢。",
	unit: judge,
	building: judge,
}
