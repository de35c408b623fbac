import { at, concernHash, contentHash, covers, type FactSteps, factSteps, type States, scopeHash, type View } from "@yima/lifecycle"
import { concernsByScope, MemoryIndex, placeAll, type Settled, type Settlement, standing as standingByKey } from "@yima/linking"
import { type Concern, type Entry, type EventKey, type Known, type Moment, type Scope, stepAt } from "@yima/schemas"

/** Everything that is known of a set of entries: what linking decided, and the states that views read. */
export interface World {
	readonly settled: ReadonlyMap<EventKey, Settled>
	readonly states: States
	readonly latest: Known
}

const LATEST = Number.MAX_SAFE_INTEGER as Known

export const statesOf = (settled: ReadonlyMap<EventKey, Settled>): States => {
	const states = new Map<Scope, Map<EventKey, FactSteps>>()
	for (const [key, steps] of settled)
		for (const [scope, concerns] of concernsByScope(steps)) {
			const state = states.get(scope) ?? new Map<EventKey, FactSteps>()
			state.set(key, factSteps(concerns))
			states.set(scope, state)
		}
	return states
}

export const worldOf = (settled: ReadonlyMap<EventKey, Settled>): World => ({ settled, states: statesOf(settled), latest: LATEST })

/** How the incremental run takes its entries in: in which batches, and which open event it settles next. */
export interface Schedule {
	readonly batches: readonly (readonly Entry[])[]
	readonly pick?: (open: ReadonlySet<EventKey>) => EventKey | undefined
}

/** What the linker would have after these batches. */
export const incremental = ({ batches, pick }: Schedule): World => {
	const index = new MemoryIndex()
	for (const batch of batches) {
		for (const entry of batch) index.accept(entry)
		index.work(pick)
	}
	return worldOf(index.all())
}

/** The specification's result over what is known at `known`, as steps that begin there. */
export const batch = (entries: readonly Entry[], known: Known = LATEST): World =>
	worldOf(new Map([...placeAll(entries, known)].map(([key, value]): [EventKey, Settled] => [key, [{ from: 0 as Known, value }]])))

/** The moments of knowledge at which anything can change: each standing entry's. */
export const knownTimes = (entries: readonly Entry[]): readonly Known[] => [...new Set(entries.map((each) => each.known))].sort((a, b) => a - b)

/** The concerns of each scope as known at one moment. */
export const concernsAt = (world: World, known: Known): ReadonlyMap<Scope, readonly Concern[]> => {
	const found = new Map<Scope, Concern[]>()
	for (const steps of world.settled.values())
		for (const concern of stepAt(steps, known)?.concerns ?? []) found.set(concern.scope, [...(found.get(concern.scope) ?? []), concern])
	return found
}

/** `contentHash` of each scope that anything concerns. */
export const hashesAt = (world: World, known: Known = LATEST): ReadonlyMap<Scope, string> => {
	const own = new Map(
		[...concernsAt(world, known)].map(([scope, concerns]) => [
			scope,
			scopeHash(concerns.map((each) => ({ key: each.event.key, time: each.event.time, hash: concernHash(each) }))),
		]),
	)
	return new Map(
		[...own.keys()]
			.sort()
			.map((scope) => [
				scope,
				contentHash(scope, new Map(covers(scope, world.states, known).flatMap((each) => (own.has(each) ? [[each, own.get(each) as string]] : [])))),
			]),
	)
}

/** What is parked, dismissed or placed, as known at one moment. */
export const placesAt = (world: World, known: Known = LATEST): ReadonlyMap<EventKey, Settlement["place"]> =>
	new Map(
		[...world.settled]
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.flatMap(([key, steps]) => {
				const place = stepAt(steps, known)?.place
				return place === undefined ? [] : [[key, place] as const]
			}),
	)

/** One comparable picture of a whole world, as known at one moment. */
export const pictureOf = (world: World, known: Known = LATEST): unknown => ({ hashes: [...hashesAt(world, known)], places: [...placesAt(world, known)] })

export const viewAt = (world: World, scope: Scope, asOf: Moment, known: Known = LATEST): View | null => at(scope, world.states, asOf, known)

/** The entries whose bodies stand: one for each identity. */
export const standing = (entries: readonly Entry[]): readonly Entry[] => [...standingByKey(entries).values()]
