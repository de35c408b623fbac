import type { Kafka } from "kafkajs"
import { Appender, unavailable } from "./appender.ts"
import { type After, Bell, realTime } from "./bell.ts"
import { clientOf, type KafkaConnection } from "./kafka-client.ts"
import { KafkaFacts } from "./kafka-facts.ts"
import { KafkaMember } from "./kafka-member.ts"
import { KafkaSender } from "./kafka-sender.ts"
import { ensureTopic, UnfitTopic } from "./kafka-topic.ts"
import { type Consumer, type Log, LogUnavailable, type Membership, type Message } from "./log.ts"
import { type Notice, unheard } from "./notice.ts"
import { scatter } from "./scatter.ts"
import type { Pace } from "./seat.ts"

/**
 * How long a broker may take to answer. An append waits longest, since replicas that fell silent are first taken off the list, which
 * takes Kafka 9 s; what is given up earlier is only sent twice.
 */
const APPEND_MS = 15_000
const FETCH_MS = 10_000
const LOOK_MS = 5000

/** How long an append is tried before it fails. */
const PATIENCE_MS = 30_000

/** Who leads what is asked anew after so long: kafkajs does not ask when a broker falls silent instead of closing its connection. */
const METADATA_MS = 5000

export interface KafkaLogOptions extends KafkaConnection {
	readonly topic: string
	/** How many partitions the topic gets if it is not there yet. */
	readonly partitions: number
	/** For a new topic: three replicas where there are three brokers; 30 days. */
	readonly replicationFactor?: number
	readonly retentionDays?: number
	/** A member that has not been heard of for so long is gone (6 s); it shows itself each `beatMs` (1 s). */
	readonly sessionMs?: number
	readonly beatMs?: number
	/** How often the topic's id and watermarks are looked at (2 s). */
	readonly watchMs?: number
	/** The pause before a failed delivery or connection is tried again (1 s), and before a red partition's consumer is asked again (5 s). */
	readonly retryMs?: number
	readonly redMs?: number
	readonly after?: After
	readonly notice?: Notice
}

class KafkaLog implements Log {
	readonly partitions: number
	readonly #options: KafkaLogOptions
	readonly #pace: Pace
	readonly #notice: Notice
	readonly #connect: () => Kafka
	readonly #sender: KafkaSender
	readonly #facts: KafkaFacts
	readonly #appenders: readonly Appender[]
	readonly #members = new Set<KafkaMember>()
	readonly #bell: Bell
	#watching: Promise<void> | undefined
	#closed = false

	constructor(options: KafkaLogOptions, partitions: number, kafka: () => Kafka, sender: KafkaSender, facts: KafkaFacts) {
		const { notice = unheard, after = realTime, retryMs = 1000, redMs = 5000, watchMs = 2000 } = options
		this.#options = options
		this.partitions = partitions
		this.#notice = notice
		this.#pace = { after, retryMs, redMs, idleMs: watchMs }
		this.#connect = kafka
		this.#sender = sender
		this.#facts = facts
		this.#bell = new Bell(after)
		this.#appenders = Array.from({ length: partitions }, (_, partition) => new Appender((messages) => sender.send(partition, messages), after))
	}

	incarnation(): Promise<string> {
		return this.#facts.incarnation()
	}

	async append(messages: readonly Message[]) {
		if (this.#closed) throw new LogUnavailable("the log is closed")
		return scatter(messages, this.#appenders)
	}

	async watermarks() {
		return (await this.#facts.all()).map(({ partition, low, high }) => ({ partition, low, high }))
	}

	async join(group: string, consumer: Consumer): Promise<Membership> {
		if (this.#closed) throw new LogUnavailable("the log is closed")
		const { topic, sessionMs = 6000, beatMs = 1000 } = this.#options
		const shape = { topic, group, sessionMs, beatMs, metadataMs: METADATA_MS, partitions: this.partitions }
		const member = new KafkaMember(this.#connect, shape, this.#facts, consumer, this.#pace, this.#notice)
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
		if (this.#closed) return
		this.#closed = true
		await Promise.all(this.#appenders.map((appender) => appender.drained()))
		await Promise.all([...this.#members].map((member) => member.leave()))
		this.#bell.ring()
		await this.#watching
		await Promise.allSettled([this.#sender.close(), this.#facts.close()])
	}

	/** Looks at the topic from time to time, for one that is not what it was. */
	async #watch(): Promise<void> {
		while (!this.#closed) {
			const looks = [...this.#members].map(({ seats }) => seats.look())
			try {
				if (looks.length > 0) {
					const facts = await this.#facts.all()
					for (const look of looks) look(facts)
				}
			} catch (error) {
				this.#notice({ doing: "watch", error })
			}
			if (!this.#closed) await this.#bell.wait(this.#pace.idleMs)
		}
	}
}

/**
 * The log in Kafka, for production. Creates the topic if it is not there. An append is acknowledged when all replicas in sync have it.
 * Fails with `LogUnavailable` if no broker answers; later outages pass by themselves.
 */
export const openKafkaLog = async (options: KafkaLogOptions): Promise<Log> => {
	const { after = realTime, notice = unheard } = options
	const client = (requestTimeout: number) => clientOf(options, requestTimeout, notice)
	const kafka = client(LOOK_MS)
	const { topic, partitions, replicationFactor, retentionDays } = options
	const facts = new KafkaFacts(kafka, topic)
	const sending = { topic, answerMs: APPEND_MS, patienceMs: PATIENCE_MS, metadataMs: METADATA_MS, after, notice }
	try {
		const there = await ensureTopic(kafka, { topic, partitions, replicationFactor, retentionDays })
		await facts.incarnation()
		// Groups of one client share offsets in kafkajs: each member gets a client of its own.
		return new KafkaLog(options, there, () => client(FETCH_MS), new KafkaSender(client(APPEND_MS), sending), facts)
	} catch (error) {
		await facts.close()
		throw error instanceof UnfitTopic ? error : unavailable("the log in Kafka cannot be opened", error)
	}
}
