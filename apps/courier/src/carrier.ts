import { setTimeout as pause, setImmediate as round } from "node:timers/promises"
import { type Feed, type Following, farther, idOf, readCursor, requestIdOf, writeCursor } from "@yima/feed"
import {
	type DeliveryRow,
	type DerivedPlace,
	type DerivedRow,
	filterOfWebhook,
	type HeldRow,
	type NoticeKind,
	type Progress,
	type WebhookRow,
	type Webhooks,
} from "@yima/registry"
import { backoff } from "./backoff.ts"
import { keepable, responseOf } from "./response.ts"
import type { Sent } from "./sender.ts"
import { type Verdict, verdictOf } from "./verdict.ts"

export interface Limits {
	/** Between tries of an endpoint that fails as a whole, ms. */
	readonly endpoint: { readonly least: number; readonly most: number }
	/** Between tries of an event that was refused, ms. */
	readonly refused: { readonly least: number; readonly most: number }
	/** After which a refused event is a person's task, ms. */
	readonly patience: number
	/** How many events may be under way, from the stream to the record of their delivery. */
	readonly window: number
	/** How often what was delivered is written down, ms. */
	readonly flush: number
	/** Between tries to take what an endpoint reported in its answer, ms. */
	readonly report: number
}

export const LIMITS: Limits = {
	endpoint: { least: 1000, most: 5 * 60_000 },
	refused: { least: 10_000, most: 6 * 3600_000 },
	patience: 7 * 24 * 3600_000,
	window: 4000,
	flush: 50,
	report: 1000,
}

/** From so many failures in a row on, the endpoint's operator is told. */
const TOLD_AFTER = 3

export interface CarrierOptions {
	/** As it was taken: the lease is ours. */
	readonly webhook: WebhookRow
	readonly feed: Feed
	readonly webhooks: Webhooks
	/** Sends some events, as the texts that leave, in one request; `id` is the same whenever the same are sent. */
	readonly send: (id: string, events: readonly string[]) => Promise<Sent & { readonly request: string }>
	/** µs. */
	readonly now: () => number
	readonly random: () => number
	readonly limits?: Limits
	/** Told of each request's outcome, for the operator's eyes. */
	readonly sent?: (verdict: Verdict["is"], latencyMs: number) => void
	/** Whether the lease surely is still ours: while nobody can say, nothing more is sent. */
	readonly isHeld?: () => boolean
	/**
	 * An endpoint may report back in its answer to one event: an answer to several says of none what has become of it. Resolves with why the
	 * report was refused, null where it was not. What is not taken, as the log is away, is delivered again.
	 */
	readonly answered?: (row: DerivedRow, body: string) => Promise<string | null>
	/** Told why an answer is not taken, once for each. */
	readonly failed?: (error: unknown) => void
}

/** What is known of one unit's first event on the hold list. */
interface Head {
	readonly row: HeldRow
	readonly dueAt: number
}

/** Without a subject an event waits for none other. */
const unitOf = ({ subject, partition, number }: Pick<DerivedRow, "subject" | "partition" | "number">): string => subject ?? idOf({ partition, number })

/**
 * Carries the stream to one endpoint. The cursor is behind everything that is delivered or on the hold list, and moves with the record of
 * that in one transaction, behind the fence of the lease. Units go beside each other, a unit's events one after the other. An endpoint that
 * fails as a whole stops the cursor and is tried with one request at a time; an event that is refused goes to the hold list, and what comes
 * of its unit behind it.
 */
