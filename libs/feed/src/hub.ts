import { setTimeout as pause } from "node:timers/promises"
import type { DerivedFilter, DerivedPage, DerivedPlace, DerivedRow } from "@yima/registry"
import { farther, isWithin, type Told, withPlaces } from "./cursor.ts"
import { chooses } from "./filter.ts"

/** What the hub reads: a part of `DerivedReader`. */
export interface Source {
	readonly page: (filter: DerivedFilter, after: DerivedPlace, limit: number) => Promise<DerivedPage>
	readonly end: () => Promise<DerivedPlace>
	/** Makes ready what is told, so that telling it takes no time. */
	readonly prepare: (rows: readonly DerivedRow[]) => Promise<unknown>
}

/** A follower's place in the hub. */
export interface Following {
	readonly leave: () => void
	/** Up to where everything is told; null: the past is still being told. */
	readonly place: () => DerivedPlace | null
}

/** Whoever follows the stream. `told` answers false when it takes no more: then it is let go, and follows anew from its place. */
export interface Follower {
	readonly filter: DerivedFilter
	readonly told: (all: readonly Told[]) => boolean
	/** Why nothing more comes. */
	readonly ended: () => void
}

const SLICE = 500
/** How often the stream is looked into where nobody rings, ms; after a failure, at most. */
const POLL = 250
const PATIENCE = 3000

interface Seat extends Follower {
	/** What is told only from here on; null while nothing more is. */
	from: DerivedPlace | null
	/** What comes while the past is told. */
	readonly waiting: Told[]
}

/** So many rows may wait while the past is told; one who falls farther back begins again from where they are. */
const MOST_WAITING = 2000

/**
 * Reads the stream once for all who follow it in this process: whoever waits for what seldom comes costs a place in a list and no query.
 * Who comes with an old place is told the past first, from the registry, and then what comes, without a gap or a double.
 */
export class Hub {
	readonly #source: Source
	readonly #stop = new AbortController()
	readonly #byType = new Map<string, Set<Seat>>()
	#place: DerivedPlace = new Map()
	#ring: () => void = () => undefined
	readonly #running: Promise<void>
	readonly #begun: Promise<void>

	constructor(source: Source) {
		this.#source = source
		const { promise, resolve } = Promise.withResolvers<void>()
		this.#begun = promise
		this.#running = this.#run(resolve)
	}

	/** How far everybody who follows has been told. */
	get place(): DerivedPlace {
		return this.#place
	}

	/** When it knows where the stream ends: who follows from now on misses nothing that comes after this. */
	get ready(): Promise<void> {
		return this.#begun
	}

	/** Something may have been said. */
	ring = (): void => this.#ring()

	/** Tells `follower` everything behind `after` (null: from now on), then what comes. */
	follow(follower: Follower, after: DerivedPlace | null): Following {
		const seat: Seat = { ...follower, from: null, waiting: [] }
		void this.#seat(seat, after)
		return { leave: () => this.#leave(seat), place: () => (seat.from === null ? null : farther(seat.from, this.#place)) }
	}

	async stop(): Promise<void> {
		this.#stop.abort()
		this.#ring()
		await this.#running
		for (const seat of new Set([...this.#byType.values()].flatMap((each) => [...each]))) {
			this.#leave(seat)
			seat.ended()
		}
	}

	async #seat(seat: Seat, after: DerivedPlace | null): Promise<void> {
		await this.#begun
		if (this.#stop.signal.aborted) return seat.ended()
		let place = after ?? this.#place
		this.#join(seat)
		try {
			// From here on what comes waits: so whatever a page that ends the past has not seen yet will have been kept.
			for (let isMore = after !== null; isMore && this.#isSeated(seat); ) {
				const page = await this.#source.page(seat.filter, place, SLICE)
				await this.#source.prepare(page.rows)
				if (page.rows.length > 0 && this.#isSeated(seat) && !seat.told(withPlaces(page.rows, place))) this.#leave(seat)
				place = page.reached
				isMore = page.isMore
			}
		} catch {
			if (this.#isSeated(seat)) seat.ended()
			return this.#leave(seat)
		}
		if (!this.#isSeated(seat)) return
		seat.from = place
		this.#tell(seat, seat.waiting.splice(0))
	}

	/** Tells what lies behind the place from which the seat is told. */
	#tell(seat: Seat, all: readonly Told[]): void {
		const from = seat.from
		if (from === null) {
			seat.waiting.push(...all)
			if (seat.waiting.length <= MOST_WAITING) return
			this.#leave(seat)
			seat.ended()
			return
		}
		const fresh = all.filter(({ row }) => row.number > (from.get(row.partition) ?? 0))
		// One place for what is told: what was told of the past lies before it in every partition.
		const placed = fresh.map(({ row, place }) => ({ row, place: isWithin(from, place) ? place : farther(place, from) }))
		if (placed.length > 0 && !seat.told(placed)) this.#leave(seat)
	}

	#join(seat: Seat): void {
		for (const type of seat.filter.types ?? [""]) {
			const all = this.#byType.get(type) ?? new Set()
			this.#byType.set(type, all.add(seat))
		}
	}

	#leave(seat: Seat): void {
		for (const type of seat.filter.types ?? [""]) {
			const all = this.#byType.get(type)
			all?.delete(seat)
			if (all?.size === 0) this.#byType.delete(type)
		}
	}

	#isSeated(seat: Seat): boolean {
		return this.#byType.get(seat.filter.types?.[0] ?? "")?.has(seat) === true
	}

	async #run(begun: () => void): Promise<void> {
		let patience = POLL
		let isBegun = false
		while (!this.#stop.signal.aborted) {
			const rung = new Promise<void>((resolve) => (this.#ring = resolve))
			try {
				if (!isBegun) {
					this.#place = await this.#source.end()
					isBegun = true
					begun()
				}
				const page = await this.#source.page({}, this.#place, SLICE)
				if (this.#byType.size > 0) await this.#source.prepare(page.rows)
				// All at once from here on: whoever came meanwhile waits for just this.
				this.#spread(withPlaces(page.rows, this.#place))
				this.#place = page.reached
				patience = POLL
				if (page.isMore) continue
			} catch {
				patience = Math.min(2 * patience, PATIENCE)
			}
			const over = new AbortController()
			await Promise.race([rung, pause(patience, undefined, { signal: over.signal }).catch(() => undefined)])
			over.abort()
		}
		begun()
	}

	#spread(all: readonly Told[]): void {
		const of = new Map<Seat, Told[]>()
		for (const told of all)
			for (const seats of [this.#byType.get(told.row.type), this.#byType.get("")])
				for (const seat of seats ?? [])
					if (chooses(seat.filter, told.row)) {
						const some = of.get(seat)
						if (some === undefined) of.set(seat, [told])
						else some.push(told)
					}
		for (const [seat, some] of of) this.#tell(seat, some)
	}
}
