import type { Consumer, LogRecord } from "../src/index.ts"

/** Somebody else has taken a turn on the partition since. */
export class Fenced extends Error {
	readonly _tag = "Fenced"
}

interface Position {
	turn: number
	place: bigint
	readonly values: string[]
	readonly by: string[]
}

/**
 * What a reader keeps, reduced to what matters here: per partition its place in the log and a turn that each transaction raises, as
 * `UPDATE position SET turn = turn + 1 WHERE turn = $expected` does, with records or without.
 */
export class Store {
	readonly positions = new Map<number, Position>()
	/** Places that led beyond the end of the log: they stay lost although it grows past them. */
	readonly lost = new Set<string>()
	incarnation: string | undefined

	position(partition: number): Position {
		const position = this.positions.get(partition) ?? { turn: 0, place: 0n, values: [], by: [] }
		this.positions.set(partition, position)
		return position
	}

	/** One transaction of the partition's owner; no records: one that works off the mailbox alone. */
	turn(partition: number, expected: number, records: readonly LogRecord[], by: string): void {
		const position = this.position(partition)
		if (position.turn !== expected) throw new Fenced(`partition ${partition}: turn ${position.turn}, not ${expected}`)
		position.turn += 1
		for (const record of records) {
			if (record.offset < position.place) throw new Error(`partition ${partition}: ${record.offset} twice`)
			position.place = record.offset + 1n
			position.values.push(record.value)
			position.by.push(by)
		}
	}

	get count(): number {
		return [...this.positions.values()].reduce((sum, { values }) => sum + values.length, 0)
	}
}

type Assigned = { readonly partition: number; readonly incarnation: string; readonly low: bigint; readonly high: bigint; readonly answer: bigint | null }

/** A member that keeps its places in the store, as the linker does: reads its turn when it is assigned, and again when it was fenced. */
export class Member implements Consumer {
	readonly name: string
	readonly store: Store
	readonly owned = new Set<number>()
	readonly asked: Assigned[] = []
	readonly fenced: number[] = []
	readonly #turns = new Map<number, number>()
	readonly #busy = new Set<number>()
	/** Called between receiving records and storing them. */
	before: (partition: number, records: readonly LogRecord[]) => Promise<void> = async () => {}

	constructor(name: string, store: Store) {
		this.name = name
		this.store = store
	}

	readonly assigned: Consumer["assigned"] = (partition, { incarnation, low, high }) =>
		this.#alone(partition, async () => {
			if (this.owned.has(partition)) throw new Error(`partition ${partition} assigned twice`)
			this.owned.add(partition)
			this.store.incarnation ??= incarnation
			const { place, turn } = this.store.position(partition)
			this.#turns.set(partition, turn)
			// The owner before may have moved the place after the log looked: seen beyond the end once means nothing, twice that it is lost.
			if (place > high && this.asked.some((one) => one.partition === partition && one.answer === place)) this.store.lost.add(`${partition}/${place}`)
			const found = incarnation === this.store.incarnation && place >= low && !this.store.lost.has(`${partition}/${place}`)
			const answer = found ? place : null
			this.asked.push({ partition, incarnation, low, high, answer })
			return answer
		})

	readonly records: Consumer["records"] = (partition, records) =>
		this.#alone(partition, async () => {
			if (!this.owned.has(partition)) throw new Error(`records of partition ${partition}, which is not assigned`)
			await this.before(partition, records)
			try {
				this.turn(partition, records)
			} catch (error) {
				if (error instanceof Fenced) {
					this.fenced.push(partition)
					this.#turns.set(partition, this.store.position(partition).turn)
				}
				throw error
			}
		})

	readonly revoked: Consumer["revoked"] = (partition) =>
		this.#alone(partition, async () => {
			if (!this.owned.delete(partition)) throw new Error(`partition ${partition} revoked, which is not assigned`)
		})

	/** One turn; what another has stored meanwhile is dropped. */
	turn(partition: number, records: readonly LogRecord[]): void {
		const turn = this.#turns.get(partition) ?? 0
		const { place } = this.store.position(partition)
		const fresh = records.filter(({ offset }) => offset >= place)
		this.store.turn(partition, turn, fresh, this.name)
		this.#turns.set(partition, turn + 1)
	}

	async #alone<A>(partition: number, run: () => Promise<A>): Promise<A> {
		if (this.#busy.has(partition)) throw new Error(`calls overlap on partition ${partition}`)
		this.#busy.add(partition)
		try {
			return await run()
		} finally {
			this.#busy.delete(partition)
		}
	}
}
