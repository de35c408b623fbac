import type { Kafka } from "kafkajs"
import { LogUnavailable } from "./log.ts"

/** Metadata, in the first version whose answer can be asked for by name and has topic ids (KIP-516). */
const METADATA = { apiKey: 3, apiVersion: 12, apiName: "Metadata" } as const
const UNKNOWN_TOPIC = 3

/** The few things of kafkajs 2.2.4 that are its own and not promised: they give a connection with TLS and login done. */
interface Wire {
	readonly connect: () => Promise<void>
	readonly disconnect: () => Promise<void>
	readonly brokerPool: {
		readonly findConnectedBroker: () => Promise<{ readonly connectionPool: { readonly send: (request: Request) => Promise<string> } }>
	}
}

interface Request {
	readonly request: typeof METADATA & { readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }> }
	readonly response: { readonly decode: (payload: Buffer) => Promise<string>; readonly parse: (id: string) => Promise<string> }
}

/** kafkajs pinned to one version makes this safe; should it ever move, opening the log fails, and loudly. */
const wireOf = (kafka: Kafka): Wire => {
	const key = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === "private:Kafka:createCluster")
	const create = key === undefined ? undefined : Reflect.get(kafka, key)
	if (typeof create !== "function") throw new Error("this version of kafkajs keeps its connections elsewhere: topic ids cannot be read")
	return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false })
}

/** Request header v2 ends with the number of its tagged fields; then one topic by name, no creation, no authorised operations. */
const question = (topic: string): Buffer => {
	const name = Buffer.from(topic)
	const parts = [[0, 2], new Array<number>(16).fill(0), unsigned(name.length + 1), [...name], [0], [0, 0, 0]]
	return Buffer.from(parts.flat())
}

const unsigned = (value: number): readonly number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)])

/** Reads the answer as far as the topic's id, which comes before all that varies. */
const idOf = (payload: Buffer): string => {
	let at = 0
	const skip = (bytes: number) => {
		at += bytes
	}
	const count = (): number => {
		let value = 0
		for (let shift = 0; ; shift += 7) {
			const byte = payload.readUInt8(at++)
			value |= (byte & 0x7f) << shift
			if (byte < 0x80) return value
		}
	}
	/** Compact lengths are one more than the length; 0 is null. */
	const skipText = () => skip(Math.max(0, count() - 1))
	const skipTags = () => {
		for (let left = count(); left > 0; left--) {
			count()
			skip(count())
		}
	}
	skipTags()
	skip(4)
	for (let brokers = count() - 1; brokers > 0; brokers--) {
		skip(4)
		skipText()
		skip(4)
		skipText()
		skipTags()
	}
	skipText()
	skip(4)
	if (count() - 1 !== 1) throw new LogUnavailable("a broker did not answer for the topic")
	const error = payload.readInt16BE(at)
	skip(2)
	skipText()
	if (error === UNKNOWN_TOPIC) throw new LogUnavailable("there is no such topic")
	return payload.subarray(at, at + 16).toString("base64url")
}

/** Reads the id that a topic got when it was created, as Kafka's own tools show it. kafkajs's requests are too old to have it. */
export class TopicId {
	readonly #wire: Wire
	readonly #request: Request

	constructor(kafka: Kafka, topic: string) {
		this.#wire = wireOf(kafka)
		const buffer = question(topic)
		this.#request = {
			request: { ...METADATA, encode: async () => ({ buf: buffer, buffer }) },
			response: { decode: async (payload) => idOf(payload), parse: async (id) => id },
		}
	}

	async get(): Promise<string> {
		await this.#wire.connect()
		const { connectionPool } = await this.#wire.brokerPool.findConnectedBroker()
		return connectionPool.send(this.#request)
	}

	/** Closes its connections; the next question makes new ones. */
	close(): Promise<void> {
		return this.#wire.disconnect()
	}
}
