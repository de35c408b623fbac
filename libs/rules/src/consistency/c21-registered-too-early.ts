import { linesOf, takesIn } from "@yima/lifecycle"
import type { FindingRule, Suspicion } from "../finding.ts"
import { ownLines, type Spatial } from "../own.ts"
import { both, precedes, whenOf } from "../when.ts"
import { day, said, suspect } from "./suspect.ts"

const judge = (view: Spatial): readonly Suspicion[] =>
	ownLines(view, "registration.first-registered").flatMap((act) => {
		const passed = linesOf(view.lines, "planning.verified").filter((line) => takesIn(line) && line.says.passed)
		return [
			{ what: "竣工备案", needed: linesOf(view.lines, "construction.completion-filed").filter(takesIn) },
			{ what: "规划核实", needed: passed },
		].flatMap(({ what, needed }) => {
			const [first] = needed
			if (first === undefined) return []
			return suspect({
				on: `${act.says.certificateNo} ${what}`,
				since: act.time,
				if: both(...needed.map((line) => precedes(whenOf(act), whenOf(line)))),
				says: `首次登记 ${act.says.certificateNo} ${day(act.time)} 登簿,早于${what}(${day(first.time)})。解除所需: 补报更早的${what},或更正、撤回该登记,或登记员办结`,
				parts: [said(act, `${day(act.time)} 首次登记`), said(first, `${day(first.time)} ${what}`)],
			})
		})
	})

export const c21: FindingRule = {
	code: "C21",
	title: "首次登记早于竣工备案或规划核实",
	severity: "BLOCK",
	kind: "breach",
	responsible: "不动产登记中心",
	basis: "河南省实施城乡规划法办法第55条、第76条",
	reads: ["registration.first-registered", "construction.completion-filed", "planning.verified"],
	parameters: [],
	example: "5 月首次登记,6 月才竣工备案。",
	unit: judge,
	building: judge,
	parcel: judge,
}
