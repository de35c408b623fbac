import type { Batch, Kafka, Consumer as KafkaConsumer, KafkaMessage } from "kafkajs"
import { Bell } from "./bell.ts"
import { type KafkaLife, live } from "./kafka-life.ts"
import { type Consumer, type LogRecord, LogUnavailable, type Membership } from "./log.ts"
import type { Notice } from "./notice.ts"
import type { Facts, Pace, Source } from "./seat.ts"
import { Seats } from "./seats.ts"

/** One delivery takes as many records. */
const READ_RECORDS = 2000

/** A partition with so much waiting for its consumer is not fetched until there is less. */
const AHEAD_BYTES = 4_000_000

/** How long a fetch waits for a first record; resuming a partition takes as long at most. */
const FETCH_MS = 100

export interface KafkaGroup {
	readonly topic: string
	readonly group: string
	/** A member that has not been heard of for so long is gone. */
	readonly sessionMs: number
	readonly beatMs: number
	/** How old kafkajs's knowledge of who leads what may become. */
	readonly metadataMs: number
	readonly partitions: number
}

/** What was fetched of one partition and not yet handed on. */
interface Ahead {
	readonly records: LogRecord[]
	bytes: number
	/** The offset of the next record to hand on, and of the next to fetch. */
	head: bigint
	tail: bigint
	paused: boolean
}

const recordOf = (partition: number, { offset, timestamp, key, value }: KafkaMessage): LogRecord => ({
	partition,
	offset: BigInt(offset),
	appendedAt: Number(timestamp) * 1000,
	key: key?.toString() ?? "",
	value: value?.toString() ?? "",
})

/**
 * One member of a Kafka consumer group. kafkajs joins, fetches and heartbeats; its callback only puts what it fetched aside, so that a
 * slow consumer delays neither heartbeats nor other partitions, and pauses the partition when enough lies there. Offsets are ours alone:
 * nothing is fetched before the consumer was asked, and what kafkajs fetched from elsewhere, as it does after an out-of-range answer, is
 * dropped. When kafkajs gives up, all partitions are let go and it is started anew.
 */
export class KafkaMember implements Membership {
	readonly seats: Seats
	readonly joined: Promise<void>
	readonly #kafka: () => Kafka
	readonly #group: KafkaGroup
	readonly #facts: { readonly incarnation: () => Promise<string>; readonly all: () => Promise<readonly Facts[]> }
	readonly #pace: Pace
	readonly #notice: Notice
	readonly #bell: Bell
	readonly #ahead = new Map<number, Ahead>()
	#consumer: KafkaConsumer | undefined
	#life: KafkaLife | undefined
	#leaving = false
	readonly #ended: Promise<void>

	constructor(
		kafka: () => Kafka,
		group: KafkaGroup,
		facts: { readonly incarnation: () => Promise<string>; readonly all: () => Promise<readonly Facts[]> },
		consumer: Consumer,
		pace: Pace,
		notice: Notice,
	) {
		this.#kafka = kafka
		this.#group = group
		this.#facts = facts
		this.#pace = pace
		this.#notice = notice
		this.#bell = new Bell(pace.after)
		const source: Source = {
			dense: false,
			facts: (partition) => this.#factsOf(partition),
			read: (partition, from, incarnation) => this.#read(partition, from, incarnation),
			rest: (partition) => this.#rest(partition),
		}
		this.seats = new Seats({ consumer, source, pace, notice })
		const joined = Promise.withResolvers<void>()
		this.joined = joined.promise
		this.#ended = this.#run(joined)
	}

	/** Lets others have the partitions when no call is under way, or after a session's time at the latest. */
	async leave(): Promise<void> {
		const left = this.seats.leave()
		const patience = Promise.withResolvers<void>()
		const callOff = this.#pace.after(this.#group.sessionMs, patience.resolve)
		await Promise.race([left, patience.promise])
		callOff()
		this.#leaving = true
		this.#life?.end(undefined)
		this.#bell.ring()
		await this.#ended
		await left
	}

	async #run(joined: { readonly resolve: () => void; readonly reject: (error: unknown) => void }): Promise<void> {
		while (!this.#leaving) {
			const error = await this.#runOnce(joined.resolve)
			if (error !== undefined) this.#notice({ doing: "membership", error })
			if (!this.#leaving) await this.#bell.wait(this.#pace.retryMs)
		}
		joined.reject(new LogUnavailable("left before it had joined"))
	}

