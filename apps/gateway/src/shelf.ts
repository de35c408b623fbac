import { at, contentHash, covers, type FactSteps, nextDue, reads, restore, type State, type States, type Stored, scopeHash, type View } from "@yima/lifecycle"
import type { ConcernRow } from "@yima/registry"
import { buildingOfCode, type EventKey, isProject, type Known, type Moment, parcelOfCode, type Scope } from "@yima/schemas"
import { LRUCache } from "lru-cache"
import { scopeOfAny } from "./codes.ts"
import type { Sight } from "./reading.ts"

/** Characters of stored facts that are kept. With the views and judgements made of them some 25 bytes of memory each: measured, 250 MB for ten million. */
const MOST = 5_000_000

/** The rows of a scope, read. */
interface Held {
	readonly state: State
	/** The hash of its own concerns, as known then. */
	readonly hash: (knownAt: Known) => string
	readonly rows: ReadonlyMap<EventKey, { readonly text: string; readonly stored: Stored }>
}

/** The states that the views of a scope are made of. */
type Sources = readonly (readonly [Scope, State])[]

/** A view, with all that it is made of. For which other moments it stands is found out when it is asked for again. */
interface Shown extends Sight {
	readonly code: Scope
	readonly view: View
	readonly of: Sources
	stands?: Standing
}

/** Until when time alone changes nothing, and since when nothing more was learned. */
interface Standing {
	readonly until: Moment | null
	readonly known: Known
}

/** What is read in the first statement. */
const startOf = (scope: Scope): readonly Scope[] =>
	isProject(scope) || scope === "registry"
		? [scope, "registry"]
		: [scope, buildingOfCode(scope), parcelOfCode(scope), "registry" as const].filter((each) => each !== null)

/** The hash of a scope that nothing concerns. */
const NOTHING = scopeHash([])

/** When something was last learned of these. */
const lastKnown = (states: readonly State[]): Known => {
	let last = 0
	for (const state of states) for (const steps of state.values()) last = Math.max(last, steps.at(-1)?.from ?? 0)
	return last as Known
}

/** Whether a view is the same at another moment, by all that was known at both. */
const stands = (shown: Shown, { asOf, knownAt }: Sight): boolean => {
	const { code, view, of } = shown
	shown.stands ??= { until: nextDue(scopeOfAny(code), new Map(of), shown.asOf, view), known: lastKnown(of.map(([, state]) => state)) }
	const { until, known } = shown.stands
	return shown.asOf <= asOf && (until === null || asOf < until) && Math.min(shown.knownAt, knownAt) >= known
}

const heldOf = (rows: Held["rows"]): Held => {
	const state: State = new Map([...rows].map(([key, { stored }]): [EventKey, FactSteps] => [key, stored.facts]))
	const last = lastKnown([state])
	let kept: { readonly known: Known; readonly hash: string } | null = null
	const hash = (knownAt: Known): string => {
		const known = Math.min(knownAt, last) as Known
		if (kept?.known !== known) kept = { known, hash: scopeHash([...rows].flatMap(([key, { stored }]) => stored.hashAt(key, known) ?? [])) }
		return kept.hash
	}
	return { state, hash, rows }
}

/**
 * What questions share: the flats of a building have what stands above them in common, and who looks at a flat asks about it more than once. Nothing
 * here can be out of date: rows come anew with each question and are known again by their text; a view is shown again only of the very states that it
 * was made of, at a moment up to which time alone does not change it (`nextDue`).
 */
export class Shelf {
	readonly #held = new LRUCache<Scope, Held>({
		maxSize: MOST,
		sizeCalculation: ({ rows }) => [...rows.values()].reduce((sum, { text }) => sum + text.length, 1),
	})
	/** Also of states that are no longer held: a question that has read them goes on with them. */
	readonly #hashOf = new WeakMap<State, Held["hash"]>()
	readonly #sources = new WeakMap<State, Sources>()
	readonly #shown = new WeakMap<State, Shown>()
	readonly #hashes = new WeakMap<Sources, { readonly known: Known; readonly hash: string }>()

	/** The facts of a scope by its rows. What reads as it did before is not read again; where all does, the state is the same object. */
	state(scope: Scope, rows: readonly ConcernRow[]): State {
		const known = this.#held.get(scope)
		if (known?.rows.size === rows.length && rows.every(({ key, steps }) => known.rows.get(key)?.text === steps)) return known.state
		const found = rows.map(({ key, steps }) => {
			const row = known?.rows.get(key)
			return [key, row?.text === steps ? row : { text: steps, stored: restore(steps) }] as const
		})
		const held = heldOf(new Map(found))
		this.#held.set(scope, held)
		this.#hashOf.set(held.state, held.hash)
		return held.state
	}

	/** The scopes that a view of this one may well read, by what was read for it and above it before: to be asked for in one go. */
	likely(scope: Scope): readonly Scope[] {
		return startOf(scope).flatMap((each) => {
			const held = this.#held.peek(each)
			return [each, ...(held === undefined ? [] : (this.#sources.get(held.state) ?? [])).map(([source]) => source)]
		})
	}

	/** The scopes whose states a view of this one reads, as far as they are there (`reads`). */
	sources(scope: Scope, states: States): readonly Scope[] {
		return this.#sourcesOf(scope, states)?.map(([source]) => source) ?? reads(scope, states)
	}

	/** The view of a code (`at`) by states that are all there. */
	view(code: Scope, states: States, sight: Sight): View | null {
		const scope = scopeOfAny(code)
		const own = states.get(scope)
		const of = this.#sourcesOf(scope, states)
		const known = own === undefined ? undefined : this.#shown.get(own)
		if (known?.code === code && known.of === of && stands(known, sight)) return known.view
		const view = at(code, states, sight.asOf, sight.knownAt)
		if (own !== undefined && of !== null && view !== null) this.#shown.set(own, { ...sight, code, view, of })
		return view
	}

	/** The hash of what a view covers (`semantics.md` §4), by states that are all there. */
	contentHash(scope: Scope, states: States, knownAt: Known): string {
		const of = this.#sourcesOf(scope, states)
		const known = Math.min(knownAt, lastKnown(of?.map(([, state]) => state) ?? [])) as Known
		const kept = of === null ? undefined : this.#hashes.get(of)
		if (kept?.known === known) return kept.hash
		const hashAt = (each: Scope) => {
			const state = states.get(each)
			return (state === undefined ? undefined : this.#hashOf.get(state))?.(known) ?? NOTHING
		}
		const hash = contentHash(scope, new Map(covers(scope, states, known).map((each) => [each, hashAt(each)])))
		if (of !== null) this.#hashes.set(of, { known, hash })
		return hash
	}

	/** The same list as long as it holds the same; null: some are not there yet. */
	#sourcesOf(scope: Scope, states: States): Sources | null {
		const own = states.get(scope)
		if (own === undefined) return null
		const known = this.#sources.get(own)
		if (known?.every(([source, state]) => states.get(source) === state)) return known
		const found = reads(scope, states).map((source) => [source, states.get(source)] as const)
		if (!found.every((each): each is readonly [Scope, State] => each[1] !== undefined)) return null
		this.#sources.set(own, found)
		return found
	}
}
