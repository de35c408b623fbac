import { type Line, linesOf, takesIn, type Unit } from "@yima/lifecycle"
import { startOfDay } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { ownLines } from "../own.ts"
import { fact } from "../proof.ts"
import { either, no, notAfter, onDay, whenOf } from "../when.ts"
import { day, said, suspect } from "./suspect.ts"

const judge = (view: Unit): readonly Suspicion[] =>
	ownLines(view, "sales.handed-over").flatMap((line) => {
		const filings: readonly Line<"construction.completion-filed">[] = linesOf(view.lines, "construction.completion-filed").filter(takesIn)
		const act = onDay(line.says.handedOverOn)
		const [first] = filings
		return suspect({
			on: line.says.contractNo ?? line.key,
			since: startOfDay(line.says.handedOverOn),
			saidAt: line.time,
			if: no(either(...filings.map((each) => notAfter(whenOf(each), act)))),
			says: `${line.says.handedOverOn} 交房,${first === undefined ? "没有竣工备案" : `早于竣工备案 ${first.says.filingNo}(${day(first.time)})`}。解除所需: 补报当日已有的竣工备案,或更正交房,或登记员办结`,
			parts: [
				said(line, `${line.says.handedOverOn} 交房`),
				first === undefined ? fact(true, "没有竣工备案") : said(first, `${day(first.time)} 竣工备案 ${first.says.filingNo}`),
			],
		})
	})

export const c42: FindingRule = {
	code: "C42",
	title: "交房早于竣工备案",
	severity: "BLOCK",
	kind: "breach",
	responsible: "住房和城乡建设局",
	basis: "城市房地产开发经营管理条例第17条",
	reads: ["sales.handed-over", "construction.completion-filed"],
	parameters: [],
	example: "6 月 1 日交房,7 月 1 日才竣工备案。",
	unit: judge,
}
