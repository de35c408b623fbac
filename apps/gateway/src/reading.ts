import type { State, View } from "@yima/lifecycle"
import type { Definition } from "@yima/linking"
import type { ConcernRow, DerivedRow, JudgedReader, Link, Mention, Recorded, Snapshot } from "@yima/registry"
import { type AnyEvent, decodeSealed, type EventKey, type Known, type Moment, type PersonalKind, type Scope, type Steps, stepAt } from "@yima/schemas"
import { Result } from "effect"
import { Batch } from "./batch.ts"
import { scopeOfAny } from "./codes.ts"
import { refusal } from "./refusal.ts"
import type { Shelf } from "./shelf.ts"

/** By which two times something is seen. */
export interface Sight {
	readonly asOf: Moment
	readonly knownAt: Known
}

/** A personal value as the log holds it. */
export interface Closed {
	readonly kind: PersonalKind
	readonly cipher: string
}

/** Opens sealed values in one round trip; null: its person's key was erased, or it is no seal of ours. */
export type Open = (values: readonly Closed[]) => Promise<readonly (string | null)[]>

/** What is read of the registry: by one snapshot, or by what stands in for it once it is closed. */
export type Reads = Omit<Snapshot, "allConcerns" | "judged"> & { readonly judged: Pick<JudgedReader, keyof JudgedReader> }

/** What a reading needs beside its snapshot. */
export interface Means {
	readonly now: () => Moment
	readonly open: Open | null
	readonly shelf: Shelf
}

/** What a request tells of itself. */
export interface Account {
	/** The knownAt that answers were given for, where none was asked for or one was. */
	readonly answered: Known | null
	/** The greatest knownAt that was asked for and that the snapshot does not reach yet. */
	readonly beyond: Known | null
}

/** Steps as the registry keeps those of definitions: our own, so that what does not read is a defect. */
const steps = <A>(text: string): Steps<A> => JSON.parse(text) as Steps<A>

/** What one request reads: everything from one snapshot, each thing once, in as few statements as its shape allows. */
export class Reading {
	readonly now: Moment
	#snapshot: Reads
	readonly #open: Open | null
	readonly #shelf: Shelf
	readonly #states = new Map<Scope, State>()
	readonly #views = new Map<string, Promise<View | null>>()
	readonly #decoded = new Map<EventKey, AnyEvent | null>()
	#answered: Known | null = null
	#beyond: Known | null = null

	constructor(snapshot: Reads, { now, open, shelf }: Means) {
		this.#snapshot = snapshot
		this.#shelf = shelf
		this.now = now()
		this.#open = open
	}

	get snapshot(): Reads {
		return this.#snapshot
	}

	/** The snapshot is closed: what was read stays, what is still asked for is read here. */
	goesOnWith(reads: Reads): void {
		this.#snapshot = reads
	}

