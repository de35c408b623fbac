import { type Stage, stageOf, type Unit } from "@yima/lifecycle"
import type { Scope } from "@yima/schemas"
import type { ConditionId } from "./condition.ts"
import { isSold } from "./contract-of.ts"
import type { Judgement } from "./judgement.ts"
import { CONDITION_RULES } from "./readiness/list.ts"
import { missingOf } from "./readiness.ts"

/** What is kept of a judgement for lists and roll-ups: nothing that its proofs would say. */
export interface Summary {
	/** Parts of conditions that do not hold, waived or not; above units, those that bind what is below. */
	readonly unmet: readonly ConditionId[]
	/** Conditions that it waives for itself and all below. */
	readonly waived: readonly ConditionId[]
	/** Conditions that are not asked. */
	readonly idle: readonly ConditionId[]
	/** Codes of its findings that block. */
	readonly blocks: readonly string[]
}

/** `stage`: as it is without readiness. */
export interface UnitSummary extends Summary {
	readonly stage: Stage | null
	readonly sold: boolean
	readonly project: Scope | null
}

/** Conditions that each unit decides alone, whatever stands above it. */
const ALONE: ReadonlySet<ConditionId> = new Set(CONDITION_RULES.flatMap((rule) => (rule.alone === true ? [rule.id] : [])))

export const summaryOf = ({ view, parts, asked, waivers, findings }: Judgement): Summary => ({
	unmet: [...parts].flatMap(([id, proof]) => (proof.holds || (view.is !== "unit" && ALONE.has(id)) ? [] : [id])),
	waived: [...new Set(waivers.flatMap(({ id, proof }) => (proof.holds ? [id] : [])))],
	idle: [...asked].flatMap(([id, proof]) => (proof.holds ? [] : [id])),
	blocks: [...new Set(findings.flatMap((each) => (each.severity === "BLOCK" ? [each.code] : [])))],
})

/** `above`: the judgements of `aboveUnit`. What a list does not find above the unit by its code alone is kept with it. */
export const unitSummaryOf = (judgement: Judgement<Unit>, above: readonly Judgement[]): UnitSummary => {
	const own = summaryOf(judgement)
	const further = judgement.view.building === null ? above.filter(({ view }) => view.is === "building").map(summaryOf) : []
	const missing = missingOf(above).filter((id) => !own.idle.includes(id))
	return {
		...own,
		unmet: [...new Set([...own.unmet, ...further.flatMap((each) => each.unmet), ...missing])],
		blocks: [...new Set([...own.blocks, ...further.flatMap((each) => each.blocks)])],
		stage: stageOf(judgement.view, false, judgement.scene.ruleSet.services).stage,
		sold: isSold(judgement.view).holds,
		project: judgement.view.project,
	}
}
