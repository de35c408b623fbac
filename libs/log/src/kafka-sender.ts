import type { Kafka, Producer } from "kafkajs"
import { unavailable } from "./appender.ts"
import { type After, Bell } from "./bell.ts"
import { LogUnavailable } from "./log.ts"
import type { Notice } from "./notice.ts"

/** Between two tries: from the first to the last of these. */
const PAUSES_MS = [100, 200, 500, 1000]

/** A record to be: a message of the log, or bytes of another's, with headers. */
export interface Outgoing {
	readonly key: string | Buffer | null
	readonly value: string | Buffer
	readonly headers?: Readonly<Record<string, string>>
}

interface Line {
	readonly producer: Promise<Producer>
	sending: number
	retired: boolean
}

export interface Sending {
	readonly topic: string
	/** How long a broker may take to say that all replicas have it. */
	readonly answerMs: number
	/** How long to try before whoever appends is told. */
	readonly patienceMs: number
	readonly metadataMs: number
	readonly after: After
	readonly notice: Notice
}

/**
 * Sends to one partition at a time and believes only an answer that names it: kafkajs loses what is sent to several when a broker dies,
 * reporting success. Its own retries are not used, since they stay with a broker that has fallen silent: after any failure the next try
 * goes over new connections, to whoever leads then.
 */
export class KafkaSender {
	readonly #kafka: Kafka
	readonly #sending: Sending
	#line: Line | undefined
	#closed = false

	constructor(kafka: Kafka, sending: Sending) {
		this.#kafka = kafka
		this.#sending = sending
	}

	/** Resolves with the offset of the first message; the others follow it. What is to keep its order is not sent while something before it is under way. */
	async send(partition: number, messages: readonly Outgoing[]): Promise<bigint> {
		const { after, notice, patienceMs } = this.#sending
		const bell = new Bell(after)
		const end = performance.now() + patienceMs
		for (let tries = 0; ; tries++) {
			try {
				return await this.#try(partition, messages)
			} catch (error) {
				if (this.#closed || performance.now() > end) throw unavailable(`partition ${partition} did not take it`, error)
				notice({ doing: "append", partition, error })
				await bell.wait(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0)
			}
		}
	}

	async close(): Promise<void> {
		this.#closed = true
		await this.#retire(this.#line)
	}

	async #try(partition: number, messages: readonly Outgoing[]): Promise<bigint> {
		const { topic, answerMs } = this.#sending
		const line = this.#open()
		line.sending += 1
		let done = false
		try {
			const producer = await line.producer
			const answers = await producer.send({
				topic,
				acks: -1,
				timeout: answerMs,
				messages: messages.map(({ key, value, headers = {} }) => ({ key, value, headers, partition })),
			})
			const answer = answers.find((one) => one.topicName === topic && one.partition === partition && one.errorCode === 0)
			const first = BigInt(answer?.baseOffset ?? -1)
			if (first < 0n) throw new LogUnavailable(`no broker said where in partition ${partition} it is`)
			done = true
			return first
		} finally {
			line.sending -= 1
			if (!done || line.retired) void this.#retire(line)
		}
	}

	/** The connections in use, or new ones. */
	#open(): Line {
		if (this.#closed) throw new LogUnavailable("the sender is closed")
		const { metadataMs } = this.#sending
		const connect = async () => {
			const producer = this.#kafka.producer({
				metadataMaxAge: metadataMs,
				allowAutoTopicCreation: false,
				createPartitioner:
					() =>
					({ message }) =>
						message.partition ?? 0,
				retry: { retries: 0 },
			})
			await producer.connect()
			return producer
		}
		this.#line ??= { producer: connect(), sending: 0, retired: false }
		return this.#line
	}

	/** Nobody sends over it from now on; it is closed when the last answer is there. */
	async #retire(line: Line | undefined): Promise<void> {
		if (line === undefined) return
		line.retired = true
		if (this.#line === line) this.#line = undefined
		if (line.sending > 0) return
		try {
			await (await line.producer).disconnect()
		} catch (error) {
			this.#sending.notice({ doing: "disconnect", error })
		}
	}
}
