import { type Data, type Decimal, type EventKey, fromHundredths, hundredths, type Scope } from "@yima/schemas"
import type { Compact } from "./fact.ts"
import { absolute } from "./facts.ts"
import { type Line, last, linesOf } from "./line.ts"
import { type Edge, PARCEL_SUCCESSIONS } from "./lineage.ts"

/** One row of 楼盘表 as a unit sees itself in it. */
export type SurveyRow = Compact<Data["survey.measured"]["units"][number]>

/** What the surveys say of a unit. */
export interface Surveyed {
	readonly address: string | null
	readonly floor: string | null
	readonly room: string | null
	readonly use: string | null
	readonly predictedM2: Decimal | null
	readonly measuredM2: Decimal | null
	readonly insideM2: Decimal | null
	readonly sharedM2: Decimal | null
	readonly civilDefence: boolean | null
	/** The surveys that it rests on. */
	readonly predictedBy: EventKey | null
	readonly measuredBy: EventKey | null
}

interface Found {
	readonly line: Line<"survey.predicted"> | Line<"survey.measured">
	readonly row: Partial<SurveyRow>
}

/** The rows about a unit, under any of its codes. */
const rowsOf = (codes: readonly Scope[], lines: readonly Line[]): readonly Found[] =>
	linesOf(lines, "survey.predicted", "survey.measured").flatMap((line) =>
		codes.includes(line.from) && line.fact.reach !== "here" ? line.says.units.flatMap((row) => (row.code === "" ? [{ line, row }] : [])) : [],
	)

/** The predicted area of a merged unit: that of its predecessors together. */
const mergedM2 = (scope: Scope | undefined, lines: readonly Line[], edges: readonly Edge[]): Decimal | null => {
	const before = edges.filter((edge) => edge.to === scope && edge.kind === "MERGED")
	const areas = before.map((edge) => last(rowsOf([edge.from], lines).filter((each) => each.line.type === "survey.predicted"))?.row.areaM2)
	if (areas.length === 0 || areas.includes(undefined)) return null
	return fromHundredths(areas.reduce((total, each) => total + hundredths(each ?? ("0.00" as Decimal)), 0n))
}

/** The latest of each kind of survey; what a later one does not state, an earlier one has said. `codes`: the unit's, and its earlier ones. */
export const surveyed = (codes: readonly Scope[], lines: readonly Line[], edges: readonly Edge[]): Surveyed => {
	const own = rowsOf(codes, lines)
	const predicted = last(own.filter((each) => each.line.type === "survey.predicted"))
	const measured = last(own.filter((each) => each.line.type === "survey.measured"))
	const rows = [predicted?.row, measured?.row].filter((each) => each !== undefined)
	const latest = <K extends "address" | "floor" | "room" | "use" | "insideM2" | "sharedM2" | "civilDefence">(key: K) =>
		last(rows.flatMap((row) => row[key] ?? [])) ?? null
	return {
		address: latest("address") as string | null,
		floor: latest("floor") as string | null,
		room: latest("room") as string | null,
		use: latest("use") as string | null,
		predictedM2: predicted?.row.areaM2 ?? mergedM2(codes[0], lines, edges),
		measuredM2: measured?.row.areaM2 ?? null,
		insideM2: latest("insideM2") as Decimal | null,
		sharedM2: latest("sharedM2") as Decimal | null,
		civilDefence: latest("civilDefence") as boolean | null,
		predictedBy: predicted?.line.key ?? null,
		measuredBy: measured?.line.key ?? null,
	}
}

/** The units that a building's surveys list (楼盘表), under its own or its earlier codes; a unit that was carried over with its parcel by its new code. */
export const unitRoll = (codes: readonly Scope[], lines: readonly Line[]): readonly Scope[] => {
	const listed = linesOf(lines, "survey.predicted", "survey.measured").flatMap((line) =>
		codes.includes(line.from) ? line.says.units.map((row) => absolute(line.from, row.code)) : [],
	)
	const carried = new Map(
		linesOf(lines, ...PARCEL_SUCCESSIONS).flatMap((line) =>
			(line.says.units ?? []).map(({ from, to }) => [absolute(line.from, from), absolute(line.from, to)] as const),
		),
	)
	return [...new Set(listed.map((unit) => carried.get(unit) ?? unit))].sort()
}
