import type { Admin, Kafka } from "kafkajs"
import { unavailable } from "./appender.ts"
import { Coalesced } from "./coalesced.ts"
import { TopicId } from "./kafka-topic-id.ts"
import { LogUnavailable } from "./log.ts"
import type { Facts } from "./seat.ts"

/** What a topic is at this moment. After any error it starts over with new connections, since kafkajs's admin keeps stale leaders. */
export class KafkaFacts {
	readonly #kafka: Kafka
	readonly #topic: string
	readonly #id: TopicId
	readonly #incarnations: Coalesced<string>
	readonly #looks: Coalesced<readonly Facts[]>
	#admin: Promise<Admin> | undefined

	constructor(kafka: Kafka, topic: string) {
		this.#kafka = kafka
		this.#topic = topic
		this.#id = new TopicId(kafka, topic)
		this.#incarnations = new Coalesced(() => this.#fetchIncarnation())
		this.#looks = new Coalesced(() => this.#look())
	}

	/** The topic's id, asked for after this was called. */
	incarnation(): Promise<string> {
		return this.#incarnations.get()
	}

	/** All partitions, looked at after this was called. */
	all(): Promise<readonly Facts[]> {
		return this.#looks.get()
	}

	async close(): Promise<void> {
		await Promise.allSettled([this.#id.close(), this.#forget()])
	}

	async #fetchIncarnation(): Promise<string> {
		try {
			return await this.#id.get()
		} catch (error) {
			await this.#id.close().catch(() => {})
			throw unavailable(`the id of ${this.#topic} cannot be read`, error)
		}
	}

	async #look(): Promise<readonly Facts[]> {
		const incarnation = await this.incarnation()
		try {
			this.#admin ??= this.#connect()
			const admin = await this.#admin
			const offsets = await admin.fetchTopicOffsets(this.#topic)
			if ((await this.incarnation()) !== incarnation) throw new LogUnavailable(`${this.#topic} was created anew at this moment`)
			return offsets
				.map(({ partition, low, high }) => ({ incarnation, partition, low: BigInt(low), high: BigInt(high) }))
				.sort((a, b) => a.partition - b.partition)
		} catch (error) {
			await this.#forget()
			throw unavailable(`${this.#topic} cannot be looked at`, error)
		}
	}

	async #connect(): Promise<Admin> {
		const admin = this.#kafka.admin()
		await admin.connect()
		return admin
	}

	async #forget(): Promise<void> {
		const admin = this.#admin
		this.#admin = undefined
		await admin?.then((one) => one.disconnect()).catch(() => {})
	}
}
