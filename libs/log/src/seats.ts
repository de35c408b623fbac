import { type Facts, type Reading, Seat } from "./seat.ts"

/** The partitions of a group among its members, as evenly as can be: `member` is one of `members`, in any order. */
export const shareOf = (member: string, members: readonly string[], partitions: number): readonly number[] => {
	const sorted = [...new Set(members)].sort()
	const index = sorted.indexOf(member)
	return Array.from({ length: partitions }, (_, partition) => partition).filter((partition) => partition % sorted.length === index)
}

/** The partitions that one member has at this moment. */
export class Seats {
	readonly #reading: Reading
	readonly #seats = new Map<number, Seat>()
	/** Partitions that were given away and whose last call may still be under way. */
	readonly #leaving = new Map<number, Promise<void>>()

	constructor(reading: Reading) {
		this.#reading = reading
	}

	/** These and no others are this member's from now on. */
	own(partitions: readonly number[]): void {
		for (const [partition, seat] of this.#seats) {
			if (partitions.includes(partition)) continue
			seat.stop()
			this.#seats.delete(partition)
			this.#leaving.set(partition, seat.left)
		}
		for (const partition of partitions) {
			if (this.#seats.has(partition)) continue
			this.#seats.set(partition, new Seat(partition, this.#reading, this.#leaving.get(partition) ?? Promise.resolve()))
		}
	}

	/** Like `own`, and those that were this member's before are asked about again, since somebody else may have had them in between. */
	renew(partitions: readonly number[]): void {
		this.own([])
		this.own(partitions)
	}

	get(partition: number): Seat | undefined {
		return this.#seats.get(partition)
	}

	wake(): void {
		for (const seat of this.#seats.values()) seat.wake()
	}

	/** Called before the log is looked at; see `Seat.look`. */
	look(): (facts: readonly Facts[]) => void {
		const looks = new Map([...this.#seats].map(([partition, seat]) => [partition, seat.look()]))
		return (facts) => {
			for (const fact of facts) looks.get(fact.partition)?.(fact)
		}
	}

	/** Lets go of everything; resolves when no call is under way. */
	async leave(): Promise<void> {
		this.own([])
		await Promise.all(this.#leaving.values())
	}
}
