import { absolute, type Building, linesOf, type Unit } from "@yima/lifecycle"
import { type EventKey, type Moment, normalForm, type Scope } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn, lineBy, ownLines } from "../own.ts"
import { fact } from "../proof.ts"
import { orphansOf, permittedOf, rollOf } from "./roll.ts"
import { day, suspect } from "./suspect.ts"

interface Count {
	readonly what: string
	readonly count: number
	readonly events: readonly EventKey[]
	readonly since: Moment
}

/** Counts that must agree, group by group. */
const countsOf = (view: Building): readonly (readonly Count[])[] => {
	const rolls = (["survey.predicted", "survey.measured"] as const).flatMap((type): readonly Count[] => {
		const rows = rollOf(view, type)
		if (rows.length === 0) return []
		const lines = rows.map((each) => each.line)
		return [
			{
				what: type === "survey.predicted" ? "预测" : "实测",
				count: rows.length,
				events: [...new Set(lines.map((line) => line.key))],
				since: Math.max(...lines.map((line) => line.time)) as Moment,
			},
		]
	})
	const ended = new Set(linesOf(view.lines, "registration.deregistered").map((line) => normalForm(line.says.certificateNo)))
	const registrations = linesOf(view.lines, "registration.first-registered").filter(
		(line) => isOwn(view, line.from) && line.says.units !== undefined && !ended.has(normalForm(line.says.certificateNo)),
	)
	const units = new Set<Scope>(
		registrations.flatMap((line) => (line.says.units ?? []).map((unit) => absolute(line.from, unit)).filter((unit) => unit.startsWith(view.code))),
	)
	const registered =
		units.size === 0
			? []
			: [
					{
						what: "登记",
						count: units.size,
						events: registrations.map((line) => line.key),
						since: Math.max(...registrations.map((line) => line.time)) as Moment,
					},
				]
	const permit = permittedOf(view)
	const works =
		permit === null || permit.unitCount === null ? [] : [{ what: "规划许可", count: permit.unitCount, events: [permit.line.key], since: permit.line.time }]
	// A permit that lists units or buildings counts those of its list; one for the building as a whole counts the building's.
	const presale = ownLines(view, "construction.presale-permitted").flatMap((line) =>
		line.says.unitCount === undefined || line.says.units !== undefined || line.says.buildings !== undefined
			? []
			: [{ what: `预售许可 ${line.says.permitNo}`, count: line.says.unitCount, events: [line.key], since: line.time }],
	)
	const [predicted, measured] = (["预测", "实测"] as const).map((what) => rolls.filter((each) => each.what === what)) as [Count[], Count[]]
	const planned = [...works, ...presale, ...predicted]
	const built = [...measured, ...registered]
	// Once predicted units have been merged or divided on record, what is built is counted against what became of them.
	const [roll] = predicted
	const became = reshaped(view)
	return roll === undefined || measured.length === 0 || became === 0
		? [[...planned, ...built]]
		: [planned, [{ ...roll, what: "预测(按合并、分割计)", count: roll.count + became }, ...built]]
}

/** How many more units, or fewer, the recorded merges and divisions have made of the predicted ones. */
const reshaped = (view: Building): number => {
	const links = rollOf(view, "survey.measured").flatMap((each) => each.predicted.map((from) => ({ from, to: each.code })))
	return new Set(links.map((each) => each.to)).size - new Set(links.map((each) => each.from)).size
}

const ofBuilding = (view: Building): readonly Suspicion[] => {
	const counts = countsOf(view).find((group) => new Set(group.map((each) => each.count)).size > 1) ?? []
	const shown = counts.map((each) => `${each.what} ${each.count} 套`).join(",")
	const orphans = orphansOf(view)
	const measured = rollOf(view, "survey.measured")
	const since = Math.max(...[...measured, ...orphans].map((each) => each.line.time)) as Moment
	return [
		...(counts.length === 0
			? []
			: suspect({
					on: "套数",
					says: `本幢套数不一: ${shown}。解除所需: 更正其中不实的一方,或补报其余的户`,
					parts: counts.map((each) => fact(true, `${each.what} ${each.count} 套`, each.events, each.since)),
				})),
		...(orphans.length === 0
			? []
			: suspect({
					on: "孤户",
					says: `预测户 ${orphans.map((each) => each.code).join("、")} 没有对应的实测户。解除所需: 实测成果列明其去向`,
					parts: [
						fact(true, `实测 ${measured.length} 户,未提到这 ${orphans.length} 户`, [...new Set([...orphans, ...measured].map((each) => each.line.key))], since),
					],
				})),
	]
}

const ofUnit = (view: Unit): readonly Suspicion[] => {
	if (view.predictedBy !== null || view.measuredBy !== null || view.building === null || view.code.endsWith("0000")) return []
	return view.certificates
		.filter((each) => each.act === "first" && each.inForce && isOwn(view, each.scope))
		.flatMap((each) =>
			suspect({
				on: each.certificateNo,
				says: `首次登记 ${each.certificateNo} 的 ${view.code} 不在楼盘表中。解除所需: 补报测绘成果,或更正登记的代码`,
				parts: [fact(lineBy(view, each.event) !== undefined, `${day(each.at)} 首次登记,预测、实测楼盘表均无此户`, [each.event], each.at)],
			}),
		)
}

export const c34: FindingRule = {
	code: "C34",
	title: "楼盘表、许可与登记的户不一致",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "本系统规则",
	reads: [
		"survey.predicted",
		"survey.measured",
		"planning.works-permitted",
		"planning.permit-amended",
		"planning.permit-revoked",
		"construction.presale-permitted",
		"registration.first-registered",
		"registration.deregistered",
		"planning.permit-extended",
		"construction.started",
	],
	parameters: [],
	example: "规划许可 40 套,预测楼盘表 42 套。",
	building: ofBuilding,
	unit: ofUnit,
}
