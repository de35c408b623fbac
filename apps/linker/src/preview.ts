import type { Registry } from "@yima/registry"
import { type Condition, type RuleSet, readinessOf } from "@yima/rules"
import type { Moment, Scope } from "@yima/schemas"
import { Judges } from "./judging.ts"
import { statesFor } from "./refresh.ts"
import { SLICE } from "./task.ts"

/** A unit of which another rule set would say something else. */
export interface Preview {
	readonly unit: Scope
	readonly before: boolean
	readonly after: boolean
	/** Conditions whose status would be another. */
	readonly conditions: readonly { readonly id: string; readonly title: string; readonly before: Condition["status"]; readonly after: Condition["status"] }[]
}

const readinessIn = (scope: Scope, judges: Judges) => {
	const unit = judges.unit(scope)
	return unit === null ? null : readinessOf(unit.own, unit.above)
}

/**
 * What would change if a rule set were in force at a moment (试算): every unit judged by what was adopted and by this one, in slices; nothing is
 * written. Answers how many units were looked at.
 */
export async function* previewRuleSet(ruleSet: RuleSet, asOf: Moment, registry: Pick<Registry, "below" | "load">): AsyncGenerator<Preview, number> {
	let seen = 0
	for (let after: Scope | null = null; ; ) {
		const scopes = await registry.below("registry", after, SLICE)
		const units = scopes.filter((each) => each.length === 28 && !each.startsWith("project:"))
		const states = await statesFor(units, registry)
		const [now, then] = [new Judges(states, asOf), new Judges(states, asOf, ruleSet)]
		for (const unit of units) {
			const [before, next] = [readinessIn(unit, now), readinessIn(unit, then)]
			if (before === null || next === null) continue
			seen++
			const conditions = before.conditions.flatMap(({ id, title, status }, n) => {
				const other = next.conditions[n]?.status ?? status
				return other === status ? [] : [{ id, title, before: status, after: other }]
			})
			if (conditions.length > 0 || before.ready !== next.ready) yield { unit, before: before.ready, after: next.ready, conditions }
		}
		const last = scopes.at(-1)
		if (scopes.length < SLICE || last === undefined) return seen
		after = last
	}
}
