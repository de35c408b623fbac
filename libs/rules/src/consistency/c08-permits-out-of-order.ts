import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy, ownLines, type Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { both, exactly, precedes, whenOf } from "../when.ts"
import { day, said, suspect } from "./suspect.ts"

const judge = (view: Spatial): readonly Suspicion[] =>
	ownLines(view, "construction.presale-permitted").flatMap((line) => {
		const permits = (kind: string) => view.permits.filter((each) => each.kind === kind).map((each) => ({ no: each.permitNo, event: each.event, at: each.at }))
		const land = view.certificates.filter((each) => each.act === "land").map((each) => ({ no: each.certificateNo, event: each.event, at: each.at }))
		return [
			{ what: "建设工程规划许可", needed: permits("WORKS") },
			{ what: "施工许可", needed: permits("CONSTRUCTION") },
			{ what: "土地证", needed: land },
		].flatMap(({ what, needed }) => {
			const [first] = needed
			if (first === undefined) return []
			const late = needed.map((each) => {
				const its = lineBy(view, each.event)
				return precedes(whenOf(line), its === undefined ? exactly(each.at) : whenOf(its))
			})
			return suspect({
				on: `${line.says.permitNo} ${what}`,
				since: line.time,
				if: both(...late),
				says: `预售许可 ${line.says.permitNo} 于 ${day(line.time)} 核发,早于${what} ${first.no}(${day(first.at)})。解除所需: 更正或撤回,或登记员办结`,
				parts: [said(line, `${day(line.time)} 核发预售许可`), fact(true, `${what} ${first.no} 于 ${day(first.at)} 核发`, [first.event], first.at)],
			})
		})
	})

export const c08: FindingRule = {
	code: "C08",
	title: "预售许可早于建字、施工许可或土地证",
	severity: "BLOCK",
	kind: "breach",
	responsible: "住房保障中心",
	basis: "城市房地产管理法第45条",
	reads: ["construction.presale-permitted", "planning.works-permitted", "construction.permitted", "land.right-registered"],
	parameters: [],
	example: "3 月核发预售许可,4 月才核发施工许可。",
	unit: judge,
	building: judge,
	parcel: judge,
}