	get account(): Account {
		return { answered: this.#answered, beyond: this.#beyond }
	}

	/**
	 * Notes that the answer rests on what was known then. Where it is `promised`, for somebody named it, it must never change again: what is
	 * beyond the watermark is refused for now, and the request will wait.
	 */
	rests(on: Known, promised: boolean): void {
		if (on <= this.snapshot.watermark || (!promised && on <= this.snapshot.latest)) this.#answered = on
		else {
			this.#beyond = Math.max(on, this.#beyond ?? 0) as Known
			throw refusal("UNAVAILABLE", "登记库尚未处理到所要的 knownAt,请稍后再试")
		}
	}

	readonly #concerns = new Batch<Scope, true>(async (scopes) => {
		const found = new Map<Scope, ConcernRow[]>(scopes.map((scope) => [scope, []]))
		for (const row of await this.snapshot.concerns(scopes)) found.get(row.scope)?.push(row)
		for (const [scope, rows] of found) this.#states.set(scope, this.#shelf.state(scope, rows))
		return new Map(scopes.map((scope) => [scope, true]))
	}, true)

	readonly #events = new Batch<EventKey, Recorded | null>(async (keys) => new Map((await this.snapshot.events(keys)).map((each) => [each.key, each])), null)

	readonly #links = new Batch<EventKey, Link | null>(async (keys) => new Map((await this.snapshot.links(keys)).map((each) => [each.key, each])), null)

	readonly #acts = new Batch<EventKey, readonly Mention[]>(async (keys) => {
		const found = await this.snapshot.mentions(keys.map((key) => `event ${key}`))
		return Map.groupBy(found, ({ id }) => id.slice("event ".length) as EventKey)
	}, [])

	readonly #requests = new Batch<Scope, readonly DerivedRow[]>(
		async (units) => Map.groupBy(await this.snapshot.judged.accountRequests(units), ({ subject }) => subject as Scope),
		[],
	)

	readonly #delivered = new Batch<DerivedRow, boolean>(async (rows) => {
		const found = await this.snapshot.judged.delivered(rows)
		return new Map(rows.map((row) => [row, found.has(`${row.partition}-${row.number}`)]))
	}, false)

	readonly #definitions = new Batch<string, readonly Mention[]>(async (ids) => Map.groupBy(await this.snapshot.definitions(ids), ({ id }) => id), [])

	readonly #plain = new Batch<string, string | null>(async (all) => {
		const closed = all.map((each) => ({ kind: each.slice(0, each.indexOf(" ")) as PersonalKind, cipher: each.slice(each.indexOf(" ") + 1) }))
		const opened = await this.#open?.(closed)
		return new Map(all.map((each, n) => [each, opened?.[n] ?? null]))
	}, null)

	/** The states that views of these scopes read: the scopes with what is above them at once, then what their facts lead to. */
	async states(scopes: readonly Scope[]): Promise<ReadonlyMap<Scope, State>> {
		let open: readonly Scope[] = [...new Set(scopes.flatMap((scope) => this.#shelf.likely(scope)))]
		while (open.length > 0) {
			await this.#concerns.all(open)
			open = [...new Set(scopes.flatMap((scope) => this.#shelf.sources(scope, this.#states)))].filter((scope) => !this.#states.has(scope))
		}
		return this.#states
	}

	/** What a code is, as of two times; null until an event in force names it. */
	view(code: Scope, sight: Sight): Promise<View | null> {
		const { asOf, knownAt } = sight
		const id = `${code} ${asOf} ${knownAt}`
		const known = this.#views.get(id)
		if (known !== undefined) return known
		const view = this.states([scopeOfAny(code)]).then((states) => this.#shelf.view(code, states, sight))
		this.#views.set(id, view)
		return view
	}

	/** Every scope that a view of this one reads. */
	async sources(scope: Scope): Promise<readonly Scope[]> {
		return this.#shelf.sources(scope, await this.states([scope]))
	}

	/** The hash of what a view covers (`semantics.md` §4). Its states are loaded: whoever has a view has read them. */
	async contentHash(code: Scope, knownAt: Known): Promise<string> {
		const scope = scopeOfAny(code)
		const states = await this.states([scope])
		return this.#shelf.contentHash(scope, states, knownAt)
	}

	/** An event as history holds it. */
	recorded(key: EventKey): Promise<Recorded | null> {
		return this.#events.get(key)
	}

	/** Fetches the bodies of many events in one statement, where they are sure to be wanted. */
	async prefetch(keys: Iterable<EventKey>): Promise<void> {
		await this.#events.all(keys)
	}

	/** An event's body, decoded. */
	async event(key: EventKey): Promise<AnyEvent | null> {
		const recorded = await this.recorded(key)
		const known = this.#decoded.get(key)
		if (known !== undefined || recorded === null) return known ?? null
		const read = decodeSealed(JSON.parse(recorded.body))
		const event = Result.isFailure(read) ? null : read.success
		this.#decoded.set(key, event)
		return event
	}

	/** What was asked of companies for a unit, the earliest first. */
	requests(unit: Scope): Promise<readonly DerivedRow[]> {
		return this.#requests.get(unit)
	}

	/** Whether an endpoint has received it. */
	isDelivered(row: DerivedRow): Promise<boolean> {
		return this.#delivered.get(row)
	}

	link(key: EventKey): Promise<Link | null> {
		return this.#links.get(key)
	}

	/** Which events correct, retract or decide on this one. */
	acts(key: EventKey): Promise<readonly Mention[]> {
		return this.#acts.get(key)
	}

	/** What an identifier (`idKey`) was defined as by then, by events that happened by then. */
	async definitions(id: string, { asOf, knownAt }: Sight): Promise<readonly Definition[]> {
		const rows = await this.#definitions.get(id)
		return rows.flatMap(({ definitions }) =>
			definitions === null ? [] : (stepAt(steps<readonly Definition[]>(definitions), knownAt) ?? []).filter((each) => each.time <= asOf),
		)
	}

	/** A sealed value in clear; null where nobody here can open it. Whoever shows it masks it. */
	opened({ kind, cipher }: Closed): Promise<string | null> {
		return this.#open === null ? Promise.resolve(null) : this.#plain.get(`${kind} ${cipher}`)
	}
}
