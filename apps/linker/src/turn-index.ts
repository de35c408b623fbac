import { type Definition, type Index, idKey, isEarlier, namedBy } from "@yima/linking"
import type { Link, Loaded, Mention, Recorded, Role, Wanted } from "@yima/registry"
import { type AnyEvent, decodeSealed, type Entry, type EventKey, type Steps } from "@yima/schemas"
import { Result } from "effect"

/** Rows under one id, by event: what was loaded, and on top of it what this turn has made of it (undefined: taken away). */
class Shelf<V> {
	isLoaded = false
	readonly #rows = new Map<EventKey, V | undefined>()
	set(key: EventKey, value: V | undefined): void {
		this.#rows.set(key, value)
	}
	/** What the turn has written stands. */
	fill(key: EventKey, value: V): void {
		if (!this.#rows.has(key)) this.#rows.set(key, value)
	}
	get(key: EventKey): V | undefined {
		return this.#rows.get(key)
	}
	*rows(): Iterable<[EventKey, V]> {
		for (const [key, value] of this.#rows) if (value !== undefined) yield [key, value]
	}
}

class Shelves<K, V> {
	readonly #all = new Map<K, Shelf<V>>()
	readonly missing = new Set<K>()
	at(id: K): Shelf<V> {
		const found = this.#all.get(id)
		if (found !== undefined) return found
		const shelf = new Shelf<V>()
		this.#all.set(id, shelf)
		return shelf
	}
	loaded(): void {
		for (const id of this.missing) this.at(id).isLoaded = true
		this.missing.clear()
	}
}

/** An entry with the log's own text, to be kept if another body takes its place. */
export interface Held {
	readonly entry: Entry
	readonly body: string
}

interface Act {
	readonly role: Role
	readonly partition: number
}

type Definitions = Steps<readonly Definition[]>

/** How an event names another: the role of its row. */
export const actsOf = (event: AnyEvent): readonly { readonly on: EventKey; readonly role: Role }[] => {
	const named = namedBy(event)
	return [
		...(event.corrects === null ? [] : [{ on: event.corrects, role: "corrects" as const }]),
		...(named === null ? [] : [{ on: named, role: event.type === "registrar.resolved" ? ("decides" as const) : ("retracts" as const) }]),
	]
}

/**
 * What one turn sees of the registry: read by key when it is asked for, with the turn's own changes on top. The core reads it as
 * if all were there; whoever asks for what is not loaded yet gets nothing, `attempt` says so, and the question is put again
 * after the next load. So a turn costs a few set-based reads, however many events it settles.
 */
export class TurnIndex implements Index {
	readonly #entries = new Map<EventKey, Held | null>()
	readonly #links = new Map<EventKey, Link | null>()
	readonly #acts = new Shelves<EventKey, Act>()
	readonly #definitions = new Shelves<string, Definitions>()
	readonly #users = new Shelves<string, number>()
	readonly #partitions = new Map<EventKey, number>()
	readonly #missingEntries = new Set<EventKey>()
	readonly #missingLinks = new Set<EventKey>()
	#missed = false
	/** What was read around: see `Crossing`. */
	readonly used = new Set<string>()
	readonly families = new Set<EventKey>()

	held(key: EventKey): Held | undefined {
		const found = this.#entries.get(key)
		if (found === undefined) {
			this.#miss(this.#missingEntries, key)
			// Read no later than the body: whoever puts another body in its place replaces the link too, and is noticed at the commit.
			if (!this.#links.has(key)) this.#missingLinks.add(key)
		}
		return found ?? undefined
	}
	entry = (key: EventKey): Entry | undefined => {
		this.families.add(key)
		return this.held(key)?.entry
	}
	corrections = (key: EventKey): readonly EventKey[] => this.#actsBy(key, "corrects")
	retractions = (key: EventKey): readonly EventKey[] => this.#actsBy(key, "retracts")
	decisions = (key: EventKey): readonly EventKey[] => this.#actsBy(key, "decides")
	definitions = (id: string): Iterable<Definitions> => {
		this.used.add(id)
		return [...this.#read(this.#definitions, id).rows()].map(([, steps]) => steps)
	}
	users = (id: string): Iterable<EventKey> => [...this.#read(this.#users, id).rows()].map(([key]) => key)

	/** What one event makes of an identifier so far. */
	definitionsBy(id: string, key: EventKey): Definitions | undefined {
		return this.#read(this.#definitions, id).get(key)
	}
	/** The same as far as this turn has read or written it. */
	defined(id: string, key: EventKey): Definitions | undefined {
		return this.#definitions.at(id).get(key)
	}
	link(key: EventKey): Link | null {
		const found = this.#links.get(key)
		if (found === undefined) this.#miss(this.#missingLinks, key)
		return found ?? null
	}
	/** The partition of an event that some shelf names: whose owner settles it. */
	partitionOf(key: EventKey): number | undefined {
		return this.#entries.get(key)?.entry.partition ?? this.#partitions.get(key)
	}
	/** How many events define an identifier. */
	definers(id: string): number {
		return [...this.#definitions.at(id).rows()].length
	}

	put(held: Held): void {
		this.#entries.set(held.entry.event.key, held)
	}
	/** Puts an event's names and acts on their shelves, or takes them off. */
	shelve(event: AnyEvent, partition: number, how: "put" | "take"): void {
		for (const mention of event.mentions) this.#users.at(idKey(mention)).set(event.key, how === "put" ? partition : undefined)
		for (const { on, role } of actsOf(event)) this.#acts.at(on).set(`${role} ${event.key}` as EventKey, how === "put" ? { role, partition } : undefined)
	}
	define(id: string, key: EventKey, steps: Definitions): void {
		this.#definitions.at(id).set(key, steps)
	}

	/** Asks in advance for what settling an event as new will surely read. */
	expect(event: AnyEvent): void {
		for (const key of [event.key, ...actsOf(event).map(({ on }) => on)]) {
			this.held(key)
			this.#read(this.#acts, key)
		}
		this.link(event.key)
		for (const mention of event.mentions) {
			this.#read(this.#definitions, idKey(mention))
			if (mention.defines) this.#read(this.#users, idKey(mention))
		}
	}

	/** Runs what reads; null: it asked for something that is not loaded yet, and what it answered is void. */
	attempt<A>(reading: () => A): A | null {
		this.#missed = false
		const answer = reading()
		return this.#missed ? null : answer
	}

	#miss<K>(missing: Set<K>, key: K): void {
		this.#missed = true
		missing.add(key)
	}

	#read<K, V>(shelves: Shelves<K, V>, id: K): Shelf<V> {
		const shelf = shelves.at(id)
		if (!shelf.isLoaded) this.#miss(shelves.missing, id)
		return shelf
	}

	/** Loads all that was asked for. */
	async load(from: (wanted: Wanted) => Promise<Loaded>): Promise<void> {
		const wanted = {
			entries: [...this.#missingEntries],
			acts: [...this.#acts.missing],
			definitions: [...this.#definitions.missing],
			users: [...this.#users.missing],
			links: [...this.#missingLinks],
		} satisfies Wanted
		const { entries, acts, definitions, users, links } = await from(wanted)
		for (const key of wanted.entries) this.#entries.set(key, null)
		for (const row of entries) this.#fillEntry(row)
		for (const key of wanted.links) this.#links.set(key, null)
		for (const row of links) this.#links.set(row.key, row)
		for (const row of acts) this.#acts.at(row.id.slice(6) as EventKey).fill(`${row.role} ${row.key}` as EventKey, row)
		for (const row of definitions) this.#definitions.at(row.id).fill(row.key, JSON.parse(row.definitions ?? "[]") as Definitions)
		for (const row of users) this.#users.at(row.id).fill(row.key, row.partition)
		for (const rows of [acts, definitions, users]) for (const row of rows) this.#notePartition(row)
		for (const shelves of [this.#acts, this.#definitions, this.#users]) shelves.loaded()
		this.#missingEntries.clear()
		this.#missingLinks.clear()
	}

	#fillEntry(row: Recorded): void {
		const held = { entry: entryOf(row), body: row.body }
		const other = this.#entries.get(row.key) ?? null
		if (other === null || isEarlier(held.entry, other.entry)) this.#entries.set(row.key, held)
	}

	#notePartition({ key, partition }: Mention): void {
		this.#partitions.set(key, partition)
	}

	#actsBy(key: EventKey, role: Role): readonly EventKey[] {
		this.families.add(key)
		return [...this.#read(this.#acts, key).rows()].flatMap(([by, act]) => (act.role === role ? [by.slice(role.length + 1) as EventKey] : []))
	}
}

/** An event as history holds it; what history holds was decoded before, so that it can be again. */
const entryOf = ({ key, known, partition, offset, body }: Recorded): Entry => {
	const decoded = decodeSealed(JSON.parse(body))
	if (Result.isFailure(decoded)) throw new Error(`history holds ${key} which cannot be read: ${JSON.stringify(decoded.failure)}`)
	return { event: decoded.success, known, partition, offset }
}
