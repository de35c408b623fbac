import { type After, Bell } from "./bell.ts"
import type { Consumer, LogRecord, Watermark } from "./log.ts"
import type { Notice } from "./notice.ts"

/** What a partition is at this moment: whose log it belongs to and what it holds. */
export interface Facts extends Watermark {
	readonly incarnation: string
}

/** Where the records of a partition come from. */
export interface Source {
	/** Whether offsets follow each other without holes, so that a missing one means that the log is not what it was. */
	readonly dense: boolean
	readonly facts: (partition: number) => Promise<Facts>
	/** Records from this offset on, in order, of the log of this incarnation; none if there are none yet. */
	readonly read: (partition: number, from: bigint, incarnation: string) => Promise<readonly LogRecord[]>
	/** Nobody reads the partition any more, until the next `read`. */
	readonly rest?: (partition: number) => void
}

/** How often things are tried again. */
export interface Pace {
	readonly after: After
	/** After a rejection of the consumer or a failed read. */
	readonly retryMs: number
	/** How long a red partition stays before its consumer is asked again. */
	readonly redMs: number
	/** How long a reader that has read all waits before it looks by itself. */
	readonly idleMs: number
}

export interface Reading {
	readonly consumer: Consumer
	readonly source: Source
	readonly pace: Pace
	readonly notice: Notice
}

/**
 * One partition in the hands of one member, from `assigned` to `revoked`, one call at a time. It never jumps: an answer outside of what
 * the log holds, a missing record, another incarnation or a log that has become shorter all lead back to `assigned` with the facts as
 * they are then, and to nothing else.
 */
export class Seat {
	readonly #partition: number
	readonly #reading: Reading
	/** Rung when there may be more to read, and with the alarm. */
	readonly #bell: Bell
	/** Rung when the partition is to be let go or asked about again. */
	readonly #alarm: Bell
	#stopped = false
	#changed = false
	/** What the consumer was told, once it has been asked. */
	#told: Facts | undefined
	/** The next offset to read; none while the partition is red. */
	#next: bigint | undefined
	#redBefore = false
	/** A place that led beyond the end: it is no place, although the log grows past it. */
	#lost: bigint | undefined
	/** Resolves when the member has let go of the partition. */
	readonly left: Promise<void>

	/** `earlier`: when an earlier seat of the same member has let go, so that calls never overlap. */
	constructor(partition: number, reading: Reading, earlier: Promise<void>) {
		this.#partition = partition
		this.#reading = reading
		this.#bell = new Bell(reading.pace.after)
		this.#alarm = new Bell(reading.pace.after)
		this.left = earlier.then(() => this.#run())
	}

	/** There may be more to read. */
	wake(): void {
		this.#bell.ring()
	}

	/** The partition goes to somebody else: no further records; what is under way ends first. */
	stop(): void {
		this.#stopped = true
		this.#bell.ring()
		this.#alarm.ring()
	}

	/** What we were told no longer holds: ask again. */
	change(): void {
		this.#changed = true
		this.#bell.ring()
		this.#alarm.ring()
	}

	/** Called before the log is looked at: answers who compares what is seen with what was known when the look began. */
	look(): (facts: Facts) => void {
		const told = this.#told
		const least = this.#next
		return (facts) => {
			if (told === undefined || this.#told?.incarnation !== told.incarnation) return
			const shrunk = facts.high < told.high || (least !== undefined && facts.high < least)
			const passed = this.#next !== undefined && facts.low > this.#next
			if (facts.incarnation !== told.incarnation || shrunk || passed) return this.change()
			if (facts.high > this.#told.high) this.#told = facts
			if (this.#next !== undefined && facts.high > this.#next) this.wake()
		}
	}

	async #run(): Promise<void> {
		while (!this.#stopped) {
			if (!(await this.#ask())) continue
			if (this.#next === undefined) await this.#stayRed()
			else await this.#read()
			this.#reading.source.rest?.(this.#partition)
			await this.#attempt("revoked", () => this.#reading.consumer.revoked(this.#partition))
			this.#told = undefined
			this.#next = undefined
		}
	}

	/**
	 * Tells the consumer what there is and takes its answer; false if that failed. A place beyond the end that it was told of is looked at
	 * once more: the owner before may have moved it after our look.
	 */
	async #ask(): Promise<boolean> {
		const { consumer, source, pace } = this.#reading
		this.#changed = false
		const done = await this.#attempt("assigned", async () => {
			const facts = await source.facts(this.#partition)
			if (this.#stopped) return
			const { incarnation, low, high } = facts
			const answer = await consumer.assigned(this.#partition, { incarnation, low, high })
			this.#told = facts
			if (answer === null) return
			const now = answer > high ? await source.facts(this.#partition) : facts
			if (answer > now.high) this.#lost = answer
			if (answer !== this.#lost && now.incarnation === incarnation && answer >= now.low && answer <= now.high) {
				this.#told = now
				this.#next = answer
			}
		})
		if (!done && this.#told === undefined && !this.#stopped) await this.#alarm.wait(pace.retryMs)
		return this.#told !== undefined
	}

	/** Asks again soon once, since a place may be ahead of what was seen, then from time to time. */
	async #stayRed(): Promise<void> {
		const { redMs, retryMs } = this.#reading.pace
		if (!this.#stopped && !this.#changed) await this.#alarm.wait(this.#redBefore ? redMs : Math.min(redMs, retryMs))
		this.#redBefore = true
	}

	async #read(): Promise<void> {
		const { source, pace } = this.#reading
		this.#redBefore = false
		this.#lost = undefined
		while (!this.#stopped && !this.#changed && this.#next !== undefined && this.#told !== undefined) {
			const from = this.#next
			const { incarnation } = this.#told
			let records: readonly LogRecord[] = []
			const done = await this.#attempt("read", async () => {
				records = await source.read(this.#partition, from, incarnation)
			})
			const [first] = records
			if (!done) await this.#alarm.wait(pace.retryMs)
			else if (first === undefined) await this.#bell.wait(pace.idleMs)
			else if (source.dense && first.offset !== from) this.change()
			else await this.#deliver(records)
		}
	}

	/** The same records until the consumer has taken them, or the partition is somebody else's. */
	async #deliver(records: readonly LogRecord[]): Promise<void> {
		const last = records.at(-1)
		while (!this.#stopped && !this.#changed && last !== undefined) {
			if (await this.#attempt("records", () => this.#reading.consumer.records(this.#partition, records))) {
				this.#next = last.offset + 1n
				return
			}
			if (!this.#stopped) await this.#alarm.wait(this.#reading.pace.retryMs)
		}
	}

	async #attempt(doing: string, run: () => Promise<void>): Promise<boolean> {
		try {
			await run()
			return true
		} catch (error) {
			this.#reading.notice({ doing, partition: this.#partition, error })
			return false
		}
	}
}
