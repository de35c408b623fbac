import { type Building, linesOf, takesIn } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { all, fact, type Proof } from "../proof.ts"

const isPermitted = ({ permits, lines }: Building): Proof => {
	const works = permits.filter((each) => each.kind === "WORKS")
	const held = works.find((each) => each.revokedAt === null && each.covers)
	const cure = { type: "planning.works-permitted", title: "核发建设工程规划许可证" } as const
	if (held !== undefined) {
		const acts = linesOf(lines, "planning.works-permitted", "planning.permit-amended").filter((line) => held.events.includes(line.key))
		return fact(true, `建设工程规划许可 ${held.permitNo} 包含本幢`, held.events, acts.at(-1)?.time ?? null)
	}
	const last = works.at(-1)
	return last === undefined
		? fact(false, "没有包含本幢的建设工程规划许可", [], null, cure)
		: fact(false, `建设工程规划许可 ${last.permitNo} ${last.revokedAt === null ? "已不包含本幢" : "已撤销"}`, last.events, last.revokedAt, cure)
}

const isVerified = ({ lines }: Building): Proof => {
	const last = linesOf(lines, "planning.verified").filter(takesIn).at(-1)
	const cure = { type: "planning.verified", title: "办理规划核实" } as const
	if (last === undefined) return fact(false, "未办理规划核实", [], null, cure)
	return last.says.passed
		? fact(true, `规划核实 ${last.says.verificationNo} 合格`, [last.key], last.time)
		: fact(false, `规划核实 ${last.says.verificationNo} 不合格`, [last.key], last.time, cure)
}

export const P3: ConditionRule = {
	id: "P3",
	title: "工程规划许可有效,规划核实合格",
	scope: "BUILDING",
	responsible: "自然资源和规划局",
	basis: "《城乡规划法》第四十五条;《河南省实施〈城乡规划法〉办法》第五十五条",
	remedy: "补办工程规划许可或规划核实;核实不合格的,整改后重新核实",
	reads: ["planning.works-permitted", "planning.permit-amended", "planning.permit-revoked", "planning.verified"],
	parameters: [],
	example: "配套设施缺失,规划核实不合格",
	missing: fact(false, "本单元不在任何已知的幢内", [], null, { type: "survey.predicted", title: "报送载明本幢的测绘成果", responsible: "测绘单位" }),
	after: [],
	building: (building) => all("规划已具备条件", [isPermitted(building), isVerified(building)]),
}
