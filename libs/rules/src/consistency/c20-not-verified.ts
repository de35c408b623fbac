import { type Line, linesOf, takesIn } from "@yima/lifecycle"
import { inOrder } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { ownLines, type Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { type Answer, notAfter, whenOf } from "../when.ts"
import { day, said, suspect } from "./suspect.ts"

/** Whether the latest verification by then had passed; on the day itself it may be open which was the latest. */
export const verifiedBy = (view: Spatial, act: Line): { readonly passed: Answer; readonly latest: Line<"planning.verified"> | undefined } => {
	const all = linesOf(view.lines, "planning.verified").filter(takesIn)
	const known = (answer: Answer) => all.filter((line) => notAfter(whenOf(line), whenOf(act)) === answer).sort(inOrder)
	const latest = known("yes").at(-1)
	const [sure, ...maybe] = [latest?.says.passed ?? false, ...known("open").map((line) => line.says.passed)]
	const passed = maybe.every((each) => each === sure) ? (sure ? "yes" : "no") : "open"
	return { passed, latest }
}

const judge = (view: Spatial): readonly Suspicion[] =>
	ownLines(view, "construction.completion-filed", "registration.first-registered").flatMap((act) => {
		const { passed, latest } = verifiedBy(view, act)
		const [what, no] = act.type === "construction.completion-filed" ? ["竣工备案", act.says.filingNo] : ["首次登记", act.says.certificateNo]
		return suspect({
			on: no,
			since: act.time,
			if: passed === "no" ? "yes" : passed === "yes" ? "no" : "open",
			says: `${what} ${no} ${day(act.time)} 办理时,${latest === undefined ? "没有规划核实" : `最近的规划核实 ${latest.says.verificationNo} 不合格`},依法应予撤销。解除所需: 补报当日已有的规划核实,或更正、撤回该${what},或登记员办结`,
			parts: [
				said(act, `${day(act.time)} ${what} ${no}`),
				latest === undefined
					? fact(true, "当时没有规划核实合格")
					: said(latest, `规划核实 ${latest.says.verificationNo} ${latest.says.passed ? "合格" : "不合格"}`),
			],
		})
	})

export const c20: FindingRule = {
	code: "C20",
	title: "未经规划核实即竣工备案或首次登记",
	severity: "BLOCK",
	kind: "breach",
	responsible: "自然资源和规划局",
	basis: "河南省实施城乡规划法办法第55条、第76条",
	reads: ["planning.verified", "construction.completion-filed", "registration.first-registered"],
	parameters: [],
	example: "规划核实不合格,仍办理竣工备案。",
	unit: judge,
	building: judge,
	parcel: judge,
}
