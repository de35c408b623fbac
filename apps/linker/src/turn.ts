import { store } from "@yima/lifecycle"
import {
	authority,
	concernsByScope,
	type Definition,
	definitionsBy,
	idKey,
	impact,
	isEarlier,
	logKey,
	lookAgain,
	restorePlaces,
	type Settled,
	scopeKey,
	settle,
	storePlaces,
} from "@yima/linking"
import type { LogRecord } from "@yima/log"
import type { ConcernRow, Derived, Link, Mail, Mention, Opening, Place, Recorded, Registry, Rejection, Unseen, Writes } from "@yima/registry"
import {
	type EventKey,
	equal,
	isProject,
	type Known,
	type Moment,
	mapSteps,
	type Scope,
	type Place as Stand,
	type Steps,
	sameBody,
	withinAny,
} from "@yima/schemas"
import { readRecord, recordedTime, unstorableRecord } from "./record.ts"
import { earlier, firsts, type Letter, Outbox, readLetter, SLICE, sliced, type Why, writeLetter } from "./task.ts"
import { actsOf, type Held, TurnIndex } from "./turn-index.ts"

/** What a turn works off: records of the log in order, letters that are due, and what others wrote unseen around the turn before. */
export interface Work {
	readonly partition: number
	readonly opening: Opening
	readonly incarnation: string
	readonly records: readonly LogRecord[]
	readonly unseen: Unseen
	/** Offsets of records that the registry could not store: they are kept as unreadable. */
	readonly unstorable?: ReadonlySet<bigint>
	/** The partition of a key. */
	readonly partitionOf: (key: string) => number
}

/** What an event was settled to last, and the link that stood before the turn. */
interface Look {
	readonly settled: Settled
	readonly before: Link | null
	/** The event because of which it was settled. */
	readonly by: EventKey
}

/** What of it is written. */
interface Outcome {
	readonly link: Link
	readonly concerns: readonly ConcernRow[]
	readonly derived: readonly Derived[]
	readonly by: EventKey
}

/** All that a turn writes but what has become of scopes. */
export type TurnWrites = Omit<Writes, "states" | "rulings" | "requests">

/** The most events that a turn settles again; the rest is left for a later turn. */
const MOST_LOOKS = 2000

const ZERO = 0 as Known

/** Behind all ranks: gives no number a meaning. */
const LAST = 7

/**
 * One turn of a partition's owner (一轮): takes records in, settles them and whatever they change, until nothing of this partition
 * is left to look at; what concerns other partitions' events is left for their owners. Reads what it needs, writes nothing: the
 * answer is one transaction's worth of rows, which `Registry.commit` writes or refuses as a whole.
 */
export const takeTurn = async (work: Work, registry: Pick<Registry, "load">): Promise<TurnWrites> => new Turn(work).run(registry)

class Turn {
	readonly #work: Work
	readonly #index = new TurnIndex()
	readonly #outbox = new Outbox()
	readonly #looks = new Map<EventKey, Why>()
	readonly #changes = new Map<string, Why>()
	readonly #families = new Map<EventKey, Why>()
	readonly #looked = new Map<EventKey, Look>()
	readonly #rejected: Rejection[] = []
	readonly #taken = new Map<EventKey, Held>()
	readonly #replaced: Held[] = []
	/** Definitions that differ now, by identifier. */
	readonly #changed = new Map<string, Set<EventKey>>()
	#count = 0
	#known: Known

	constructor(work: Work) {
		this.#work = work
		this.#known = work.opening.position?.known ?? ZERO
	}

