import type { Unit } from "@yima/lifecycle"
import { type EventKey, isProject, type Scope } from "@yima/schemas"
import type { ConditionId } from "./condition.ts"
import { isSold } from "./contract-of.ts"
import type { Judgement, Waiver } from "./judgement.ts"
import type { Proof } from "./proof.ts"
import { CONDITION_RULES } from "./readiness/list.ts"
import { missingOf } from "./readiness.ts"

/** What is kept of a judgement for lists and roll-ups: nothing that its proofs would say. */
export interface Summary {
	/** Parts of conditions that do not hold, waived or not. */
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
	/** Conditions that do not hold above it and do not reach it: a seizure of the parcel that was lifted for this flat. */
	readonly freed: readonly ConditionId[]
}

/** Conditions that each unit decides alone, by all that it sees above it. */
const ALONE: ReadonlySet<ConditionId> = new Set(CONDITION_RULES.flatMap((rule) => (rule.alone === true ? [rule.id] : [])))

/** The events for which something does not hold. */
const against = (proof: Proof | undefined): readonly EventKey[] =>
	proof === undefined || proof.holds ? [] : [...proof.evidence, ...proof.parts.flatMap(against)]

const waivedBy = (waivers: readonly Waiver[], isAsked: (from: Scope) => boolean): readonly ConditionId[] => [
	...new Set(waivers.flatMap(({ id, from, proof }) => (proof.holds && isAsked(from) ? [id] : []))),
]

export const summaryOf = ({ view, parts, asked, waivers, findings }: Judgement): Summary => ({
	unmet: [...parts].flatMap(([id, proof]) => (proof.holds ? [] : [id])),
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
	const listed = above.filter((each) => found.includes(each.view.code))
	const bound = new Map([...ALONE].map((id) => [id, listed.flatMap(({ parts }) => against(parts.get(id)))]))
	const isOwn = (id: ConditionId): boolean => {
		const events = bound.get(id)
		return events === undefined || against(judgement.parts.get(id)).some((event) => !events.includes(event))
	}
	return {
		...own,
		waived: waivedBy(judgement.waivers, (from) => !found.includes(from)),
		freed: [...bound].flatMap(([id, events]) => (events.length > 0 && judgement.parts.get(id)?.holds === true ? [id] : [])),
		unmet: [...new Set([...own.unmet.filter(isOwn), ...further.flatMap((each) => each.unmet.filter((id) => !ALONE.has(id))), ...missing])],
		blocks: [...new Set([...own.blocks, ...further.flatMap((each) => each.blocks)])],
		sold: isSold(view).holds,
		project: view.project,
	}
}
