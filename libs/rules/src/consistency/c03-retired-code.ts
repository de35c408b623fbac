import { absolute, linesOf } from "@yima/lifecycle"
import { type EventKey, type Moment, parcelOfCode, TYPE_NAMES, type TypeName } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy, type Spatial } from "../own.ts"
import { any } from "../proof.ts"
import { precedes, whenOf } from "../when.ts"
import { day, said, suspect } from "./suspect.ts"

/** Acts that only end something may name the old or the new code; decisions use no code. */
const ENDING: ReadonlySet<TypeName> = new Set<TypeName>([
	"judicial.seizure-lifted",
	"finance.mortgage-discharged",
	"registration.priority-notice-deregistered",
	"registration.objection-lifted",
	"registration.residence-right-deregistered",
	"registration.deregistered",
	"registration.transfer-withdrawn",
	"registration.consent-withdrawn",
	"sales.contract-cancelled",
	"sales.invoice-voided",
	"tax.deed-tax-refunded",
	"tax.maintenance-fund-refunded",
	"planning.permit-revoked",
	"construction.permit-revoked",
	"construction.presale-revoked",
	"project.hold-lifted",
	"utility.account-closed",
	"registrar.finding-settled",
	"registrar.condition-waived",
])

const SUCCESSIONS = ["land.parcel-divided", "land.parcel-merged", "land.parcel-redrawn"] as const

const usedAfter = (view: Spatial): readonly Suspicion[] => {
	const goesOn = new Set(
		linesOf(view.lines, ...SUCCESSIONS).flatMap((line) => (line.says.to.some((to) => absolute(line.from, to) === view.code) ? line.key : [])),
	)
	const ends = view.successors.filter((edge) => !goesOn.has(edge.event)).map((edge) => ({ edge, line: lineBy(view, edge.event) }))
	const [end] = ends.flatMap(({ edge, line }) => (line === undefined ? [] : [{ edge, line }])).sort((a, b) => a.line.time - b.line.time)
	if (view.status !== "RETIRED" || end === undefined) return []
	const drew = new Set<EventKey>(view.successors.map((edge) => edge.event))
	const late = view.lines
		.filter((line) => line.from === view.code && !drew.has(line.key) && !ENDING.has(line.type))
		.map((line) => ({ line, after: precedes(whenOf(end.line), whenOf(line)) }))
		.filter((each) => each.after !== "no")
	const sure = late.filter((each) => each.after === "yes")
	const shown = sure.length > 0 ? sure : late
	if (shown.length === 0) return []
	return suspect({
		on: "灭失后使用",
		since: Math.min(...shown.map((each) => each.line.time)) as Moment,
		if: sure.length > 0 ? "yes" : "open",
		says: `代码 ${view.code} 已于 ${day(end.line.time)} 灭失,承继为 ${[...new Set(view.successors.map((edge) => edge.to))].join("、")},此后仍有 ${shown.length} 件业务用它。解除所需: 更正到承继的代码`,
		parts: [
			said(end.line, `${day(end.line.time)} 灭失`),
			any(
				"灭失后仍在使用",
				shown.map(({ line }) => said(line, `${day(line.time)} 的事件 ${line.key}`)),
			),
		],
	})
}

/** Its parcel is gone and nobody said what became of it. */
const leftBehind = (view: Spatial): readonly Suspicion[] => {
	if (view.is === "parcel" || view.successors.length > 0) return []
	const parcel = parcelOfCode(view.code)
	const gone = linesOf(view.lines, ...SUCCESSIONS).find(
		(line) => (line.fact.at ?? [line.from]).some((code) => code === parcel) && !line.says.to.some((to) => absolute(line.from, to) === parcel),
	)
	return gone === undefined
		? []
		: suspect({
				on: "无承继",
				says: `宗地 ${parcel} 已于 ${day(gone.time)} 灭失,其中的 ${view.code} 没有列明承继的代码。解除所需: 更正宗地变更,列明承继关系`,
				parts: [said(gone, `宗地 ${parcel} 变更为 ${gone.says.to.map((to) => absolute(gone.from, to)).join("、")},清单中没有 ${view.code}`)],
			})
}

const judge = (view: Spatial): readonly Suspicion[] => [...usedAfter(view), ...leftBehind(view)]

export const c03: FindingRule = {
	code: "C03",
	title: "灭失的代码仍在使用,或没有承继",
	severity: "BLOCK",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "GB/T 37346—2019(条文待核实);本系统规则(灭失的代码不再使用)",
	reads: TYPE_NAMES,
	parameters: [],
	onRetired: true,
	example: "宗地分割后,法院仍按旧户代码查封。",
	unit: judge,
	building: judge,
	parcel: judge,
}
