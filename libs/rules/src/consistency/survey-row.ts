import { type Line, linesOf, type Unit } from "@yima/lifecycle"
import type { Decimal, EventKey } from "@yima/schemas"

/** One survey's row of the unit. */
export interface Row {
	readonly event: EventKey
	readonly line: Line<"survey.predicted"> | Line<"survey.measured">
	readonly areaM2: Decimal | null
	readonly insideM2: Decimal | null
	readonly sharedM2: Decimal | null
}

export const rowOf = (view: Unit, key: EventKey | null): Row | null => {
	const line = linesOf(view.lines, "survey.predicted", "survey.measured").find((each) => each.key === key)
	const row = line?.says.units.find((each) => each.code === "")
	if (line === undefined || row === undefined) return null
	const { areaM2 = null, insideM2 = null, sharedM2 = null } = row as { readonly areaM2?: Decimal; readonly insideM2?: Decimal; readonly sharedM2?: Decimal }
	return { event: line.key, line, areaM2, insideM2, sharedM2 }
}
