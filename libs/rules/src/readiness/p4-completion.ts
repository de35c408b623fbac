import { type Building, linesOf, takesIn } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { all, fact, type Proof } from "../proof.ts"

const isAccepted = ({ lines }: Building): Proof => {
	const last = linesOf(lines, "construction.acceptance-passed", "construction.acceptance-failed").filter(takesIn).at(-1)
	const cure = { type: "construction.acceptance-passed", title: "通过竣工联合验收" } as const
	if (last === undefined) return fact(false, "未通过联合验收", [], null, cure)
	return last.type === "construction.acceptance-passed"
		? fact(true, `联合验收 ${last.says.opinionNo} 通过`, [last.key], last.time)
		: fact(false, `联合验收 ${last.says.opinionNo} 未通过`, [last.key], last.time, cure)
}

const isFiled = ({ lines }: Building): Proof => {
	const filed = linesOf(lines, "construction.completion-filed").filter(takesIn).at(0)
	return filed === undefined
		? fact(false, "竣工验收未备案", [], null, { type: "construction.completion-filed", title: "办理竣工验收备案" })
		: fact(true, `竣工验收备案 ${filed.says.filingNo}`, [filed.key], filed.time)
}

export const P4: ConditionRule = {
	id: "P4",
	title: "联合验收通过,竣工验收已备案",
	scope: "BUILDING",
	responsible: "住房和城乡建设局",
	basis: "《建设工程质量管理条例》第十六条、第四十九条",
	remedy: "完成整改并重新验收,十五日内办理竣工备案",
	reads: ["construction.acceptance-passed", "construction.acceptance-failed", "construction.completion-filed"],
	parameters: [],
	example: "消防专项未过,联合验收不通过",
	missing: fact(false, "本单元不在任何已知的幢内", [], null, { type: "survey.predicted", title: "报送载明本幢的测绘成果", responsible: "测绘单位" }),
	after: ["P3"],
	building: (building) => all("竣工已具备条件", [isAccepted(building), isFiled(building)]),
}