	/** One membership; answers what ended it. */
	async #runOnce(joined: () => void): Promise<unknown> {
		const { topic, group, sessionMs, beatMs, metadataMs, partitions } = this.#group
		this.#life = live(this.#kafka(), {
			group: {
				groupId: group,
				sessionTimeout: sessionMs,
				rebalanceTimeout: sessionMs,
				heartbeatInterval: beatMs,
				maxWaitTimeInMs: FETCH_MS,
				metadataMaxAge: metadataMs,
			},
			topics: [topic],
			fromBeginning: false,
			run: { partitionsConsumedConcurrently: partitions, eachBatch: async ({ batch }) => this.#put(batch) },
			joined: (assignment, consumer) => {
				this.#assign(consumer, assignment[topic] ?? [])
				joined()
			},
			isBusy: () => false,
			after: this.#pace.after,
			notice: this.#notice,
		})
		const error = await this.#life.ended
		this.#consumer = undefined
		this.#ahead.clear()
		this.seats.own([])
		await this.#life.leave()
		return error
	}

	/** Called before anything is fetched of the new assignment: all rests until its consumer was asked. */
	#assign(consumer: KafkaConsumer, partitions: readonly number[]): void {
		if (this.#leaving) return
		this.#consumer = consumer
		this.#ahead.clear()
		consumer.pause([{ topic: this.#group.topic, partitions: [...partitions] }])
		this.seats.renew(partitions)
	}

	/** Puts aside what kafkajs fetched, if it continues what lies there; otherwise has it fetched again from the right place. */
	#put(batch: Batch): void {
		const ahead = this.#ahead.get(batch.partition)
		if (ahead === undefined) return
		const { tail } = ahead
		const { topic } = this.#group
		if (Reflect.get(batch, "fetchedOffset") !== String(tail)) {
			this.#consumer?.seek({ topic, partition: batch.partition, offset: String(tail) })
			return
		}
		for (const message of batch.messages) {
			ahead.records.push(recordOf(batch.partition, message))
			ahead.bytes += message.value?.length ?? 0
		}
		ahead.tail = BigInt(batch.lastOffset()) + 1n
		if (ahead.bytes > AHEAD_BYTES) {
			ahead.paused = true
			this.#consumer?.pause([{ topic, partitions: [batch.partition] }])
		}
		this.seats.get(batch.partition)?.wake()
	}

	async #factsOf(partition: number): Promise<Facts> {
		const facts = (await this.#facts.all()).find((one) => one.partition === partition)
		if (facts === undefined) throw new LogUnavailable(`there is no partition ${partition} of ${this.#group.topic}`)
		return facts
	}

	/**
	 * Hands on what lies there from `from` on; the first time, has kafkajs fetch from there. What was fetched may be of a topic that was
	 * created anew under the name: the id is asked for once more before it goes out, and it is handed on only if that is still the same.
	 */
	async #read(partition: number, from: bigint, incarnation: string): Promise<readonly LogRecord[]> {
		const { topic } = this.#group
		const consumer = this.#consumer
		if (consumer === undefined) return []
		const ahead = this.#ahead.get(partition)
		if (ahead === undefined || ahead.head !== from) {
			consumer.seek({ topic, partition, offset: String(from) })
			consumer.resume([{ topic, partitions: [partition] }])
			this.#ahead.set(partition, { records: [], bytes: 0, head: from, tail: from, paused: false })
			return []
		}
		if (ahead.records.length === 0) return []
		const now = await this.#facts.incarnation()
		if (now !== incarnation) {
			this.seats.get(partition)?.change()
			return []
		}
		if (this.#ahead.get(partition) !== ahead) return []
		const records = ahead.records.splice(0, READ_RECORDS)
		ahead.head = (records.at(-1)?.offset ?? from - 1n) + 1n
		ahead.bytes -= records.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0)
		if (ahead.paused && ahead.bytes <= AHEAD_BYTES / 2) {
			ahead.paused = false
			consumer.resume([{ topic, partitions: [partition] }])
		}
		return records
	}

	#rest(partition: number): void {
		if (!this.#ahead.delete(partition)) return
		this.#consumer?.pause([{ topic: this.#group.topic, partitions: [partition] }])
	}
}
