import { Client, DatabaseError, Pool, type PoolConfig } from "pg"
import { Appender, unavailable } from "./appender.ts"
import { type After, Bell, realTime } from "./bell.ts"
import { EmbeddedMember } from "./embedded-member.ts"
import { createEmbeddedLog } from "./embedded-schema.ts"
import { Herald, Listener, type Signal } from "./embedded-signals.ts"
import { type Consumer, type Log, LogBusy, type LogRecord, LogUnavailable, type Membership, type Message } from "./log.ts"
import { type Notice, unheard } from "./notice.ts"
import { pack, unpack } from "./packed.ts"
import { scatter } from "./scatter.ts"
import type { Facts, Pace, Reading, Source } from "./seat.ts"

export { createEmbeddedLog } from "./embedded-schema.ts"

/** Somebody who holds a partition's counter for longer makes an append fail with `LogBusy`. */
const BUSY_MS = 2000

/** An answer that takes longer is given up: the server is stopped or cut off, and nobody can say what became of the question. */
const QUERY_MS = 30_000

/** One read takes as many records, or so many bytes, whichever is first. */
const READ_RECORDS = 2000
const READ_BYTES = 4_000_000

export interface EmbeddedLogOptions {
	readonly connectionString: string
	readonly topic: string
	/** How many partitions the topic gets if it is not there yet. */
	readonly partitions: number
	/** A member of a group that has not been seen for so long is gone (6 s); it shows itself each `beatMs` (1 s). */
	readonly leaseMs?: number
	readonly beatMs?: number
	/** How often a reader looks for what no notification told it (500 ms). */
	readonly pollMs?: number
	/** The pause before a failed delivery, read or connection is tried again (1 s), and before a red partition's consumer is asked again (5 s). */
	readonly retryMs?: number
	readonly redMs?: number
	readonly after?: After
	readonly notice?: Notice
}

/**
 * One statement, so that it is one transaction and one round trip and nobody is waited for while the counter is held. The counter's
 * row lock orders the writers of a partition; under it the append time is taken. Index: the primary keys of topic, partition, record.
 */
const APPEND = `
WITH counter AS (
	UPDATE log.partition AS p SET next = p.next + $3
	FROM log.topic AS t WHERE t.name = $1 AND p.topic = t.id AND p.partition = $2
	RETURNING p.topic, p.next - $3 AS first, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS appended_at
), written AS (
	INSERT INTO log.record (topic, partition, "offset", appended_at, key, value)
	SELECT topic, $2, first + i - 2, appended_at, m.key, m.value
	FROM counter, unnest(string_to_array($4, E'\\x1e'), string_to_array($5, E'\\x1e')) WITH ORDINALITY AS m(key, value, i)
	WHERE i > 1
)
SELECT first FROM counter`

/** Index: the primary key of record; the sum bounds what one answer holds, the first record comes in any case. */
const READ = `
SELECT "offset", appended_at, key, value
FROM (
	SELECT "offset", appended_at, key, value, sum(octet_length(value)) OVER (ORDER BY "offset") - octet_length(value) AS before
	FROM (
		SELECT "offset", appended_at, key, value FROM log.record
		WHERE topic = (SELECT id FROM log.topic WHERE name = $1 AND incarnation = $2) AND partition = $3 AND "offset" >= $4
		ORDER BY "offset" LIMIT ${READ_RECORDS}
	) AS found
) AS summed
WHERE before < ${READ_BYTES}
ORDER BY "offset"`

const FACTS = `SELECT t.incarnation, p.partition, p.low, p.next AS high FROM log.topic AS t JOIN log.partition AS p ON p.topic = t.id WHERE t.name = $1 ORDER BY p.partition`

interface FactsRow {
	readonly incarnation: string
	readonly partition: number
	readonly low: string
	readonly high: string
}

interface RecordRow {
	readonly offset: string
	readonly appended_at: string
	readonly key: string
	readonly value: string
}

/** A pool whose idle connections may break: unhandled, that would end the process when the database restarts. */
const openPool = (config: PoolConfig, notice: Notice): Pool => {
	const pool = new Pool({ keepAlive: true, connectionTimeoutMillis: 5000, query_timeout: QUERY_MS, ...config })
	pool.on("error", (error) => notice({ doing: "connection", error }))
	return pool
}

class EmbeddedLog implements Log, Source {
	readonly dense = true
	readonly partitions: number
	readonly #options: EmbeddedLogOptions
	readonly #pace: Pace
	readonly #notice: Notice
	/** One connection for each partition at most, so that a partition that is held leaves the others theirs. */
	readonly #writers: Pool
	readonly #readers: Pool
	/** Leases, looks and notifications: they never queue behind records and need not survive a power cut. */
	readonly #small: Pool
	readonly #herald: Herald
	readonly #appenders: readonly Appender[]
	readonly #members = new Set<EmbeddedMember>()
	readonly #bell: Bell
	#listener: Listener | undefined
	#watching: Promise<void> | undefined
	#closed = false

	constructor(options: EmbeddedLogOptions, partitions: number) {
		const { connectionString, topic, notice = unheard, after = realTime, retryMs = 1000, redMs = 5000, pollMs = 500, leaseMs = 6000 } = options
		this.#options = options
		this.partitions = partitions
		this.#notice = notice
		this.#pace = { after, retryMs, redMs, idleMs: pollMs }
		this.#bell = new Bell(after)
		this.#writers = openPool({ connectionString, max: partitions, options: `-c synchronous_commit=on -c lock_timeout=${BUSY_MS}` }, notice)
		this.#readers = openPool({ connectionString, max: 4 }, notice)
		this.#small = openPool({ connectionString, max: 2, query_timeout: leaseMs, options: "-c synchronous_commit=off" }, notice)
		this.#herald = new Herald(topic, this.#small, after, notice)
		this.#appenders = Array.from({ length: partitions }, (_, partition) => new Appender((messages) => this.#commit(partition, messages), after))
	}

