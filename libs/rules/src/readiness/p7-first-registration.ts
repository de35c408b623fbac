import { firstRegistrations, linesOf, type Unit } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { all, fact, type Proof } from "../proof.ts"
import type { Scene } from "../scene.ts"

const CURE = { type: "registration.first-registered", title: "办理首次登记" } as const

const isRegistered = ({ certificates }: Unit): Proof => {
	const [first] = firstRegistrations(certificates)
	if (first !== undefined) return fact(true, `首次登记 ${first.certificateNo}`, first.events, first.at)
	const ended = certificates.findLast((each) => each.act === "first")
	return ended === undefined ? fact(false, "未办理首次登记", [], null, CURE) : fact(false, `首次登记 ${ended.certificateNo} 已注销`, ended.events, null, CURE)
}

const withCommonParts = ({ lines, certificates }: Unit, { ruleSet }: Scene): readonly Proof[] => {
	if (!ruleSet.required.includes("common-parts")) return []
	const inForce = firstRegistrations(certificates).map((each) => each.event)
	const stated = linesOf(lines, "registration.first-registered").find((line) => inForce.includes(line.key) && (line.says.commonParts ?? []).length > 0)
	return [
		stated === undefined ? fact(false, "首次登记未记载业主共有部分", [], null, CURE) : fact(true, "首次登记记载了业主共有部分", [stated.key], stated.time),
	]
}

export const P7: ConditionRule = {
	id: "P7",
	title: "已办理首次登记",
	scope: "UNIT",
	responsible: "不动产登记中心",
	basis: "《不动产登记暂行条例》第十四条;《交房即交证实施方案》三(三)",
	remedy: "开发企业申请首次登记,登记中心登簿",
	reads: ["registration.first-registered", "registration.corrected", "registration.deregistered"],
	parameters: ["required"],
	example: "竣工备案后没有申请首次登记",
	neverWaived: true,
	after: ["P2", "P3", "P4", "P5"],
	unit: (unit, scene) => all("首次登记", [isRegistered(unit), ...withCommonParts(unit, scene)]),
}
