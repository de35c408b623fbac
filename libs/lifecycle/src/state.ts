import { type Concern, type EventKey, equal, mapSteps, type Scope, type Steps } from "@yima/schemas"
import type { AnyFact } from "./fact.ts"
import { factOf } from "./facts.ts"

/** The steps of what one event says about one scope; null: nothing at that moment of knowledge. */
export type FactSteps = Steps<AnyFact | null>

/** The state of one scope (现势): each event that concerns it, with its steps. A changed event replaces its own entry. */
export type State = ReadonlyMap<EventKey, FactSteps>

/** The states that a view may read. */
export type States = ReadonlyMap<Scope, State>

/** The fact of a scope's concern, at every moment of knowledge. */
export const factSteps = (concerns: Steps<readonly Concern[]>): FactSteps => mapSteps(concerns, ([concern]) => (concern === undefined ? null : factOf(concern)))

/** Union. The same event with unequal steps is a broken invariant: whoever replaces an event's entry removes the old one first. */
export const join = (a: State, b: State): State => {
	const joined = new Map(a)
	for (const [key, steps] of b) {
		const other = joined.get(key)
		if (other !== undefined && !equal(other, steps)) throw new Error(`two different facts of ${key} in one scope`)
		joined.set(key, steps)
	}
	return joined
}
