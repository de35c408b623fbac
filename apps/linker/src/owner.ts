import { type LogRecord, partitionOf as partitionOfKey } from "@yima/log"
import type { Mail, MailRow, Opening, Registry, Unseen, Writes } from "@yima/registry"
import type { Moment, Scope } from "@yima/schemas"
import { type Refreshed, refreshScopes, slice, type Touch } from "./refresh.ts"
import { type Letter, readLetter } from "./task.ts"
import { takeTurn } from "./turn.ts"

/** The most letters that one turn opens. */
const MOST_LETTERS = 20

/** A letter that asks what has become of scopes. */
interface Asking extends MailRow {
	readonly letter: Exclude<Letter, { readonly look: unknown }>
}

const askingIn = (mail: readonly MailRow[]): readonly Asking[] =>
	mail.flatMap((row) => {
		const letter = readLetter(row.task)
		return "look" in letter ? [] : [{ ...row, letter }]
	})

const NOTHING_UNSEEN: Unseen = { ids: [], families: [] }

export interface OwnerOptions {
	readonly partition: number
	readonly registry: Registry
	readonly incarnation: string
	readonly now: () => Moment
	/** Partitions for which a turn has left letters. */
	readonly posted: (partitions: ReadonlySet<number>) => void
	/** Up to when time has passed for all partitions, µs since 1970; else: up to now. */
	readonly passed?: () => Promise<number>
	readonly turned?: (turn: TurnReport) => void
	/** Told that something waits for time to pass on all partitions. */
	readonly waits?: () => void
}

/** How a turn went, for the operator's eyes. Moments in ms since 1970. */
export interface TurnReport {
	readonly partition: number
	readonly outcome: "done" | "fenced" | "stale"
	readonly records: readonly LogRecord[]
	readonly startedAt: number
	/** When its transaction began. */
	readonly committingAt: number
	readonly endedAt: number
}

