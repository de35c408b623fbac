import { linesOf, type View } from "@yima/lifecycle"
import { endOfDay, type Moment, type Scope } from "@yima/schemas"
import type { ConditionId, ConditionRule } from "./condition.ts"
import type { Finding } from "./finding.ts"
import { findings } from "./findings.ts"
import { fact, type Proof } from "./proof.ts"
import { CONDITION_RULES } from "./readiness/list.ts"
import type { RuleSet } from "./rule-set.ts"
import { type Scene, sceneOf } from "./scene.ts"

/** 条件豁免: who is responsible has let a condition go, here and below. */
export interface Waiver {
	readonly id: ConditionId
	/** Where it was said. */
	readonly from: Scope
	readonly proof: Proof
}

/** What one scope's own facts decide, as of two times. */
export interface Judgement<V extends View = View> {
	readonly view: V
	readonly scene: Scene
	/** The parts of conditions that the scope has, whether they hold. */
	readonly parts: ReadonlyMap<ConditionId, Proof>
	/** Conditions that its contract, or the want of one, puts aside. */
	readonly asked: ReadonlyMap<ConditionId, Proof>
	/** Its own and those above it. */
	readonly waivers: readonly Waiver[]
	readonly findings: readonly Finding[]
}

const isId = (text: string): text is ConditionId => CONDITION_RULES.some((rule) => rule.id === text)

const waiversIn = ({ lines }: View, { asOf }: Scene): readonly Waiver[] =>
	linesOf(lines, "registrar.condition-waived").flatMap(({ says, from, key, time }) => {
		const { condition, untilOn, reason } = says
		if (!isId(condition) || (untilOn !== undefined && endOfDay(untilOn) <= asOf)) return []
		const until = untilOn === undefined ? "" : `,至 ${untilOn}`
		const isVoid = CONDITION_RULES.some((rule) => rule.id === condition && rule.neverWaived)
		return [{ id: condition, from, proof: fact(!isVoid, isVoid ? `${condition} 不得豁免,此项豁免不生效` : `登记员已豁免${until}:${reason}`, [key], time) }]
	})

const partOf = (rule: ConditionRule, view: View, scene: Scene): Proof | undefined => {
	switch (view.is) {
		case "unit":
			return rule.unit?.(view, scene)
		case "building":
			return rule.building?.(view, scene)
		case "parcel":
			return rule.parcel?.(view, scene)
		case "project":
			return rule.project?.(view, scene)
		case "registry":
			return undefined
	}
}

const askedOf = (rule: ConditionRule, view: View, scene: Scene): Proof | undefined => {
	const { name, adopted, conditions } = scene.ruleSet
	if (conditions[rule.id]?.off === true) return fact(false, `规则集 ${name} 不要求此项`, adopted === null ? [] : [adopted.by], adopted?.since ?? null)
	return view.is === "unit" ? rule.applies?.(view, scene) : undefined
}

/** Judges a scope by its own facts, under the rule set that was in force at the moment, or another to try. */
export const judge = <V extends View>(view: V, asOf: Moment, ruleSet?: RuleSet): Judgement<V> => {
	const scene = sceneOf(view, asOf, ruleSet)
	const [parts, asked] = [new Map<ConditionId, Proof>(), new Map<ConditionId, Proof>()]
	for (const rule of CONDITION_RULES) {
		const question = askedOf(rule, view, scene)
		if (question !== undefined) asked.set(rule.id, question)
		if (question?.holds === false) continue
		const part = partOf(rule, view, scene)
		if (part !== undefined) parts.set(rule.id, part)
	}
	return { view, scene, parts, asked, waivers: waiversIn(view, scene), findings: findings(view, scene) }
}
