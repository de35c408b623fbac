import { absolute, type Building, type Line, linesOf } from "@yima/lifecycle"
import { type Decimal, normalForm, type Scope } from "@yima/schemas"
import { isOwn } from "../own.ts"

/** One unit in a building's surveys. */
export interface RollRow {
	readonly code: Scope
	readonly areaM2: Decimal | null
	readonly predicted: readonly Scope[]
	readonly line: Line
}

/** 楼盘表 by kind of survey; of two rows for a unit the later counts. */
export const rollOf = (view: Building, type: "survey.predicted" | "survey.measured"): readonly RollRow[] => {
	const rows = new Map<Scope, RollRow>()
	for (const line of linesOf(view.lines, type)) {
		if (!isOwn(view, line.from)) continue
		for (const each of line.says.units) {
			const { code, areaM2 = null, predicted = [] } = each as { readonly code: string; readonly areaM2?: Decimal; readonly predicted?: readonly string[] }
			const unit = absolute(line.from, code)
			rows.set(unit, { code: unit, areaM2, predicted: predicted.map((from) => absolute(line.from, from)), line })
		}
	}
	return [...rows.values()]
}

/** Predicted units that no measured survey mentions; none while nothing is measured. */
export const orphansOf = (view: Building): readonly RollRow[] => {
	const measured = rollOf(view, "survey.measured")
	const mentioned = new Set(measured.flatMap((each) => [each.code, ...each.predicted]))
	return measured.length === 0 ? [] : rollOf(view, "survey.predicted").filter((each) => !mentioned.has(each.code))
}

/** What the building's works permit says of it, as amended. */
export const permittedOf = (
	view: Building,
): { readonly line: Line; readonly permitNo: string; readonly unitCount: number | null; readonly areaM2: Decimal | null } | null => {
	const inForce = new Set(view.permits.filter((each) => each.kind === "WORKS" && each.inForce).map((each) => normalForm(each.permitNo)))
	const found = linesOf(view.lines, "planning.works-permitted", "planning.permit-amended").flatMap((line) => {
		if (!isOwn(view, line.from) || !inForce.has(normalForm(line.says.permitNo))) return []
		const rows = (line.says.perBuilding ?? []) as readonly {
			readonly code?: string
			readonly label?: string
			readonly unitCount?: number
			readonly areaM2?: Decimal
		}[]
		const row = rows.find((each) =>
			each.code === undefined ? line.fact.reach !== "here" || each.label === view.label : absolute(line.from, each.code) === line.from,
		)
		return row === undefined ? [] : [{ line, permitNo: line.says.permitNo, unitCount: row.unitCount ?? null, areaM2: row.areaM2 ?? null }]
	})
	return found.at(-1) ?? null
}
