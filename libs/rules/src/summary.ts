import type { Unit } from "@yima/lifecycle"
import { isProject, type Scope } from "@yima/schemas"
import type { ConditionId } from "./condition.ts"
import { isSold } from "./contract-of.ts"
import type { Judgement, Waiver } from "./judgement.ts"
import { CONDITION_RULES } from "./readiness/list.ts"
import { missingOf } from "./readiness.ts"

/** What is kept of a judgement for lists and roll-ups: nothing that its proofs would say. */
export interface Summary {
	/** Parts of conditions that do not hold, waived or not; above units, those that bind what is below. */
	readonly unmet: readonly ConditionId[]
	/** Conditions that it waives for itself and all below: not those that a project waives, for below a parcel lie flats of other projects too. */
	readonly waived: readonly ConditionId[]
	/** Conditions that are not asked. */
	readonly idle: readonly ConditionId[]
	/** Codes of its findings that block. */
	readonly blocks: readonly string[]
}

export interface UnitSummary extends Summary {
	readonly sold: boolean
	readonly project: Scope | null
}

/** Conditions that each unit decides alone, whatever stands above it. */
const ALONE: ReadonlySet<ConditionId> = new Set(CONDITION_RULES.flatMap((rule) => (rule.alone === true ? [rule.id] : [])))

const waivedBy = (waivers: readonly Waiver[], isAsked: (from: Scope) => boolean): readonly ConditionId[] => [
	...new Set(waivers.flatMap(({ id, from, proof }) => (proof.holds && isAsked(from) ? [id] : []))),
]

export const summaryOf = ({ view, parts, asked, waivers, findings }: Judgement): Summary => ({
	unmet: [...parts].flatMap(([id, proof]) => (proof.holds || (view.is !== "unit" && ALONE.has(id)) ? [] : [id])),
	waived: waivedBy(waivers, (from) => from === view.code || !isProject(from)),
	idle: [...asked].flatMap(([id, proof]) => (proof.holds ? [] : [id])),
	blocks: [...new Set(findings.flatMap((each) => (each.severity === "BLOCK" ? [each.code] : [])))],
})

/** `above`: the judgements of `aboveUnit`. What a list finds above the unit by its code or project is left there, all else is kept with it. */
export const unitSummaryOf = (judgement: Judgement<Unit>, above: readonly Judgement[]): UnitSummary => {
	const own = summaryOf(judgement)
	const { view } = judgement
	const found: readonly (Scope | null)[] = [view.building, view.parcel, view.project]
	const further = view.building === null ? above.filter(({ view }) => view.is === "building").map(summaryOf) : []
	const missing = missingOf(above).filter((id) => !own.idle.includes(id))
	return {
		...own,
		waived: waivedBy(judgement.waivers, (from) => !found.includes(from)),
		unmet: [...new Set([...own.unmet, ...further.flatMap((each) => each.unmet), ...missing])],
		blocks: [...new Set([...own.blocks, ...further.flatMap((each) => each.blocks)])],
		sold: isSold(view).holds,
		project: view.project,
	}
}
