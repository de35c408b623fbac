import { type Stage, stageOf, type Unit } from "@yima/lifecycle"
import type { Moment, Scope } from "@yima/schemas"
import type { ConditionId } from "./condition.ts"
import { isSold } from "./contract-of.ts"
import type { Judgement } from "./judgement.ts"
import { missingOf } from "./readiness.ts"

/** 电子台账: the acts that a project plans and reports. */
export const ACTS = ["COMPLETION", "ACCEPTANCE", "MEASURED_SURVEY", "FIRST_REGISTRATION", "HANDOVER"] as const
export type Act = (typeof ACTS)[number]

/** When a building or unit had each act first; absent: not yet. */
export type Acts = Readonly<Partial<Record<Act, Moment>>>

/** What a project's buildings and units have done, for what is decided of all of them together. */
export interface Members {
	readonly buildings: readonly { readonly code: Scope; readonly acts: Acts }[]
	readonly units: readonly { readonly code: Scope; readonly sold: boolean; readonly acts: Acts }[]
}

/** What is kept of a judgement for lists and roll-ups: nothing that its proofs would say. */
export interface Summary {
	/** Parts of conditions that do not hold, waived or not. */
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

export const summaryOf = ({ parts, asked, waivers, findings }: Judgement): Summary => ({
	unmet: [...parts].flatMap(([id, proof]) => (proof.holds ? [] : [id])),
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
