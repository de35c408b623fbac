import {
	type AnyEvent,
	type Concern,
	type Entry,
	type EventKey,
	equal,
	type Known,
	mapSteps,
	type Scope,
	type Steps,
	splitSteps,
	stepAt,
	steps,
} from "@yima/schemas"
import { type Around, namedBy, versionOf } from "./force.ts"
import { type Definition, idKey, issuedKey, type Meaning, meaning } from "./meaning.ts"
import { type Settlement, settleAt, type View } from "./settle.ts"

/** What the incremental linker reads: one event's own identifiers, family and decisions; each read is by key. */
export interface Index {
	readonly entry: (key: EventKey) => Entry | undefined
	readonly corrections: (key: EventKey) => readonly EventKey[]
	readonly retractions: (key: EventKey) => readonly EventKey[]
	readonly decisions: (key: EventKey) => readonly EventKey[]
	/** All definitions of one `idKey`, by the events that make them. */
	readonly definitions: (id: string) => Iterable<Steps<readonly Definition[]>>
	/** The events that mention one `idKey`. */
	readonly users: (id: string) => Iterable<EventKey>
}

/** What linking decides of one event, at every moment of knowledge. */
export type Settled = Steps<Settlement>

/** The events around one, whatever is known when; `visit` sees each entry that is read. */
const aroundOf = (index: Index, known: Known, visit: (entry: Entry) => void): Around => {
	const read = (key: EventKey): AnyEvent | undefined => {
		const entry = index.entry(key)
		if (entry === undefined) return undefined
		visit(entry)
		return entry.known <= known ? entry.event : undefined
	}
	const all = (keys: readonly EventKey[]) => keys.flatMap((key) => read(key) ?? [])
	return {
		event: read,
		corrections: (key) => all(index.corrections(key)),
		retractions: (key) => all(index.retractions(key)),
		decisions: (key) => all(index.decisions(key)),
	}
}

/**
 * Settles one event against an index: its place, concerns and definitions as step functions of knownAt, computed anew for
 * each recorded time at which something that it rests on begins or ends.
 */
export const settle = (key: EventKey, index: Index): Settled => {
	const own = index.entry(key)
	if (own === undefined) return []
	const when = new Set<Known>([own.known])
	const note = (known: Known) => {
		if (known > own.known) when.add(known)
	}
	const settleKnown = (known: Known): Settlement => {
		// Placing, straying and disputes ask for the same mentions.
		const meanings = new Map<string, Meaning>()
		const resolve: View["resolve"] = (id, time) => {
			const asked = issuedKey(id)
			const before = meanings.get(asked)
			if (before !== undefined) return before
			const found: Definition[] = []
			for (const each of index.definitions(idKey(id))) {
				for (const { from } of each) note(from)
				found.push(...(stepAt(each, known) ?? []))
			}
			const now = meaning(id, found, time)
			meanings.set(asked, now)
			return now
		}
		return settleAt(own.event, { ...aroundOf(index, known, (entry) => note(entry.known)), resolve })
	}
	// Reading at one moment shows what else is read at others: go on until no new moment turns up.
	const done = new Map<Known, Settlement>()
	for (let before = -1; before !== when.size; ) {
		before = when.size
		for (const known of when) if (!done.has(known)) done.set(known, settleKnown(known))
	}
	const [only] = done.values()
	if (done.size === 1 && only !== undefined) return [{ from: own.known, value: only }]
	return steps(when, (known) => done.get(known) ?? settleKnown(known), equal)
}

/** The version of an event that counts, as known at one moment. */
export const versionAt = (key: EventKey, index: Index, known: Known): EventKey | null => {
	const around = aroundOf(index, known, () => undefined)
	const event = around.event(key)
	return event === undefined ? null : (versionOf(event, around)?.key ?? null)
}

/** The events whose settling may differ once `key` is there or has another body: its family, the acts on it, and what it acts on. */
export const impact = (key: EventKey, index: Index): ReadonlySet<EventKey> => {
	const found = new Set<EventKey>()
	const open: EventKey[] = [key]
	for (let at = open.pop(); at !== undefined; at = open.pop()) {
		if (found.has(at)) continue
		found.add(at)
		const event = index.entry(at)?.event
		open.push(...index.corrections(at), ...index.retractions(at), ...index.decisions(at))
		if (event === undefined) continue
		if (event.corrects !== null) open.push(event.corrects)
		const named = namedBy(event)
		if (named !== null) open.push(named)
	}
	return found
}

/** The steps of what an event in its settled form makes of each identifier (`idKey`) that it defines. */
export const definitionsBy = (settled: Settled): ReadonlyMap<string, Steps<readonly Definition[]>> =>
	splitSteps(
		mapSteps(settled, (each) => each.definitions),
		(each) => idKey(each.id),
	)

const NOTHING: ReadonlyMap<string, Steps<readonly Definition[]>> = new Map()

/** The identifiers (`idKey`) whose definitions by one event differ once `before` has become `after`, with what the index keeps of them now. */
export const changedDefinitions = (before: Settled, after: Settled): ReadonlyMap<string, Steps<readonly Definition[]>> => {
	if ([before, after].every((settled) => settled.every(({ value }) => value.definitions.length === 0))) return NOTHING
	const [old, now] = [definitionsBy(before), definitionsBy(after)]
	const changed = new Map<string, Steps<readonly Definition[]>>()
	for (const [id, steps] of now) if (!equal(old.get(id), steps)) changed.set(id, steps)
	for (const id of old.keys()) if (!now.has(id)) changed.set(id, [])
	return changed
}

/** What each scope has of an event, at every moment of knowledge; an empty list: nothing, it was moved away or not known there yet. */
export const concernsByScope = (settled: Settled): ReadonlyMap<Scope, Steps<readonly Concern[]>> =>
	splitSteps(
		mapSteps(settled, (each) => each.concerns),
		(each) => each.scope,
	)

/** The retractions and decisions about an event, and those about these: they stand where it stands. */
const actsOn = (event: EventKey, index: Index, found: Set<EventKey>): void => {
	const open = [event]
	for (let key = open.pop(); key !== undefined; key = open.pop())
		for (const act of [...index.retractions(key), ...index.decisions(key)]) {
			if (found.has(act)) continue
			found.add(act)
			open.push(act)
		}
}

/** What to look at again once these identifiers are defined otherwise: their users, rivals among them, and the acts on these. */
export const lookAgain = (changed: Iterable<string>, index: Index): ReadonlySet<EventKey> => {
	const again = new Set<EventKey>()
	for (const id of changed) {
		for (const user of index.users(id)) {
			again.add(user)
			actsOn(user, index, again)
		}
	}
	return again
}
