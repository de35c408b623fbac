import { Appender } from "./appender.ts"
import { type After, realTime } from "./bell.ts"
import { type Consumer, type Log, LogBusy, type LogRecord, LogUnavailable, type Membership, type Message } from "./log.ts"
import { type Notice, unheard } from "./notice.ts"
import { scatter } from "./scatter.ts"
import type { Facts, Pace, Source } from "./seat.ts"
import { Seats, shareOf } from "./seats.ts"

/** Records of one delivery. */
const READ = 1000

export interface MemoryLogOptions {
	readonly partitions: number
	/** The append time of what is appended now, µs since 1970. */
	readonly now?: () => number
	/** Whether somebody holds the partition (and has for as long as this takes to answer): then appends to it fail with `LogBusy`. */
	readonly busy?: (partition: number) => boolean | Promise<boolean>
	/** The time that passes between tries. */
	readonly after?: After
	readonly retryMs?: number
	readonly redMs?: number
	readonly notice?: Notice
}

/** The log in memory, with what only a test or a simulation may do to it. */
export interface MemoryLog extends Log {
	/** All records of a partition, without joining. */
	readonly held: (partition: number) => readonly LogRecord[]
	/** Another log in place of this one, as if the topic had been deleted and created again. */
	readonly recreate: () => void
	/** Loses everything from this offset on, as a restored backup would. */
	readonly truncate: (partition: number, from: bigint) => void
}

/**
 * The log in one process's memory: deterministic as long as its clock is, for simulations and quick tests. Nothing survives the process.
 */
export const memoryLog = (options: MemoryLogOptions): MemoryLog => {
	const { partitions, now = () => Date.now() * 1000, busy = () => false, after = realTime, notice = unheard } = options
	const pace: Pace = { after, retryMs: options.retryMs ?? 1000, redMs: options.redMs ?? 5000, idleMs: 3_600_000 }
	const all = Array.from({ length: partitions }, (_, partition) => partition)
	const held: LogRecord[][] = all.map(() => [])
	const groups = new Map<string, Map<string, Seats>>()
	let created = 1
	let joined = 0
	let closed = false

	const members = (): readonly Seats[] => [...groups.values()].flatMap((group) => [...group.values()])
	const incarnation = () => `memory-${created}`
	const facts = (partition: number): Facts => ({ incarnation: incarnation(), partition, low: 0n, high: BigInt(held[partition]?.length ?? 0) })

	const commit = async (partition: number, messages: readonly Message[]): Promise<bigint> => {
		if (closed) throw new LogUnavailable("the log is closed")
		if (await busy(partition)) throw new LogBusy(`partition ${partition} is held`)
		const records = held[partition] ?? []
		const first = BigInt(records.length)
		const appendedAt = now()
		for (const [i, { key, value }] of messages.entries())
			records.push({ partition, offset: first + BigInt(i), appendedAt, key: key.toWellFormed(), value: value.toWellFormed() })
		for (const seats of members()) seats.get(partition)?.wake()
		return first
	}
	const appenders = all.map((partition) => new Appender((messages) => commit(partition, messages), after, 0))

	const source: Source = {
		dense: true,
		facts: async (partition) => facts(partition),
		read: async (partition, from, of) => (of === incarnation() ? (held[partition] ?? []).slice(Number(from), Number(from) + READ) : []),
	}

	const share = (group: Map<string, Seats>) => {
		for (const [member, seats] of group) seats.own(shareOf(member, [...group.keys()], partitions))
	}

	/** Shows everyone what the log has become; `how` changes it. */
	const meanwhile = (how: () => void) => {
		const looks = members().map((seats) => seats.look())
		how()
		for (const look of looks) look(all.map(facts))
	}

	return {
		partitions,
		incarnation: async () => incarnation(),
		append: (messages) => scatter(messages, appenders),
		watermarks: async () => all.map((partition) => ({ partition, low: 0n, high: facts(partition).high })),
		join: async (name: string, consumer: Consumer): Promise<Membership> => {
			if (closed) throw new LogUnavailable("the log is closed")
			const group = groups.get(name) ?? new Map<string, Seats>()
			groups.set(name, group)
			joined += 1
			const member = String(joined).padStart(9, "0")
			const seats = new Seats({ consumer, source, pace, notice })
			group.set(member, seats)
			share(group)
			return {
				leave: async () => {
					group.delete(member)
					share(group)
					await seats.leave()
				},
			}
		},
		close: async () => {
			await Promise.all(appenders.map((appender) => appender.drained()))
			closed = true
			const seats = members()
			groups.clear()
			await Promise.all(seats.map((one) => one.leave()))
		},
		held: (partition) => held[partition] ?? [],
		recreate: () =>
			meanwhile(() => {
				created += 1
				for (const records of held) records.length = 0
			}),
		truncate: (partition, from) =>
			meanwhile(() => {
				const records = held[partition]
				if (records !== undefined) records.length = Number(from)
			}),
	}
}
