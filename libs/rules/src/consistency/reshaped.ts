import { type Edge, type Line, linesOf, type SaleContract, type Unit } from "@yima/lifecycle"
import { isNumbered } from "../contract-of.ts"
import { lineBy } from "../own.ts"
import { type Answer, either, precedes, whenOf } from "../when.ts"

/** The measured survey by which a unit came of several predicted ones, or of a part of one. */
export interface Reshaping {
	readonly survey: Line
	readonly edges: readonly Edge[]
}

export const reshapingOf = (view: Unit): Reshaping | null => {
	const edges = view.predecessors.filter(({ kind, event }) => (kind === "MERGED" || kind === "DIVIDED") && lineBy(view, event)?.type === "survey.measured")
	const survey = lineBy(view, edges[0]?.event ?? null)
	return survey === undefined ? null : { survey, edges: edges.filter((edge) => edge.event === survey.key) }
}

/** A contract was amended or filed since: it speaks of the unit as measured. */
export const isAnew = (view: Unit, { survey }: Reshaping, contract: SaleContract): Answer =>
	either(
		...linesOf(view.lines, "sales.contract-filed", "sales.contract-amended")
			.filter((line) => isNumbered(line.says.contractNo, contract))
			.map((line) => precedes(whenOf(survey), whenOf(line))),
	)
