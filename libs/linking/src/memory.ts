import type { AnyEvent, Entry, EventKey, Steps } from "@yima/schemas"
import { isEarlier } from "./batch.ts"
import { namedBy } from "./force.ts"
import { changedDefinitions, type Index, impact, lookAgain, type Settled, settle } from "./incremental.ts"
import { type Definition, idKey } from "./meaning.ts"

const NONE: readonly never[] = []

class Lists<K, V> {
	readonly #lists = new Map<K, Set<V>>()
	of(key: K): readonly V[] {
		const list = this.#lists.get(key)
		return list === undefined ? NONE : [...list]
	}
	add(key: K, value: V): void {
		const list = this.#lists.get(key)
		if (list === undefined) this.#lists.set(key, new Set([value]))
		else list.add(value)
	}
	remove(key: K, value: V): void {
		this.#lists.get(key)?.delete(value)
	}
}

/**
 * An index in memory, and the loop that keeps it settled: what the linker does, without a log, turns or a database.
 * Entries may come in any order, doubled, with rival bodies; the result is the same (architecture rule 2).
 */
export class MemoryIndex implements Index {
	readonly #entries = new Map<EventKey, Entry>()
	readonly #corrections = new Lists<EventKey, EventKey>()
	readonly #retractions = new Lists<EventKey, EventKey>()
	readonly #decisions = new Lists<EventKey, EventKey>()
	readonly #users = new Lists<string, EventKey>()
	readonly #definitions = new Map<string, Map<EventKey, Steps<readonly Definition[]>>>()
	readonly #settled = new Map<EventKey, Settled>()
	readonly #open = new Set<EventKey>()
	/** How many entries, lists and definitions have been read: settling one event must not read more as others grow. */
	reads = 0

	entry = (key: EventKey): Entry | undefined => this.#read(this.#entries.get(key))
	corrections = (key: EventKey): readonly EventKey[] => this.#read(this.#corrections.of(key))
	retractions = (key: EventKey): readonly EventKey[] => this.#read(this.#retractions.of(key))
	decisions = (key: EventKey): readonly EventKey[] => this.#read(this.#decisions.of(key))
	users = (id: string): readonly EventKey[] => this.#read(this.#users.of(id))
	settled = (key: EventKey): Settled | undefined => this.#settled.get(key)
	definitions = (id: string): readonly Steps<readonly Definition[]>[] => {
		const list = this.#definitions.get(id)
		if (list === undefined) return NONE
		this.reads += list.size
		return [...list.values()]
	}

	/** Takes an entry in; what it may change waits for `work`. */
	accept(entry: Entry): void {
		const { key } = entry.event
		const other = this.#entries.get(key)
		if (other !== undefined && !isEarlier(entry, other)) return
		if (other !== undefined) {
			for (const each of impact(key, this)) this.#open.add(each)
			this.#enter(other.event, "remove")
		}
		this.#entries.set(key, entry)
		this.#enter(entry.event, "add")
		for (const each of impact(key, this)) this.#open.add(each)
	}

	/** Settles until nothing is left to look at; `pick` chooses which of the open events comes next (tests take any). Answers the events that were looked at. */
	work(pick: (open: ReadonlySet<EventKey>) => EventKey | undefined = first): ReadonlySet<EventKey> {
		const settled = new Set<EventKey>()
		for (let key = pick(this.#open); key !== undefined; key = pick(this.#open)) {
			this.#open.delete(key)
			if (!this.#entries.has(key)) continue
			this.#settleOne(key)
			settled.add(key)
		}
		return settled
	}

	/** Everything that is settled, by event. */
	all(): ReadonlyMap<EventKey, Settled> {
		return this.#settled
	}

	#settleOne(key: EventKey): void {
		const before = this.#settled.get(key) ?? []
		const after = settle(key, this)
		this.#settled.set(key, after)
		const changed = changedDefinitions(before, after)
		if (changed.size === 0) return
		let alone = before.length === 0
		for (const [id, steps] of changed) {
			const list = this.#definitions.get(id)
			if (steps.length === 0) list?.delete(key)
			else if (list === undefined) this.#definitions.set(id, new Map([[key, steps]]))
			else list.set(key, steps)
			alone &&= (list === undefined || list.size === 1) && steps.every((step) => step.value.length === 1)
		}
		for (const each of lookAgain(changed.keys(), this)) this.#open.add(each)
		// An event that is the first to define, and the only one, has seen all that it would see on a second look.
		if (alone) this.#open.delete(key)
	}

	#enter(event: AnyEvent, how: "add" | "remove"): void {
		if (event.corrects !== null) this.#corrections[how](event.corrects, event.key)
		const named = namedBy(event)
		if (named !== null) (event.type === "registrar.resolved" ? this.#decisions : this.#retractions)[how](named, event.key)
		for (const mention of event.mentions) this.#users[how](idKey(mention), event.key)
	}

	#read<A>(value: A): A {
		this.reads++
		return value
	}
}

const first = (open: ReadonlySet<EventKey>): EventKey | undefined => open.values().next().value