export class Carrier {
	readonly #options: CarrierOptions
	readonly #limits: Limits
	readonly #stop = new AbortController()
	/** What was read and is not under way, by unit, in order. */
	readonly #queue = new Map<string, DerivedRow[]>()
	/** Where the next unit is looked for: from the front each look would pass by the places of all that have gone, so that is done once a page. */
	#lap = this.#queue.entries()
	readonly #busy = new Set<string>()
	readonly #heads = new Map<string, Head>()
	/** Before this moment no head is due: with thousands of them not every wake looks through all. */
	#quietUntil = 0
	/** What was read and is neither delivered nor on the hold list, by partition. */
	readonly #open = new Map<number, Set<number>>()
	readonly #under = new Set<Promise<void>>()
	#read: DerivedPlace
	#hasNews = true
	/** What is to be written down, by place: of one that came to several things, the last. */
	#records = new Map<string, Omit<DeliveryRow, "webhook">>()
	#notices: { kind: NoticeKind; at: number; reason: string }[] = []
	#noticedAt = 0
	#health: NonNullable<Progress["health"]>
	#isHealthChanged = false
	#isOurs = true
	#written: string
	#flushedAt = 0
	#slotAt = 0
	#failedAt = 0
	/** How often something went to the hold list behind another. */
	#held = 0
	#isWoken = false
	#awake: () => void = () => undefined
	#isFilling = false
	#isWriting = false
	#failure: { readonly error: unknown } | null = null
	/** Up to here another may have delivered before us, and not written how far. */
	#known: DerivedPlace = new Map()

	constructor(options: CarrierOptions) {
		this.#options = options
		this.#limits = options.limits ?? LIMITS
		const { cursor, status, reason, failingSince, failures, retryAt } = options.webhook
		this.#read = readCursor(cursor)
		this.#written = cursor
		this.#health = { status, reason, failingSince, failures, retryAt }
	}

