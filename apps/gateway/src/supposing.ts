import { restore, store } from "@yima/lifecycle"
import {
	concernsByScope,
	type Definition,
	definitionsBy,
	type Index,
	idKey,
	impact,
	lookAgain,
	namedBy,
	type Settled,
	scopeKey,
	settle,
	storePlaces,
} from "@yima/linking"
import type { ConcernRow, Link, NamedFilter, Recorded } from "@yima/registry"
import {
	type AnyEvent,
	decodeSealed,
	type Entry,
	type EventKey,
	equal,
	isRetracted,
	type Known,
	mapSteps,
	type Scope,
	type Steps,
	sameBody,
	stepAt,
	toCloudEvent,
} from "@yima/schemas"
import { Result } from "effect"
import type { Reads } from "./reading.ts"
import { refusal } from "./refusal.ts"

type Definitions = Steps<readonly Definition[]>

/** The most events that are looked at again for those that are supposed. */
const MOST_LOOKS = 2000

const setIn = <K, V>(map: Map<K, Set<V>>, key: K): Set<V> => {
	const found = map.get(key) ?? new Set<V>()
	map.set(key, found)
	return found
}

/**
 * The registry's index with events in it that nobody has sent. The core reads it as if all were there: what is not loaded yet answers
 * nothing, is noted, and the question is put again (`run`). Nothing of it is ever written.
 */
class SupposedIndex implements Index {
	readonly #reads: Reads
	readonly #entries = new Map<EventKey, Entry | null>()
	readonly #acts = new Map<EventKey, Set<string>>()
	readonly #users = new Map<string, Set<EventKey>>()
	readonly #definitions = new Map<string, Map<EventKey, Definitions>>()
	readonly #loaded = { acts: new Set<EventKey>(), users: new Set<string>(), definitions: new Set<string>() }
	readonly #missing = { entries: new Set<EventKey>(), acts: new Set<EventKey>(), users: new Set<string>(), definitions: new Set<string>() }
	#missed = false

	constructor(reads: Reads) {
		this.#reads = reads
	}