	async incarnation(): Promise<string> {
		const [facts] = await this.#facts()
		if (facts === undefined) throw new LogUnavailable(`there is no topic ${this.#options.topic}`)
		return facts.incarnation
	}

	async append(messages: readonly Message[]) {
		if (this.#closed) throw new LogUnavailable("the log is closed")
		return scatter(messages, this.#appenders)
	}

	async watermarks() {
		const facts = await this.#facts()
		return facts.map(({ partition, low, high }) => ({ partition, low, high }))
	}

	async join(group: string, consumer: Consumer): Promise<Membership> {
		if (this.#closed) throw new LogUnavailable("the log is closed")
		const { connectionString, topic, leaseMs = 6000, beatMs = 1000 } = this.#options
		this.#listener ??= new Listener(connectionString, (signal) => this.#hear(signal), this.#pace, this.#notice)
		const reading: Reading = { consumer, source: this, pace: this.#pace, notice: this.#notice }
		const lease = { topic, group, partitions: this.partitions, leaseMs, beatMs }
		const member = new EmbeddedMember(lease, this.#small, reading, () => this.#herald.regrouped(group))
		this.#members.add(member)
		this.#watching ??= this.#watch()
		await member.joined
		return {
			leave: async () => {
				this.#members.delete(member)
				await member.leave()
			},
		}
	}

	async close(): Promise<void> {
		this.#closed = true
		await Promise.all(this.#appenders.map((appender) => appender.drained()))
		await Promise.all([...this.#members].map((member) => member.leave()))
		this.#bell.ring()
		await this.#watching
		await this.#listener?.close()
		await Promise.all([this.#writers.end(), this.#readers.end(), this.#small.end()])
	}

	async facts(partition: number): Promise<Facts> {
		const facts = (await this.#facts())[partition]
		if (facts === undefined) throw new LogUnavailable(`there is no partition ${partition} of ${this.#options.topic}`)
		return facts
	}

	async read(partition: number, from: bigint, incarnation: string): Promise<readonly LogRecord[]> {
		const { rows } = await this.#readers.query<RecordRow>({
			name: "log-read",
			text: READ,
			values: [this.#options.topic, incarnation, partition, String(from)],
		})
		return rows.map(({ offset, appended_at, key, value }) => ({
			partition,
			offset: BigInt(offset),
			appendedAt: Number(appended_at),
			key: unpack(key),
			value: unpack(value),
		}))
	}

	async #commit(partition: number, messages: readonly Message[]): Promise<bigint> {
		const { topic } = this.#options
		const keys = pack(messages.map(({ key }) => key))
		const values = pack(messages.map(({ value }) => value))
		try {
			const { rows } = await this.#writers.query<{ first: string }>({
				name: "log-append",
				text: APPEND,
				values: [topic, partition, messages.length, keys, values],
			})
			const [row] = rows
			if (row === undefined) throw new LogUnavailable(`there is no partition ${partition} of ${topic}`)
			for (const { seats } of this.#members) seats.get(partition)?.wake()
			this.#herald.appended(partition)
			return BigInt(row.first)
		} catch (error) {
			if (error instanceof DatabaseError && error.code === "55P03")
				throw new LogBusy(`partition ${partition} is held for longer than ${BUSY_MS} ms`, { cause: error })
			throw unavailable(`partition ${partition} did not take it`, error)
		}
	}

	async #facts(): Promise<readonly Facts[]> {
		try {
			const { rows } = await this.#small.query<FactsRow>(FACTS, [this.#options.topic])
			return rows.map(({ incarnation, partition, low, high }) => ({ incarnation, partition, low: BigInt(low), high: BigInt(high) }))
		} catch (error) {
			throw unavailable("the log cannot be looked at", error)
		}
	}

	#hear(signal: Signal): void {
		if (signal.topic !== this.#options.topic) return
		for (const member of this.#members) {
			if ("group" in signal) member.wake()
			else for (const partition of signal.partitions) member.seats.get(partition)?.wake()
		}
	}

	/** Looks at the log from time to time: for records that no notification told of, and for a log that is not what it was. */
	async #watch(): Promise<void> {
		while (!this.#closed) {
			const looks = [...this.#members].map(({ seats }) => seats.look())
			try {
				const facts = await this.#facts()
				for (const look of looks) look(facts)
			} catch (error) {
				this.#notice({ doing: "watch", error })
			}
			await this.#bell.wait(this.#pace.idleMs)
		}
	}
}

/**
 * The log in PostgreSQL, for one machine: trials, a small county, tests. Creates its tables and the topic if they are not there. An
 * append is acknowledged when its transaction is on disk. After an outage of the database everything goes on by itself; only this call
 * fails, with `LogUnavailable`, if the database is not there at all.
 */
export const openEmbeddedLog = async (options: EmbeddedLogOptions): Promise<Log> => {
	const client = new Client({ connectionString: options.connectionString, connectionTimeoutMillis: 5000 })
	client.on("error", (error) => (options.notice ?? unheard)({ doing: "connection", error }))
	try {
		await client.connect()
		const { partitions } = await createEmbeddedLog(client, options.topic, options.partitions)
		return new EmbeddedLog(options, partitions)
	} catch (error) {
		throw unavailable("the embedded log cannot be opened", error)
	} finally {
		await client.end()
	}
}
