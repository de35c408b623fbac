import { absolute, linesOf, type Unit } from "@yima/lifecycle"
import type { BuildingCode, Scope } from "@yima/schemas"
import type { ConditionId, ConditionRule } from "./condition.ts"
import { isSold } from "./contract-of.ts"
import type { Finding } from "./finding.ts"
import type { Judgement, Waiver } from "./judgement.ts"
import { all, any, type Proof } from "./proof.ts"
import { CONDITION_RULES } from "./readiness/list.ts"
import { type Condition, decide } from "./verdict.ts"

/** 交房即交证 of one unit, with all that decides it. */
export interface Readiness {
	readonly ready: boolean
	readonly sold: boolean
	readonly ruleSet: string
	readonly conditions: readonly Condition[]
	/** The conditions that are not met. */
	readonly blocking: readonly Condition[]
	readonly blockingFindings: readonly Finding[]
}

/** A unit over several buildings lies in those that its first registration names (`semantics.md` §1). */
export const buildingsOf = (unit: Unit): readonly BuildingCode[] => {
	if (unit.building !== null) return [unit.building]
	if (!unit.code.startsWith("F9999", 19)) return []
	const named = linesOf(unit.lines, "registration.first-registered").flatMap((line) => (line.says.buildings ?? []).map((tail) => absolute(line.from, tail)))
	return [...new Set(named)] as BuildingCode[]
}

/** The scopes whose judgements a unit's readiness is put together of, beside its own. */
export const aboveUnit = (unit: Unit): readonly Scope[] => [...buildingsOf(unit), unit.parcel, ...(unit.project === null ? [] : [unit.project])]

const KINDS = { PROJECT: "project", PARCEL: "parcel", BUILDING: "building", UNIT: "unit" } as const

const isMissing = (rule: ConditionRule, above: readonly Judgement[]): boolean =>
	rule.missing !== undefined && !above.some(({ view }) => view.is === KINDS[rule.scope])

/** The conditions of which a unit has no scope that could decide them. */
export const missingOf = (above: readonly Judgement[]): readonly ConditionId[] => CONDITION_RULES.flatMap((rule) => (isMissing(rule, above) ? [rule.id] : []))

const partsOf = (rule: ConditionRule, judged: readonly Judgement[]): readonly Proof[] => [
	...(rule.missing !== undefined && isMissing(rule, judged) ? [rule.missing] : []),
	...judged.flatMap(({ parts }) => parts.get(rule.id) ?? []),
]

const met = (rule: ConditionRule, judged: readonly Judgement[]): Proof => {
	const parts = partsOf(rule, judged)
	const [only] = parts
	return parts.length === 1 && only !== undefined ? only : all(rule.title, parts)
}

const waived = (rule: ConditionRule, waivers: readonly Waiver[]): Proof | null => {
	const found = waivers.filter((each) => each.id === rule.id).map((each) => each.proof)
	return found.length === 0 ? null : any("豁免", found)
}

const conditionOf = (rule: ConditionRule, own: Judgement, judged: readonly Judgement[]): Condition =>
	decide(
		rule,
		{ asked: own.asked.get(rule.id) ?? null, met: met(rule, judged), waived: waived(rule, own.waivers) },
		own.scene.ruleSet.conditions[rule.id]?.responsible ?? rule.responsible,
	)

/** The conditions that a building, parcel or project decides. */
export const conditionsAt = (own: Judgement): readonly Condition[] =>
	CONDITION_RULES.flatMap((rule) => (own.parts.has(rule.id) ? [conditionOf(rule, own, [own])] : []))

/**
 * Whether a unit is ready: every condition met, waived or not asked, a contract by which it is sold, and no finding open that blocks, on it
 * or above it. `above`: the judgements of `aboveUnit`, those that there are.
 */
export const readinessOf = (own: Judgement<Unit>, above: readonly Judgement[]): Readiness => {
	const judged = [own, ...above]
	const conditions = CONDITION_RULES.map((rule) => conditionOf(rule, own, rule.alone === true ? [own] : judged))
	const blocking = conditions.filter((each) => each.status === "UNMET")
	const blockingFindings = judged.flatMap((each) => each.findings.filter(({ severity }) => severity === "BLOCK"))
	const sold = isSold(own.view).holds
	return {
		ready: sold && blocking.length === 0 && blockingFindings.length === 0,
		sold,
		ruleSet: own.scene.ruleSet.name,
		conditions,
		blocking,
		blockingFindings,
	}
}
