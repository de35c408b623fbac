import type { AnyEvent, Entry, EventKey, Known } from "@yima/schemas"
import { authority, type Rank } from "./authority.ts"
import { type Around, namedBy } from "./force.ts"
import { type Definition, idKey, meaning, type Resolve } from "./meaning.ts"
import { defining, type Settlement, settleAt, type View } from "./settle.ts"

type Recorded = Pick<Entry, "known" | "partition" | "offset">

/** Of two bodies under one identity the one with the least (known, partition, offset) stands (architecture rule 1). */
export const isEarlier = (a: Recorded, b: Recorded): boolean =>
	a.known !== b.known ? a.known < b.known : a.partition !== b.partition ? a.partition < b.partition : a.offset < b.offset

const push = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
	const list = map.get(key)
	if (list === undefined) map.set(key, [value])
	else list.push(value)
}

const aroundOf = (events: ReadonlyMap<EventKey, AnyEvent>): Around => {
	const corrections = new Map<EventKey, AnyEvent[]>()
	const named = new Map<EventKey, AnyEvent[]>()
	for (const event of events.values()) {
		if (event.corrects !== null) push(corrections, event.corrects, event)
		const key = namedBy(event)
		if (key !== null) push(named, key, event)
	}
	return {
		event: (key) => events.get(key),
		corrections: (key) => corrections.get(key) ?? [],
		retractions: (key) => (named.get(key) ?? []).filter((each) => each.type !== "registrar.resolved"),
		decisions: (key) => (named.get(key) ?? []).filter((each) => each.type === "registrar.resolved"),
	}
}

const lowestRank = (event: AnyEvent): Rank | null => {
	const ranks = event.mentions.flatMap((each) => (each.defines ? [authority[each.kind].rank] : []))
	return ranks.length === 0 ? null : (Math.min(...ranks) as Rank)
}

/** The body that stands under each identity. */
export const standing = (entries: Iterable<Entry>): ReadonlyMap<EventKey, Entry> => {
	const found = new Map<EventKey, Entry>()
	for (const entry of entries) {
		const other = found.get(entry.event.key)
		if (other === undefined || isEarlier(entry, other)) found.set(entry.event.key, entry)
	}
	return found
}

/**
 * The specification: places every event that is known at `known`, rank by rank, and answers one result for a set of
 * entries, whatever their order.
 */
export const placeAll = (entries: Iterable<Entry>, known: Known): ReadonlyMap<EventKey, Settlement> => {
	const learned = [...entries].filter((entry) => entry.known <= known)
	const events = new Map([...standing(learned)].map(([key, { event }]) => [key, event]))
	const definitions = new Map<string, Definition[]>()
	const resolve: Resolve = (id, time) => meaning(id, definitions.get(idKey(id)) ?? [], time)
	const view: View = { ...aroundOf(events), resolve }
	for (const rank of [1, 2, 3, 4, 5, 6] as const) {
		const found = [...events.values()].flatMap((event) => (lowestRank(event) === rank ? defining(event, view) : []))
		for (const each of found) push(definitions, idKey(each.id), each)
	}
	return new Map([...events].map(([key, event]) => [key, settleAt(event, view)]))
}