	entry = (key: EventKey): Entry | undefined => {
		const found = this.#entries.get(key)
		if (found === undefined) this.#miss(this.#missing.entries, key)
		return found ?? undefined
	}
	corrections = (key: EventKey): readonly EventKey[] => this.#actsOn(key, "corrects")
	retractions = (key: EventKey): readonly EventKey[] => this.#actsOn(key, "retracts")
	decisions = (key: EventKey): readonly EventKey[] => this.#actsOn(key, "decides")
	users = (id: string): readonly EventKey[] => {
		if (!this.#loaded.users.has(id)) this.#miss(this.#missing.users, id)
		return [...(this.#users.get(id) ?? [])]
	}
	definitions = (id: string): readonly Definitions[] => {
		if (!this.#loaded.definitions.has(id)) this.#miss(this.#missing.definitions, id)
		return [...(this.#definitions.get(id)?.values() ?? [])]
	}

	/** What one event makes of an identifier so far, as far as anybody has read it. */
	definedBy(key: EventKey, id: string): Definitions {
		return this.#definitions.get(id)?.get(key) ?? []
	}

	define(id: string, key: EventKey, steps: Definitions): void {
		const all = this.#definitions.get(id) ?? new Map<EventKey, Definitions>()
		if (steps.length === 0) all.delete(key)
		else all.set(key, steps)
		this.#definitions.set(id, all)
	}

	/** Takes in what is supposed. */
	put(entry: Entry): void {
		const { event } = entry
		this.#entries.set(event.key, entry)
		for (const mention of event.mentions) setIn(this.#users, idKey(mention)).add(event.key)
		if (event.corrects !== null) setIn(this.#acts, event.corrects).add(`corrects ${event.key}`)
		const named = namedBy(event)
		if (named !== null) setIn(this.#acts, named).add(`${event.type === "registrar.resolved" ? "decides" : "retracts"} ${event.key}`)
	}

	/** Asks until everything that the question reads is there. */
	async run<A>(question: () => A): Promise<A> {
		for (;;) {
			this.#missed = false
			const answer = question()
			if (!this.#missed) return answer
			await this.#load()
		}
	}

	/** Loads what settling these will read, for all of them together. */
	async prepare(keys: readonly EventKey[]): Promise<void> {
		const touch = (key: EventKey) => [this.entry(key), this.#actsOn(key, "corrects")] as const
		await this.run(() => keys.map(touch))
		await this.run(() => {
			for (const key of keys) for (const mention of this.entry(key)?.event.mentions ?? []) this.definitions(idKey(mention))
		})
	}

	#actsOn(key: EventKey, role: string): readonly EventKey[] {
		if (!this.#loaded.acts.has(key)) this.#miss(this.#missing.acts, key)
		return [...(this.#acts.get(key) ?? [])].flatMap((act) => (act.startsWith(`${role} `) ? [act.slice(role.length + 1) as EventKey] : []))
	}

	#miss<K>(missing: Set<K>, key: K): void {
		this.#missed = true
		missing.add(key)
	}

	async #load(): Promise<void> {
		const { entries, acts, users, definitions } = this.#missing
		const [keys, actKeys, userIds, ids] = [[...entries], [...acts], [...users], [...definitions]]
		for (const each of [entries, acts, users, definitions]) each.clear()
		for (const key of keys) this.#entries.set(key, null)
		if (keys.length > 0) for (const row of await this.#reads.events(keys)) this.#entries.set(row.key, entryOf(row))
		const named = [...userIds, ...actKeys.map((key) => `event ${key}`)]
		if (named.length > 0)
			for (const { id, key, role } of await this.#reads.mentions(named))
				if (role === "names") setIn(this.#users, id).add(key)
				else setIn(this.#acts, id.slice("event ".length) as EventKey).add(`${role} ${key}`)
		if (ids.length > 0)
			for (const row of await this.#reads.definitions(ids))
				if (this.#definitions.get(row.id)?.has(row.key) !== true) this.define(row.id, row.key, JSON.parse(row.definitions ?? "[]") as Definitions)
		for (const key of actKeys) this.#loaded.acts.add(key)
		for (const id of userIds) this.#loaded.users.add(id)
		for (const id of ids) this.#loaded.definitions.add(id)
	}
}

const entryOf = ({ key, known, partition, offset, body }: Recorded): Entry => {
	const read = decodeSealed(JSON.parse(body))
	if (Result.isFailure(read)) throw new Error(`history holds ${key} which cannot be read`)
	return { event: read.success, known, partition, offset }
}

/** What would stand otherwise if these events had been sent. */
export interface Supposed {
	readonly events: readonly AnyEvent[]
	readonly settled: ReadonlyMap<EventKey, Settled>
	readonly rows: ReadonlyMap<Scope, ReadonlyMap<EventKey, ConcernRow>>
	readonly links: ReadonlyMap<EventKey, Link>
}

/**
 * Places events by the real definitions and by each other's, with all that would stand otherwise for them: what is corrected, retracted or moved.
 * The same core as the linker's; what differs is that nothing is written. Known at the moment that the snapshot has reached.
 */
export const suppose = async (events: readonly AnyEvent[], reads: Reads): Promise<Supposed> => {
	const index = new SupposedIndex(reads)
	const known = reads.latest
	const standing = await index.run(() => events.map((event) => index.entry(event.key)))
	const added = new Map<EventKey, AnyEvent>()
	for (const [n, event] of events.entries()) {
		const other = standing[n]?.event ?? added.get(event.key)
		if (other === undefined) added.set(event.key, event)
		else if (!sameBody(other, event)) throw refusal("BAD_INPUT", `events[${n}] /id: 此 source 和 id 已有内容不同的事件;要改正请另发更正(corrects)`)
	}
	for (const event of added.values()) index.put({ event, known, partition: 0, offset: 0n })

	const open = new Set<EventKey>()
	for (const key of added.keys()) for (const each of await index.run(() => impact(key, index))) open.add(each)
	const settled = new Map<EventKey, Settled>()
	let looks = 0
	while (open.size > 0) {
		const keys = [...open]
		open.clear()
		await index.prepare(keys)
		for (const key of keys) {
			if (++looks > MOST_LOOKS) throw refusal("TOO_COMPLEX", `这些事件会牵动 ${MOST_LOOKS} 件以上的来文,无法试算;请分开试算`)
			const now = await index.run(() => settle(key, index))
			const event = index.entry(key)?.event
			if (event === undefined) continue
			settled.set(key, now)
			const definitions = definitionsBy(now)
			const changed = [...new Set(event.mentions.map(idKey))].filter((id) => !equal(index.definedBy(key, id), definitions.get(id) ?? []))
			for (const id of changed) index.define(id, key, definitions.get(id) ?? [])
			if (changed.length > 0) for (const each of await index.run(() => lookAgain(changed, index))) open.add(each)
		}
	}
	return { events: [...added.values()], settled, ...(await standingOf(settled, reads)) }
}

/** The rows of what was settled, those that it no longer has among them (`[]`). */
const standingOf = async (settled: ReadonlyMap<EventKey, Settled>, reads: Reads): Promise<Pick<Supposed, "rows" | "links">> => {
	const before = new Map((await reads.links([...settled.keys()])).map((link) => [link.key, link]))
	const rows = new Map<Scope, Map<EventKey, ConcernRow>>()
	const links = new Map<EventKey, Link>()
	const put = (scope: Scope, key: EventKey, steps: string) => {
		const at = rows.get(scope) ?? new Map<EventKey, ConcernRow>()
		at.set(key, { parcel: scopeKey(scope), scope, key, steps })
		rows.set(scope, at)
	}
	for (const [key, steps] of settled) {
		const concerns = concernsByScope(steps)
		for (const scope of before.get(key)?.scopes ?? []) put(scope, key, "[]")
		for (const [scope, of] of concerns) put(scope, key, store(of))
		const places = mapSteps(steps, ({ place }) => place)
		const last = places.at(-1)
		const parked = last?.value.is === "PARKED" ? { reason: last.value.reason, since: last.from } : null
		links.set(key, { key, version: 0, places: storePlaces(places), scopes: [...concerns.keys()], parked })
	}
	return { rows, links }
}

/** Whether some row of a scope names it, as `Snapshot.named` decides it. */
const names = (rows: Iterable<ConcernRow>, { asOf, knownAt }: NamedFilter): boolean =>
	[...rows].some(({ steps }) => {
		const fact = stepAt(restore(steps).facts, knownAt) ?? null
		const isAct = fact !== null && (isRetracted(fact.type) || fact.type === "registrar.resolved")
		return fact !== null && !isAct && fact.time <= asOf && fact.force?.off !== true && fact.reach !== "astray"
	})

/** A snapshot as it would be. Lists may still hold what would no longer be named: whoever looks at it sees nothing there. */
export const supposing = (reads: Reads, { events, rows, links }: Supposed): Reads => {
	const known: Known = reads.latest
	const bodies = new Map(
		events.map((event): [EventKey, Recorded] => [
			event.key,
			{ key: event.key, known, partition: 0, offset: 0n, type: event.type, time: event.time, body: JSON.stringify(toCloudEvent(event)) },
		]),
	)
	const merged = <K, V extends { readonly key: K }>(found: readonly V[], over: ReadonlyMap<K, V>, keys: readonly K[]): readonly V[] => [
		...found.filter(({ key }) => !over.has(key)),
		...keys.flatMap((key) => over.get(key) ?? []),
	]
	const extra = (filter: NamedFilter): readonly Scope[] =>
		[...rows].flatMap(([scope, all]) => {
			const lies = (places: readonly string[]) => places.some((place) => scope.startsWith(place))
			const isThere = scope !== "registry" && !scope.startsWith("project:") && scope.length === filter.length && lies(filter.inside) && !lies(filter.outside)
			return isThere && names(all.values(), filter) ? [scope] : []
		})
	return {
		watermark: reads.watermark,
		latest: reads.latest,
		next: reads.next,
		turns: reads.turns,
		// As it is now: what is supposed is judged anew, by whoever asks as of a moment.
		judged: reads.judged,
		concerns: async (scopes) => {
			const found = await reads.concerns(scopes)
			return [
				...found.filter(({ scope, key }) => rows.get(scope)?.has(key) !== true),
				...scopes.flatMap((scope) => [...(rows.get(scope)?.values() ?? [])].filter(({ steps }) => steps !== "[]")),
			]
		},
		events: async (keys) => merged(await reads.events(keys), bodies, keys),
		links: async (keys) => merged(await reads.links(keys), links, keys),
		mentions: reads.mentions,
		definitions: reads.definitions,
		projects: reads.projects,
		named: async (filter, after, limit) => {
			const page = await reads.named(filter, after, limit)
			const last = page.rows.at(-1)
			const further = extra(filter).filter((scope) => (after === null || scope > after) && !(page.isMore && last !== undefined && scope > last))
			const all = [...new Set([...page.rows, ...further])].sort()
			return { rows: all.slice(0, limit), isMore: page.isMore || all.length > limit }
		},
		countNamed: reads.countNamed,
		parked: reads.parked,
		rejected: reads.rejected,
		rejectedAt: reads.rejectedAt,
		rejectedOf: reads.rejectedOf,
		changes: reads.changes,
	}
}