	async run(registry: Pick<Registry, "load">): Promise<TurnWrites> {
		const { records, opening, unseen, unstorable } = this.#work
		const arrived: Held[] = []
		for (const record of records) {
			this.#known = recordedTime(this.#known, record.appendedAt)
			const read = unstorable?.has(record.offset) ? unstorableRecord(record, this.#known) : readRecord(record, this.#known)
			if (read.is === "rejected") this.#rejected.push(read.rejection)
			if (read.is === "event") arrived.push(read)
		}
		for (const { entry } of arrived) this.#index.expect(entry.event)
		for (const row of opening.mail) {
			const letter = readLetter(row.task)
			if ("look" in letter) for (const [key, by] of letter.look) this.#add(this.#looks, key, { by, from: row.from ?? this.#known, causes: [row.cause] })
		}
		const late: Why = { by: null, from: ((opening.position?.held ?? ZERO) + 1) as Known, causes: opening.position?.causes ?? [] }
		for (const id of unseen.ids) this.#add(this.#changes, id, late)
		for (const key of unseen.families) this.#add(this.#families, key, late)

		await this.#index.load(registry.load)
		for (const held of arrived) this.#accept(held)
		while (this.#pass()) await this.#index.load(registry.load)
		return this.#writes()
	}

	/** Takes every open task once; answers whether some wait for a load. */
	#pass(): boolean {
		let isOpen = true
		let waits = false
		while (isOpen) {
			isOpen = false
			waits = false
			this.#orderLooks()
			for (const [tasks, run] of [
				[this.#families, this.#family],
				[this.#changes, this.#change],
				[this.#looks, this.#look],
			] as readonly (readonly [Map<string, Why>, (what: never, why: Why) => (() => void) | null])[])
				for (const [what, why] of tasks) {
					const apply = this.#index.attempt(() => run(what as never, why))
					if (apply === null) waits = true
					else {
						tasks.delete(what)
						apply()
						isOpen = true
					}
				}
		}
		return waits
	}

	/** What gives numbers of low rank their meaning comes first: then most of what rests on it is settled once. */
	#orderLooks(): void {
		if (this.#looks.size < 2) return
		const ordered = [...this.#looks].sort(([a], [b]) => this.#rankOf(a) - this.#rankOf(b))
		this.#looks.clear()
		for (const [key, why] of ordered) this.#looks.set(key, why)
	}

	#rankOf(key: EventKey): number {
		const { event } = this.#taken.get(key)?.entry ?? {}
		return Math.min(LAST, ...(event?.mentions ?? []).flatMap((each) => (each.defines ? [authority[each.kind].rank] : [])))
	}

	#add<K>(tasks: Map<K, Why>, what: K, why: Why): void {
		const other = tasks.get(what)
		tasks.set(what, other === undefined ? why : earlier(why, other))
	}

	/** An event is to be settled again: here if it is this partition's and the turn is not too long, else by letter. */
	#again(key: EventKey, why: Why): void {
		const partition = this.#index.partitionOf(key)
		if (partition === undefined) return
		// What was taken in is settled in its own turn, however long that gets: at its link the owners of its rivals meet.
		const isNew = this.#taken.has(key) && !this.#looked.has(key)
		if (partition === this.#work.partition && (isNew || this.#count < MOST_LOOKS)) this.#add(this.#looks, key, why)
		else this.#outbox.add(partition, key, why)
	}

	/** The first of two equal bodies counts; of two different ones the earlier in the log's order stands, the other is a conflict (rule 1). */
	#accept(held: Held): void {
		const { event } = held.entry
		const other = this.#index.held(event.key)
		const why = { by: event.key, from: held.entry.known, causes: [placeOf(held)] }
		if (other !== undefined) {
			const isFirst = isEarlier(held.entry, other.entry)
			const isSame = sameBody(event, other.entry.event)
			if (!isSame) this.#rejected.push(conflict(isFirst ? other : held))
			if (!isFirst) return
			this.#index.shelve(other.entry.event, other.entry.partition, "take")
			for (const { on } of actsOf(other.entry.event)) this.#add(this.#families, on, why)
			const names = new Set(event.mentions.map(idKey))
			for (const id of other.entry.event.mentions.filter((each) => each.defines).map(idKey)) {
				if (names.has(id)) continue
				this.#define(id, event.key, [])
				this.#add(this.#changes, id, why)
			}
			this.#replaced.push(other)
		}
		this.#index.put(held)
		this.#index.shelve(event, this.#work.partition, "put")
		this.#taken.set(event.key, held)
		this.#add(this.#families, event.key, why)
	}

	readonly #family = (key: EventKey, why: Why): (() => void) => {
		const all = impact(key, this.#index)
		return () => {
			for (const each of all) this.#again(each, why)
		}
	}

	readonly #change = (id: string, why: Why): (() => void) => {
		const all = lookAgain([id], this.#index)
		return () => {
			for (const each of all) this.#again(each, why)
		}
	}

	readonly #look = (key: EventKey, why: Why): (() => void) => {
		const entry = this.#index.entry(key)
		if (entry === undefined) return () => undefined
		if (entry.partition !== this.#work.partition) return () => this.#outbox.add(entry.partition, key, why)
		const before = this.#index.link(key)
		const settled = settle(key, this.#index)
		const now = definitionsBy(settled)
		const ids = new Set([...now.keys(), ...entry.event.mentions.map(idKey)])
		const differing = [...ids].flatMap((id) => {
			const old = this.#index.definitionsBy(id, key)
			const steps = now.get(id) ?? []
			const from = differsFrom(old ?? [], steps)
			if (from === null) return []
			// An event that is the first to define, and the only one, has seen all that it would see on a second look.
			const isAlone = old === undefined && this.#index.definers(id) === 0 && steps.every((step) => step.value.length === 1)
			return [{ id, steps, from, isUsed: [...this.#index.users(id)].some((each) => !isAlone || each !== key) }]
		})
		return () => {
			this.#count++
			this.#looked.set(key, { settled, before, by: why.by ?? key })
			for (const { id, steps, from, isUsed } of differing) {
				this.#define(id, key, steps)
				if (isUsed) this.#add(this.#changes, id, { by: why.by, from, causes: why.causes })
			}
		}
	}

	#define(id: string, key: EventKey, steps: Steps<readonly Definition[]>): void {
		this.#index.define(id, key, steps)
		const by = this.#changed.get(id)
		if (by === undefined) this.#changed.set(id, new Set([key]))
		else by.add(key)
	}

	#outcome(key: EventKey, { settled, before, by }: Look): Outcome {
		const places = mapSteps(settled, (each) => each.place)
		const last = places.at(-1)
		const concerns = concernsByScope(settled)
		const scopes = [...concerns.keys()].sort()
		const rows = [...concerns].map(([scope, steps]): ConcernRow => ({ parcel: scopeKey(scope), scope, key, steps: store(steps) }))
		const left = (before?.scopes ?? []).filter((scope) => !concerns.has(scope))
		const link: Link = {
			key,
			version: before?.version ?? 0,
			places: storePlaces(places),
			scopes,
			parked: last?.value.is === "PARKED" ? { reason: last.value.reason, since: last.from } : null,
		}
		return {
			by,
			link,
			concerns: [...rows, ...left.map((scope): ConcernRow => ({ parcel: scopeKey(scope), scope, key, steps: "[]" }))],
			derived: this.#said(key, before, last?.value),
		}
	}

	/** What there is to say of an event's place: that it is parked, or has been moved. */
	#said(key: EventKey, before: Link | null, now: Stand | undefined): readonly Derived[] {
		const held = this.#index.held(key)
		if (held === undefined || now === undefined) return []
		const was = before === null ? undefined : restorePlaces(before.places).at(-1)?.value
		const { source, id } = held.entry.event
		const say = (type: string, parcel: string, subject: Scope | null, data: object): readonly Derived[] => [
			{ parcel, type, subject, causedBy: key, saidAt: this.#known, data: JSON.stringify({ event: { source, id }, ...data }), projects: [], service: null },
		]
		if (now.is === "PARKED" && (was?.is !== "PARKED" || was.reason !== now.reason))
			return say("event.parked", logKey(held.entry.event), null, { reason: now.reason })
		if (now.is !== "PLACED" || was?.is !== "PLACED" || equal(was.codes, now.codes)) return []
		const [subject = null] = now.codes
		return say("event.placed-anew", subject === null ? "registry" : scopeKey(subject), subject, { from: was.codes, to: now.codes })
	}

	#writes(): TurnWrites {
		const { opening, records, partition, incarnation } = this.#work
		const { position, turns, mail } = opening
		const outcomes = [...this.#looked].map(([key, look]) => this.#outcome(key, look))
		const [first] = records
		const causes = firsts([...(first === undefined ? [] : [{ partition, offset: first.offset }]), ...mail.map((each) => each.cause), ...this.#unseenCauses()])
		// What this turn changes begins no sooner than what it was asked for: new records, letters, and what the check of the turn before found.
		const least = Math.min(
			position?.known ?? ZERO,
			...mail.map((each) => (each.from === null ? this.#known : each.from - 1)),
			...(this.#unseenCauses().length > 0 ? [position?.held ?? ZERO] : []),
		)
		const settledAny = outcomes.length > 0
		return {
			next: (records.at(-1)?.offset ?? (position?.next ?? 0n) - 1n) + 1n,
			known: this.#known,
			incarnation,
			unchecked: settledAny
				? {
						crossing: { seen: turns, used: [...this.#index.used], changed: [...this.#changed.keys()], families: [...this.#index.families] },
						held: least as Known,
						causes,
					}
				: null,
			events: [...this.#taken.values()].map(recordedOf),
			mentions: this.#mentions(),
			links: outcomes.map((each) => each.link),
			concerns: outcomes.flatMap((each) => each.concerns),
			mail: [...this.#outbox.letters(), ...(causes[0] === undefined ? [] : this.#refreshing(outcomes, causes[0]))],
			done: mail.map((each) => each.number),
			rejected: this.#rejected,
			derived: outcomes.flatMap((each) => each.derived),
		}

		function recordedOf({ entry, body }: Held): Recorded {
			const { event, known, offset } = entry
			return { key: event.key, partition, offset, known, type: event.type, time: event.time, body }
		}
	}

	/** Letters to the owners of all that was touched, and of what lies below: to see what has become of it. */
	#refreshing(outcomes: readonly Outcome[], cause: Place): readonly Mail[] {
		const touched = new Map<Scope, EventKey>()
		for (const { by, concerns } of outcomes) for (const { scope } of concerns) touched.set(scope, by)
		const { partitionOf } = this.#work
		const mail = (partition: number, letter: Letter): Mail => ({ partition, due: 0 as Moment, from: null, cause, task: writeLetter(letter) })
		// What is about the registry itself concerns everybody.
		const whole = touched.get("registry")
		if (whole !== undefined) {
			const partitions = [...this.#work.opening.turns.keys()]
			return partitions.map((partition) => mail(partition, { below: ["registry", whole], after: null }))
		}
		const isBelow = withinAny([...touched.keys()].filter((scope) => scope.length < 28 && !isProject(scope)))
		const places = [...touched].filter(([scope]) => isProject(scope) || scope.length === 19 || !isBelow(parentOf(scope)))
		return [
			...[...Map.groupBy(places, ([scope]) => partitionOf(scopeKey(scope)))].flatMap(([partition, some]) =>
				sliced(some, SLICE).map((slice) => mail(partition, { refresh: slice })),
			),
			...places.flatMap((each) => {
				const [scope] = each
				return scope.length === 28 && !isProject(scope) ? [] : [mail(partitionOf(scopeKey(scope)), { below: each, after: null })]
			}),
		]
	}

	/** The records behind the turn before, where others had written around it. */
	#unseenCauses(): readonly Place[] {
		const { unseen, opening } = this.#work
		return unseen.ids.length + unseen.families.length === 0 ? [] : (opening.position?.causes ?? [])
	}

	/** The rows of all that was taken in or no longer stands, and of every definition that changed. */
	#mentions(): readonly Mention[] {
		const rows = new Map<string, Mention>()
		const { partition } = this.#work
		const put = (row: Pick<Mention, "id" | "key" | "role">, stands: boolean) =>
			rows.set(`${row.role} ${row.id} ${row.key}`, { ...row, partition, stands, definitions: this.#defined(row.id, row.key) })
		for (const { entry } of this.#replaced) for (const row of rowsOf(entry.event)) put(row, false)
		for (const { entry } of this.#taken.values()) for (const row of rowsOf(entry.event)) put(row, true)
		for (const [id, keys] of this.#changed) for (const key of keys) if (!rows.has(`names ${id} ${key}`)) put({ id, key, role: "names" }, true)
		return [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.key < b.key ? -1 : 1))
	}

	/** What an event makes of an identifier, as it is stored. */
	#defined(id: string, key: EventKey): string | null {
		const steps = this.#index.defined(id, key)
		return steps === undefined ? null : JSON.stringify(steps)
	}
}

/** The building of a unit, the parcel of a building. */
const parentOf = (scope: Scope): Scope => (scope.length === 28 ? scope.slice(0, 24) : scope.slice(0, 19)) as Scope

const rowsOf = (event: Held["entry"]["event"]): readonly Pick<Mention, "id" | "key" | "role">[] => [
	...[...new Set(event.mentions.map(idKey))].map((id) => ({ id, key: event.key, role: "names" as const })),
	...actsOf(event).map(({ on, role }) => ({ id: `event ${on}`, key: event.key, role })),
]

const placeOf = ({ entry: { partition, offset } }: Held): Place => ({ partition, offset })

const conflict = ({ entry: { event, known, partition, offset }, body }: Held): Rejection => ({
	partition,
	offset,
	known,
	key: event.key,
	kind: "conflict",
	problems: JSON.stringify([{ code: "conflict", pointer: "/id", message: `来源「${event.source}」已用编号「${event.id}」报过另一内容` }]),
	original: body,
})

/** The least moment of knowledge from which two step functions differ; null: nowhere. */
const differsFrom = (before: Steps<readonly Definition[]>, now: Steps<readonly Definition[]>): Known | null => {
	const at = (all: Steps<readonly Definition[]>, known: Known) => all.findLast((step) => step.from <= known)?.value ?? []
	const froms = [...new Set([...before, ...now].map((step) => step.from))].sort((a, b) => a - b)
	return froms.find((known) => !equal(at(before, known), at(now, known))) ?? null
}
