import { type LogRecord, partitionOf as partitionOfKey } from "@yima/log"
import type { Mail, Opening, Registry, Unseen, Writes } from "@yima/registry"
import type { EventKey, Moment, Scope } from "@yima/schemas"
import { type Refreshed, refreshUnits, slice } from "./refresh.ts"
import { readLetter } from "./task.ts"
import { takeTurn } from "./turn.ts"

/** The most letters that one turn opens. */
const MOST_LETTERS = 20

const NOTHING_UNSEEN: Unseen = { ids: [], families: [] }

export interface OwnerOptions {
	readonly partition: number
	readonly registry: Registry
	readonly incarnation: string
	readonly now: () => Moment
	/** Partitions for which a turn has left letters. */
	readonly posted: (partitions: ReadonlySet<number>) => void
}

/** Of two turns, whether nobody else has taken one in between: then nobody can have written unseen. */
const isUndisturbed = (partition: number, seen: readonly number[], now: readonly number[]): boolean =>
	now.every((turn, each) => each === partition || turn === (seen[each] ?? 0))

/** What one step of an owner did. `idle`: there was nothing to do. */
export type Step = "done" | "idle" | "fenced" | "stale"

/**
 * The owner of one partition: takes its turns, one after the other. It keeps nothing between turns but the records that the log has
 * given it: a turn begins with what the registry says, so that a crash, a zombie or a lost answer changes nothing.
 */
export class Owner {
	readonly #options: OwnerOptions
	#records: readonly LogRecord[] = []

	constructor(options: OwnerOptions) {
		this.#options = options
	}

	give(records: readonly LogRecord[]): void {
		this.#records = [...this.#records, ...records]
	}

	get isGiven(): boolean {
		return this.#records.length > 0
	}

	/** Takes one turn, if there is something to do. Failures of the registry are the caller's to repeat: nothing is lost or half-done. */
	async step(): Promise<Step> {
		const { partition, registry, incarnation, now, posted } = this.#options
		const opening = await registry.open(partition, now(), MOST_LETTERS)
		const next = opening.position?.next ?? 0n
		const records = this.#records.filter((each) => each.offset >= next)
		this.#records = records
		if (records.length === 0 && opening.mail.length === 0 && (opening.position?.unchecked ?? null) === null) return "idle"
		const unseen = await this.#unseen(opening)
		const partitionOf = (key: string) => partitionOfKey(key, registry.partitions)
		const turn = await takeTurn({ partition, opening, incarnation, records, unseen, partitionOf }, registry)
		const refreshed = await this.#refresh(opening, turn, partitionOf)
		const writes = { ...turn, states: refreshed.states, derived: [...turn.derived, ...refreshed.derived], mail: [...turn.mail, ...refreshed.mail] }
		const answer = await registry.commit(partition, opening.position?.turn ?? 0, writes)
		if (answer !== "done") return answer
		this.#records = this.#records.filter((each) => each.offset >= writes.next)
		posted(new Set([...writes.mail.map((each) => each.partition), ...(writes.unchecked === null ? [] : [partition])]))
		return "done"
	}

	/** Works off the letters that ask what has become of units. */
	async #refresh({ mail, position }: Opening, { known }: Writes, partitionOf: (key: string) => number): Promise<Refreshed> {
		const { registry, partition } = this.#options
		const cause = { partition, offset: position?.next ?? 0n }
		const touched = new Map<Scope, EventKey>()
		const rest: Mail[] = []
		let asOf: Moment = known as number as Moment
		for (const { task, due } of mail) {
			const letter = readLetter(task)
			if ("look" in letter) continue
			asOf = Math.max(asOf, due) as Moment
			const some = "refresh" in letter ? { touched: letter.refresh, mail: [] } : await slice(letter.below, letter.after, { cause, partitionOf }, registry)
			for (const [scope, by] of some.touched) touched.set(scope, by)
			rest.push(...some.mail)
		}
		if (touched.size === 0) return { states: [], derived: [], mail: rest }
		const found = await refreshUnits([...touched], { asOf, known, cause, partitionOf }, registry)
		return { ...found, mail: [...rest, ...found.mail] }
	}

	async #unseen({ position, turns }: Opening): Promise<Unseen> {
		const crossing = position?.unchecked ?? null
		const { partition, registry } = this.#options
		return crossing === null || isUndisturbed(partition, crossing.seen, turns) ? NOTHING_UNSEEN : registry.unseen(partition, crossing)
	}
}