	/** Ends when it is stopped or the lease is lost; fails as the registry does: then somebody takes the endpoint anew. */
	async run(): Promise<void> {
		const { feed, webhook, webhooks } = this.#options
		await feed.hub.ready
		const following = feed.hub.follow(
			{
				filter: filterOfWebhook(webhook),
				told: () => {
					this.#hasNews = true
					this.#wake()
					return true
				},
				ended: () => this.stop(),
			},
			null,
		)
		try {
			for (const row of await webhooks.heads(webhook.id)) this.#setHead(row)
			this.#known = await feed.derived.end()
			// What is read and what is written down goes beside what is under way: a request waits for neither.
			while (this.#goesOn) {
				this.#isWoken = false
				this.#pass(following)
				this.#beside(this.#fill())
				const next = this.#start()
				this.#beside(this.#writeDown())
				await this.#until(next)
				// What comes in one round of the event loop is looked at once.
				await round()
			}
			await Promise.allSettled(this.#under)
			if (this.#isOurs) await this.#flush(true)
			if (this.#failure !== null) throw this.#failure.error
		} finally {
			following.leave()
			await Promise.allSettled(this.#under)
		}
	}

	/** Finishes what is under way. */
	stop(): void {
		this.#stop.abort()
		this.#wake()
	}

	/** The lease is another's: nothing that is still under way counts. */
	lose(): void {
		this.#isOurs = false
		this.stop()
	}

	#beside(work: Promise<void>): void {
		work.catch((error: unknown) => {
			this.#failure ??= { error }
			this.stop()
		})
	}

	get #goesOn(): boolean {
		const { isHeld = () => true } = this.#options
		return this.#isOurs && isHeld() && !this.#stop.signal.aborted && this.#health.status !== "DISABLED"
	}

	#room(): number {
		return [...this.#open.values()].reduce((room, each) => room - each.size, this.#limits.window - this.#records.size)
	}

	/** Until it is woken, or something is due. */
	#until(next: number | null): Promise<void> {
		const { now } = this.#options
		const flushAt = !this.#isWriting && (this.#records.size > 0 || this.#isHealthChanged) ? this.#flushedAt + this.#limits.flush * 1000 : null
		const dues = [next, flushAt].filter((each) => each !== null)
		const wait = Math.min(5000, ...dues.map((each) => Math.max(1, (each - now()) / 1000)))
		if (this.#isWoken) return Promise.resolve()
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, wait)
			this.#awake = () => {
				clearTimeout(timer)
				resolve()
			}
		})
	}

	#wake(): void {
		this.#isWoken = true
		this.#awake()
	}

	/** What was told of up to here has been read, so nothing between is ours: the cursor goes along, and whoever comes back has not all of it to read. */
	#pass(following: Following): void {
		const place = this.#hasNews || this.#isFilling ? null : following.place()
		if (place !== null) this.#read = farther(this.#read, place)
	}

	/** Reads on, while there is room. */
	async #fill(): Promise<void> {
		// What is done and not written down counts, too: where the registry is slow, no more is sent than may come twice.
		if (this.#isFilling || !this.#hasNews || this.#room() < this.#limits.window / 4) return
		this.#isFilling = true
		try {
			await this.#readOn()
		} finally {
			this.#isFilling = false
			this.#wake()
		}
	}

	async #readOn(): Promise<void> {
		const { feed, webhook, webhooks } = this.#options
		const room = this.#room()
		this.#hasNews = false
		const page = await feed.page(filterOfWebhook(webhook), this.#read, room)
		if (page.isMore) this.#hasNews = true
		const isKnown = page.rows.some(({ partition, number }) => number <= (this.#known.get(partition) ?? 0))
		const done = new Set(isKnown ? (await webhooks.recorded(webhook.id, page.rows)).map(idOf) : [])
		for (const row of page.rows) {
			if (done.has(idOf(row))) continue
			const unit = unitOf(row)
			this.#openOf(row).add(row.number)
			if (this.#heads.has(unit)) this.#hold(row)
			else this.#wait(unit).push(row)
		}
		this.#read = farther(this.#read, page.reached)
		this.#lap = this.#queue.entries()
	}

	/** What waits of a unit. */
	#wait(unit: string): DerivedRow[] {
		const all = this.#queue.get(unit) ?? []
		this.#queue.set(unit, all)
		return all
	}

	/** What could not go waits again, before all that is later of its units. */
	#putBack(rows: readonly DerivedRow[]): void {
		for (const row of rows.toReversed()) this.#wait(unitOf(row)).unshift(row)
	}

	#openOf({ partition }: Pick<DerivedRow, "partition">): Set<number> {
		const all = this.#open.get(partition) ?? new Set()
		this.#open.set(partition, all)
		return all
	}

	/** Sets going what may go now; answers the moment at which more may. */
	#start(): number | null {
		const { now, webhook } = this.#options
		const { status, retryAt } = this.#health
		const isFailing = status === "FAILING"
		if (isFailing && now() < (retryAt ?? 0)) return retryAt
		const most = isFailing ? 1 : webhook.concurrency
		while (this.#under.size < most) {
			if (now() < this.#slotAt) return this.#slotAt
			const held = this.#dueHead()
			const batch = held === null ? this.#batch(isFailing ? 1 : webhook.batchSize) : []
			if (held === null && batch.length === 0) break
			this.#takeSlot()
			this.#go(held === null ? batch.map(unitOf) : [unitOf(held.row)], () => (held === null ? this.#deliver(batch) : this.#again(held)))
		}
		return this.#quietUntil > now() && this.#quietUntil < Number.POSITIVE_INFINITY ? this.#quietUntil : null
	}

	/** The moment from which the next request may go; the one after it waits for its turn. */
	#takeSlot(): number {
		const { now, webhook } = this.#options
		const at = Math.max(now(), this.#slotAt)
		if (webhook.perSecond !== null) this.#slotAt = at + 1_000_000 / webhook.perSecond
		return at
	}

	#go(units: readonly string[], work: () => Promise<void>): void {
		for (const unit of units) this.#busy.add(unit)
		const going = work().finally(() => {
			this.#under.delete(going)
			for (const unit of units) this.#busy.delete(unit)
			if (units.some((unit) => this.#heads.has(unit))) this.#quietUntil = 0
			this.#wake()
		})
		this.#under.add(going)
		this.#beside(going)
	}

	#dueHead(): Head | null {
		const now = this.#options.now()
		if (now < this.#quietUntil) return null
		this.#quietUntil = Number.POSITIVE_INFINITY
		for (const [unit, head] of this.#heads) {
			if (this.#busy.has(unit)) continue
			this.#quietUntil = Math.min(this.#quietUntil, head.dueAt)
			if (head.dueAt <= now) return head
		}
		return null
	}

	#setHead(row: HeldRow): void {
		this.#heads.set(unitOf(row), { row, dueAt: row.nextAt ?? 0 })
		this.#quietUntil = 0
	}

	/** There is one. */
	#nextUnit(): readonly [string, DerivedRow[]] {
		for (;;) {
			const { done, value } = this.#lap.next()
			if (!done) return value
			this.#lap = this.#queue.entries()
		}
	}

	/** The next events of units that none is under way of, a unit's in order. */
	#batch(most: number): readonly DerivedRow[] {
		const found: DerivedRow[] = []
		for (let left = this.#queue.size; left > 0 && found.length < most; left--) {
			const [unit, waiting] = this.#nextUnit()
			if (this.#busy.has(unit)) continue
			found.push(...waiting.splice(0, most - found.length))
			if (waiting.length === 0) this.#queue.delete(unit)
		}
		return found
	}

	/** Null: the lease is over, and nothing of it counts. */
	async #send(rows: readonly DerivedRow[]) {
		const { feed, now, send, sent, isHeld = () => true } = this.#options
		const events = await feed.leaving(rows)
		// To read who is named may have taken longer than the lease: then somebody else sends it.
		if (!this.#isOurs || !isHeld()) {
			this.stop()
			return null
		}
		const found = await send(requestIdOf(rows), events)
		const verdict = verdictOf(found.answer, now() / 1000)
		sent?.(verdict.is, found.latencyMs)
		return this.#isOurs ? { ...found, verdict } : null
	}

	async #deliver(batch: readonly DerivedRow[]): Promise<void> {
		const startedAt = this.#options.now()
		const found = await this.#send(batch)
		if (found === null) return
		const { verdict } = found
		switch (verdict.is) {
			case "delivered":
				if (!(await this.#isAnswerTaken(batch, found.answer))) return
				for (const row of batch) this.#record(row, { status: "DELIVERED", attempts: 1, firstAt: startedAt, nextAt: null }, found)
				return this.#recover()
			case "refused":
				// The answer is about the request: which of its events is meant shows one by one, at once unless it asks for time.
				if (batch.length > 1 && (verdict.after ?? 0) === 0) return this.#oneByOne(batch)
				for (const row of batch)
					if (this.#heads.has(unitOf(row))) this.#hold(row)
					else this.#refuse(row, { attempts: 1, firstAt: startedAt, after: verdict.after }, found)
				return this.#recover()
			case "down":
				this.#putBack(batch)
				return this.#fail(verdict, startedAt)
			case "gone":
				return this.#end()
		}
	}

	/** Tries until what the endpoint answered is taken; false where we end before: then nothing is recorded, and it is delivered again. */
	async #isAnswerTaken(batch: readonly DerivedRow[], answer: Sent["answer"]): Promise<boolean> {
		const { answered, failed } = this.#options
		const [only, ...others] = batch
		if (answered === undefined || answer.is !== "answered" || only === undefined || others.length > 0) return true
		let isTold = false
		do {
			try {
				const refused = await answered(only, answer.body)
				if (refused !== null) this.#notice("TASK", `对 ${idOf(only)} 的回报未被接受:${refused}`)
				return this.#isOurs
			} catch (error) {
				if (!isTold) failed?.(error)
				isTold = true
				await pause(this.#limits.report, undefined, { signal: this.#stop.signal }).catch(() => undefined)
			}
		} while (this.#goesOn)
		return false
	}

	/** They wait as what is read does, of units that nobody else takes meanwhile: so what does not go stays before what is later of its unit. */
	async #oneByOne(batch: readonly DerivedRow[]): Promise<void> {
		const { now } = this.#options
		this.#putBack(batch)
		for (const row of batch) {
			const wait = (this.#takeSlot() - now()) / 1000
			if (wait > 0) await pause(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined)
			if (!this.#goesOn || this.#health.status === "FAILING") return
			const waiting = this.#wait(unitOf(row))
			// What is held behind another waits no more.
			if (waiting[0] !== row) continue
			waiting.shift()
			await this.#deliver([row])
		}
	}

	/** An event of the hold list, or one that is to be sent again. */
	async #again({ row: kept }: Head): Promise<void> {
		const { feed, now, webhook, webhooks } = this.#options
		const [row] = await feed.derived.at([kept])
		if (row === undefined) throw new Error(`the derived stream has no ${kept.partition}-${kept.number}`)
		const startedAt = now()
		const found = await this.#send([row])
		if (found === null) return
		const { verdict } = found
		const attempts = kept.attempts + 1
		const firstAt = kept.attempts === 0 ? startedAt : kept.firstAt
		if (verdict.is === "down") return this.#fail(verdict, startedAt)
		if (verdict.is === "gone") return this.#end()
		if (verdict.is === "delivered" && !(await this.#isAnswerTaken([row], found.answer))) return
		this.#recover()
		if (verdict.is === "refused" && now() - firstAt < this.#limits.patience * 1000) return this.#refuse(row, { attempts, firstAt, after: verdict.after }, found)
		if (verdict.is === "refused")
			this.#notice("TASK", `${row.subject ?? ""} 的 ${row.type}(${kept.partition}-${kept.number})被拒收已满 ${this.#days()} 天,请人工处理`)
		this.#record(row, { status: verdict.is === "delivered" ? "DELIVERED" : "FAILED", attempts, firstAt, nextAt: null }, found)
		// What comes next of its unit is known once this is written down, with all that was held meanwhile.
		const unit = unitOf(kept)
		let next: HeldRow | null = null
		let held = -1
		while (next === null && held !== this.#held && this.#isOurs) {
			held = this.#held
			await this.#flush(true)
			next = kept.subject === null ? null : await webhooks.head(webhook.id, kept.subject)
		}
		if (next === null) this.#heads.delete(unit)
		else this.#setHead(next)
	}

	#days(): number {
		return Math.round(this.#limits.patience / (24 * 3600_000))
	}

	#refuse(
		row: DerivedRow,
		{ attempts, firstAt, after }: Pick<DeliveryRow, "attempts" | "firstAt"> & { readonly after: number | null },
		found: Sent & { readonly request: string },
	): void {
		const { now, random } = this.#options
		// However long it asks for, it is a person's task when it was to be.
		const asked = Math.min(now() + (after ?? 0) * 1000, firstAt + this.#limits.patience * 1000)
		const nextAt = Math.round(Math.max(asked, now() + backoff(attempts, this.#limits.refused, random()) * 1000))
		const record = this.#record(row, { status: "HELD", attempts, firstAt, nextAt }, found)
		const unit = unitOf(row)
		this.#setHead(record)
		for (const later of this.#queue.get(unit) ?? []) this.#hold(later)
		this.#queue.delete(unit)
	}

	/** Behind what is held of its unit: it is sent when that is through. */
	#hold(row: DerivedRow): void {
		this.#held += 1
		this.#record(row, { status: "HELD", attempts: 0, firstAt: this.#options.now(), nextAt: null }, null)
	}

	#record(
		row: DerivedRow,
		of: Pick<DeliveryRow, "status" | "attempts" | "firstAt" | "nextAt">,
		found: (Sent & { readonly request: string }) | null,
	): Omit<DeliveryRow, "webhook"> {
		const answer = found?.answer
		const record = {
			partition: row.partition,
			number: row.number,
			type: row.type,
			subject: row.subject,
			...of,
			lastAt: found === null ? null : this.#options.now(),
			latencyMs: found?.latencyMs ?? null,
			responseStatus: answer?.is === "answered" ? answer.status : null,
			request: found?.request ?? null,
			response: answer === undefined ? null : responseOf(answer),
		}
		this.#records.set(idOf(row), record)
		this.#open.get(row.partition)?.delete(row.number)
		return record
	}

	/** No two of an endpoint at one moment: each is kept by it. */
	#notice(kind: NoticeKind, reason: string): void {
		this.#noticedAt = Math.max(this.#options.now(), this.#noticedAt + 1)
		this.#notices.push({ kind, at: this.#noticedAt, reason: keepable(reason) })
	}

	#set(health: NonNullable<Progress["health"]>): void {
		this.#health = health
		this.#isHealthChanged = true
	}

	/** What was under way together fails together, and once; for as long as any of it asks for. */
	#fail({ reason: told, after }: Extract<Verdict, { is: "down" }>, startedAt: number): void {
		const reason = keepable(told)
		const { now, random } = this.#options
		if (this.#health.status === "DISABLED") return
		const asked = now() + (after ?? 0) * 1000
		if (startedAt < this.#failedAt) {
			if (this.#health.status === "FAILING" && asked > (this.#health.retryAt ?? 0)) this.#set({ ...this.#health, retryAt: Math.round(asked) })
			return
		}
		this.#failedAt = now()
		const failures = this.#health.failures + 1
		const retryAt = Math.round(Math.max(asked, now() + backoff(failures, this.#limits.endpoint, random()) * 1000))
		if (failures === TOLD_AFTER) this.#notice("FAILING", reason)
		this.#set({ status: "FAILING", reason, failingSince: this.#health.failingSince ?? now(), failures, retryAt })
	}

	#recover(): void {
		if (this.#health.status !== "FAILING") return
		if (this.#health.failures >= TOLD_AFTER) this.#notice("RECOVERED", `已恢复;此前 ${this.#health.failures} 次未成:${this.#health.reason ?? ""}`)
		this.#set({ status: "ACTIVE", reason: null, failingSince: null, failures: 0, retryAt: null })
		this.#hasNews = true
	}

	#end(): void {
		if (this.#health.status === "DISABLED") return
		const reason = "应答 410:端点不再接收"
		this.#notice("DISABLED", reason)
		this.#set({ status: "DISABLED", reason, failingSince: null, failures: 0, retryAt: null })
	}

	/** Everything up to here is delivered or on the hold list. */
	#cursor(): string {
		const place = new Map(this.#read)
		for (const [partition, numbers] of this.#open) if (numbers.size > 0) place.set(partition, Math.min(...numbers) - 1)
		return writeCursor(place)
	}

	#flushing: Promise<void> = Promise.resolve()

	/** Now and then, while things go on. What is written down leaves room for more. */
	async #writeDown(): Promise<void> {
		// A clock may be set back.
		if (this.#isWriting || Math.abs(this.#options.now() - this.#flushedAt) < this.#limits.flush * 1000) return
		this.#isWriting = true
		const isNews = this.#records.size > 0
		try {
			await this.#flush(false)
		} finally {
			this.#isWriting = false
			if (isNews || this.#records.size > 0) this.#wake()
		}
	}

	/** Writes down what has come since; one writing after the other. */
	#flush(isNow: boolean): Promise<void> {
		this.#flushing = this.#flushing.then(async () => {
			const { now, webhook, webhooks } = this.#options
			const cursor = this.#cursor()
			const isNews = this.#records.size > 0 || this.#isHealthChanged || this.#notices.length > 0
			// A cursor that moves where nothing was chosen is written now and then.
			const isFar = cursor !== this.#written && now() - this.#flushedAt > 10_000_000
			if (!this.#isOurs || (!isNews && !isFar && !(isNow && cursor !== this.#written))) return
			const [deliveries, notices, isHealthChanged] = [[...this.#records.values()], this.#notices, this.#isHealthChanged]
			this.#records = new Map()
			this.#notices = []
			this.#isHealthChanged = false
			this.#flushedAt = now()
			const isWritten = await webhooks.advance(webhook.id, webhook.lease, { cursor, deliveries, notices, ...(isHealthChanged ? { health: this.#health } : {}) })
			if (isWritten) this.#written = cursor
			else this.lose()
		})
		return this.#flushing
	}
}
