import { concernHash, contentHash, covers, type FactSteps, factOf, type Hashed, pack, restore, type State, scopeHash } from "@yima/lifecycle"
import { restorePlaces } from "@yima/linking"
import type { ConcernRow, Link } from "@yima/registry"
import { type EventKey, type Known, type Scope, stepAt } from "@yima/schemas"
import { concernsAt, placesAt, type World } from "@yima/test-kit"

/** What a registry shows: links by event, concerns by scope and event. */
export interface Shown {
	readonly links: ReadonlyMap<EventKey, Pick<Link, "key" | "places">>
	readonly concerns: ReadonlyMap<string, Pick<ConcernRow, "scope" | "key" | "steps">>
}

/** What a registry answers, in the form in which the core's specification does (`pictureOf` of the kit). */
export const pictureAt = ({ concerns, links }: Shown, known: Known): unknown => {
	const states = new Map<Scope, Map<EventKey, FactSteps>>()
	const hashed = new Map<Scope, Hashed[]>()
	for (const { scope, key, steps } of concerns.values()) {
		const { facts, hashAt } = restore(steps)
		const state = states.get(scope) ?? new Map<EventKey, FactSteps>()
		state.set(key, facts)
		states.set(scope, state)
		const hash = hashAt(key, known)
		if (hash !== null) hashed.set(scope, [...(hashed.get(scope) ?? []), hash])
	}
	const own = new Map([...hashed].map(([scope, all]) => [scope, scopeHash(all)]))
	const hashes = [...own.keys()].sort().map((scope) => {
		const all = covers(scope, states as ReadonlyMap<Scope, State>, known)
		return [scope, contentHash(scope, new Map(all.flatMap((each) => (own.has(each) ? [[each, own.get(each) as string]] : []))))]
	})
	const places = [...links.values()]
		.sort((a, b) => (a.key < b.key ? -1 : 1))
		.flatMap(({ key, places: text }) => {
			const place = stepAt(restorePlaces(text), known)
			return place === undefined ? [] : [[key, place]]
		})
	return { hashes, places }
}

/** What is shown as known at one moment, cheaply compared: each place and each concern's hash. */
export const shownAt = ({ concerns, links }: Shown, known: Known): string =>
	JSON.stringify([
		[...links.values()]
			.map(({ key, places }) => [key, stepAt(restorePlaces(places), known)])
			.filter(([, place]) => place !== undefined)
			.sort(),
		[...concerns.values()]
			.map(({ scope, key, steps }) => [scope, key, restore(steps).hashAt(key, known)?.hash])
			.filter(([, , hash]) => hash !== undefined)
			.sort(),
	])

/** Where a registry and a specified world differ, one line each. */
export const differences = ({ concerns, links }: Shown, world: World): readonly string[] => {
	const LATEST = Number.MAX_SAFE_INTEGER as Known
	const specified = new Map<string, string>()
	for (const [key, place] of placesAt(world)) specified.set(key, JSON.stringify(place))
	for (const [scope, all] of concernsAt(world, LATEST))
		for (const concern of all) specified.set(`${scope} ${concern.event.key}`, JSON.stringify([concernHash(concern), pack(factOf(concern))]))
	const answered = new Map<string, string>()
	for (const { key, places } of links.values()) answered.set(key, JSON.stringify(stepAt(restorePlaces(places), LATEST)))
	for (const { scope, key, steps } of concerns.values()) {
		const last = (JSON.parse(steps) as readonly (readonly unknown[])[]).at(-1)
		if (last !== undefined && last.length > 1) answered.set(`${scope} ${key}`, JSON.stringify(last.slice(1)))
	}
	return [...new Set([...specified.keys(), ...answered.keys()])]
		.sort()
		.flatMap((each) => (specified.get(each) === answered.get(each) ? [] : [`${each}\n  specified: ${specified.get(each)}\n  answered:  ${answered.get(each)}`]))
}
