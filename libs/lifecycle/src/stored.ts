import { type Concern, type EventKey, type Known, mapSteps, type Steps, stepAt } from "@yima/schemas"
import { factOf } from "./facts.ts"
import { concernHash, type Hashed } from "./hash.ts"
import { type PackedFact, pack, unpack } from "./pack.ts"
import type { FactSteps } from "./state.ts"

/** One step as it is stored: since when it is known, the concern's hash and its fact; the moment alone where the scope has nothing of the event. */
type StoredStep = readonly [from: Known, hash: string, fact: PackedFact] | readonly [from: Known]

/** What one event is to one scope, as JSON: the form in which a state is kept, and read without any body. */
export const store = (concerns: Steps<readonly Concern[]>): string =>
	JSON.stringify(
		mapSteps(concerns, ([concern]) => {
			if (concern === undefined) return null
			const fact = factOf(concern)
			return [concernHash(concern, fact), pack(fact)] as const
		}).map(({ from, value }): StoredStep => (value === null ? [from] : [from, ...value])),
	)

/** What `store` wrote, read back. */
export interface Stored {
	readonly facts: FactSteps
	/** The hash of the concern as known at one moment; null: none. */
	readonly hashAt: (key: EventKey, known: Known) => Hashed | null
}

export const restore = (text: string): Stored => {
	const steps = JSON.parse(text) as readonly StoredStep[]
	const facts = steps.map(([from, , fact]) => ({ from, value: fact === undefined ? null : unpack(fact) }))
	const hashes = steps.map(([from, hash, fact]) => ({ from, value: hash === undefined || fact === undefined ? null : { hash, time: fact[1] } }))
	return {
		facts,
		hashAt: (key, known) => {
			const found = stepAt(hashes, known) ?? null
			return found === null ? null : { key, time: found.time as Hashed["time"], hash: found.hash }
		},
	}
}