const nowMs = (): number => performance.timeOrigin + performance.now()

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
	/** The last of some records of which one cannot be stored. */
	#suspected: bigint | null = null
	readonly #unstorable = new Set<bigint>()
	/** The last turn left what lies below for this one. */
	#isBelowNext = false

	constructor(options: OwnerOptions) {
		this.#options = options
	}

	give(records: readonly LogRecord[]): void {
		this.#records = [...this.#records, ...records]
	}

	/** When the log took in the first record that is given and not worked off, µs since 1970; null: there is none. */
	get unreadSince(): number | null {
		return this.#records[0]?.appendedAt ?? null
	}

	get isGiven(): boolean {
		return this.#records.length > 0
	}

	/** Takes one turn, if there is something to do. Failures of the registry are the caller's to repeat: nothing is lost or half-done. */
	async step(): Promise<Step> {
		const { partition, registry, incarnation, now, posted, turned } = this.#options
		const startedAt = nowMs()
		const opened = await registry.open(partition, now(), MOST_LETTERS, this.isGiven)
		const asking = askingIn(opened.mail)
		const early = await this.#early(asking.filter((each) => each.due === 0))
		const opening = { ...opened, mail: opened.mail.filter((each) => !early.has(each.number)) }
		const next = opening.position?.next ?? 0n
		this.#records = this.#records.filter((each) => each.offset >= next)
		// While one of them may be what the registry cannot store, they go one by one.
		const records = this.#suspected === null ? this.#records : this.#records.slice(0, 1)
		if (records.length === 0 && opening.mail.length === 0 && (opening.position?.unchecked ?? null) === null) return "idle"
		const unseen = await this.#unseen(opening)
		const partitionOf = (key: string) => partitionOfKey(key, registry.partitions)
		const turn = await takeTurn({ partition, opening, incarnation, records, unseen, partitionOf, unstorable: this.#unstorable }, registry)
		const ready = asking.filter((each) => !early.has(each.number))
		const refreshed = await this.#refresh(ready, turn, partitionOf)
		const writes: Writes = {
			...turn,
			states: refreshed.states,
			rulings: refreshed.rulings,
			requests: refreshed.requests,
			derived: [...turn.derived, ...refreshed.derived],
			mail: [...turn.mail, ...refreshed.mail],
		}
		const committingAt = nowMs()
		const answer = await registry.commit(partition, opening.position?.turn ?? 0, writes).catch((error: unknown) => {
			this.#suspect(error, records)
			throw error
		})
		turned?.({ partition, outcome: answer, records, startedAt, committingAt, endedAt: nowMs() })
		if (answer !== "done") return answer
		if (this.#suspected !== null && writes.next > this.#suspected) this.#suspected = null
		this.#records = this.#records.filter((each) => each.offset >= writes.next)
		if (refreshed.isWaiting) this.#options.waits?.()
		posted(new Set([...writes.mail.map((each) => each.partition), ...(writes.unchecked === null ? [] : [partition])]))
		return "done"
	}

	/** An answer that says of the data that it cannot be stored: one of these records is behind it, and where there is only one, that one. */
	#suspect(error: unknown, records: readonly LogRecord[]): void {
		const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : ""
		const last = records.at(-1)
		if (!/^(?:22|54)/.test(code) || last === undefined) return
		if (records.length === 1) this.#unstorable.add(last.offset)
		else this.#suspected = last.offset
	}

	/** Those letters that are left where they are while what is behind them is still being worked off: half of it would be said to be all. */
	async #early(asking: readonly Asking[]): Promise<ReadonlySet<bigint>> {
		if (asking.length === 0) return new Set()
		const reached = await this.#options.registry.reached(asking.map((each) => each.cause))
		const early = new Set(asking.filter((_, n) => reached[n] !== true).map((each) => each.number))
		// What is touched itself is seen to before what lies below it: lists and roll-ups show it at once. Every other time, lest the others wait for ever.
		const own = asking.filter((each) => !early.has(each.number) && "refresh" in each.letter)
		this.#isBelowNext = own.length > 0 && !this.#isBelowNext
		if (this.#isBelowNext) for (const each of asking) if ("below" in each.letter) early.add(each.number)
		return early
	}

	/** Works off the letters that ask what has become of scopes. */
	async #refresh(letters: readonly Asking[], { known }: Pick<Writes, "known">, partitionOf: (key: string) => number): Promise<Refreshed> {
		const { registry, partition, now, passed = async () => now() } = this.#options
		const [first] = letters
		if (first === undefined) return { states: [], rulings: [], requests: [], derived: [], mail: [], isWaiting: false }
		const touched = new Map<Scope, Touch[]>()
		const rest: Mail[] = []
		for (const { letter, cause, due } of letters) {
			const { via = [], tries = 0 } = "refresh" in letter ? letter : {}
			const some = await this.#touched(letter, { cause, partitionOf, partition })
			for (const [scope, by] of some.touched) touched.set(scope, [...(touched.get(scope) ?? []), { by, via, tries, isTime: due > 0 }])
			rest.push(...some.mail)
		}
		const asOf = Math.max(known, ...letters.map((each) => each.due)) as Moment
		const found = await refreshScopes(touched, { asOf, known, passed: await passed(), cause: first.cause, wall: now(), partitionOf }, registry)
		return { ...found, mail: [...rest, ...found.mail] }
	}

	#touched(letter: Asking["letter"], work: Parameters<typeof slice>[2]): ReturnType<typeof slice> {
		return "refresh" in letter ? Promise.resolve({ touched: letter.refresh, mail: [] }) : slice(letter.below, letter.after, work, this.#options.registry)
	}

	async #unseen({ position, turns }: Opening): Promise<Unseen> {
		const crossing = position?.unchecked ?? null
		const { partition, registry } = this.#options
		return crossing === null || isUndisturbed(partition, crossing.seen, turns) ? NOTHING_UNSEEN : registry.unseen(partition, crossing)
	}
}
