import { randomUUID } from "node:crypto"
import { findKafka } from "@yima/kafka-brokers"
import { LogUnavailable } from "@yima/log"
import { INBOX_FAMILIES } from "@yima/schemas"
import kafkajs, { type Admin, type Consumer, type KafkaMessage, type Message, type Producer } from "kafkajs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Door, type InboxOptions, openInbox } from "../src/index.ts"
import { type Json, place, sale } from "./door.ts"
import { until } from "./until.ts"

const found = await findKafka()
if (found.how === "none") {
	console.warn(`\n*** NOT TESTED: departments' Kafka topics: ${found.reason} ***\n`)
	if (process.env["CI"] === "true") test("departments' Kafka topics", () => expect.fail(found.reason))
}

const inStructure = (event: Json, key: string | null = null): Message => ({
	key,
	value: JSON.stringify(event),
	headers: { "content-type": "application/cloudevents+json" },
})

const inBinary = ({ data, ...attributes }: Json): Message => ({
	key: "any",
	value: JSON.stringify(data),
	headers: { "content-type": "application/json", ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)])) },
})

describe.skipIf(found.how === "none")(`departments' Kafka topics (${found.how})`, () => {
	let kafka: { readonly brokers: string; readonly stop: () => Promise<void> }
	let admin: Admin
	let producer: Producer
	beforeAll(async () => {
		if (found.how === "none") return
		kafka = await found.start()
		const client = new kafkajs.Kafka({ brokers: kafka.brokers.split(","), logLevel: kafkajs.logLevel.NOTHING })
		admin = client.admin()
		producer = client.producer({ allowAutoTopicCreation: false })
		await Promise.all([admin.connect(), producer.connect()])
	}, 180_000)
	afterAll(async () => {
		await Promise.allSettled([admin?.disconnect(), producer?.disconnect()])
		await kafka?.stop()
	}, 60_000)

	/** A system of its own on the brokers: no test meets another's topics. */
	const system = () => {
		const prefix = `yima-test-${randomUUID()}`
		const inbox = `${prefix}.inbox.sales`
		const open = (parts: Door, options: Partial<InboxOptions> = {}) =>
			openInbox({ ...parts, kafka: { brokers: kafka.brokers }, prefix, retryMs: 50, ...options })
		/** To one partition, so that the order is the topic's. */
		const send = (...messages: readonly Message[]) => producer.send({ topic: inbox, messages: messages.map((each) => ({ ...each, partition: 1 })) })
		const committed = async () => {
			// While the group's coordinator comes up it answers nothing.
			const [offsets] = await admin.fetchOffsets({ groupId: `${prefix}.inbox`, topics: [inbox] }).catch(() => [])
			return Number(offsets?.partitions.find(({ partition }) => partition === 1)?.offset ?? -1)
		}
		return { prefix, inbox, open, send, committed }
	}

	/** What is said in the refused topic, as its department reads it, until so many were read. */
	const refusals = async (prefix: string, count: number): Promise<readonly KafkaMessage[]> => {
		const consumer: Consumer = new kafkajs.Kafka({ brokers: kafka.brokers.split(","), logLevel: kafkajs.logLevel.NOTHING }).consumer({
			groupId: `${prefix}.refused.sales.${randomUUID()}`,
			maxWaitTimeInMs: 100,
		})
		const read: KafkaMessage[] = []
		try {
			await consumer.connect()
			await consumer.subscribe({ topics: [`${prefix}.refused.sales`], fromBeginning: true })
			await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void read.push(message) })
			await until(`${count} refusals`, () => read.length >= count)
		} finally {
			await consumer.disconnect()
		}
		return read
	}

	test("are there for every family, and take events in both modes, also what was sent before", async () => {
		const { prefix, open, send, committed } = system()
		const { parts, logged } = place()
		const first = await open(parts)
		await first.stop()
		await send(inStructure(sale("S-1")), inBinary(sale("S-2")))
		const second = await open(parts)
		try {
			await until("both are done", async () => (await committed()) === 2)
			expect(logged().map((text) => (JSON.parse(text) as Json)["id"])).toEqual(["S-1", "S-2"])
			expect(second.trouble()).toBe(null)
			const topics = await admin.listTopics()
			expect(topics).toEqual(expect.arrayContaining(INBOX_FAMILIES.flatMap((family) => [`${prefix}.inbox.${family}`, `${prefix}.refused.${family}`])))
			expect(topics).not.toContain(`${prefix}.inbox.registrar`)
		} finally {
			await second.stop()
		}
	})

	test("answer what cannot go in by the department's refused topic, in order, and go on", async () => {
		const { prefix, inbox, open, send, committed } = system()
		const { parts, logged } = place()
		const { ce_id: _, ...anonymous } = inBinary(sale("S-0")).headers ?? {}
		const poison: readonly Message[] = [
			{ key: Buffer.from([0xff, 0]), value: "{" },
			{ key: "tombstone", value: null },
			{ ...inStructure(sale("S-0")), key: "avro", headers: { "content-type": "application/cloudevents+avro" } },
			{ ...inBinary(sale("S-0")), key: "anonymous", headers: anonymous },
			{ ...inBinary(sale("S-0")), key: "header", headers: { ce_id: Buffer.from([0xff]) } },
			inStructure({ ...sale("S-0"), type: "yima.tax.retracted.v1", data: { event: { id: "1" }, reason: "重复" } }, "other family"),
			inStructure(sale("S-0", { time: "yesterday" }), "time"),
			inStructure(sale("S-1", {}, { totalPriceCny: "1.00" }), "conflict"),
		]
		const door = await open(parts)
		try {
			await send(inStructure(sale("S-1")), ...poison, inStructure(sale("S-2")))
			await send({ key: "large", value: Buffer.alloc(10_000_001, 32) }, inStructure(sale("S-3")))
			await until("all are done", async () => (await committed()) === poison.length + 4)
			const said = await refusals(prefix, poison.length + 1)
			const brief = said.map(({ key, value, headers = {} }) => {
				const { status, source, id, position, problems } = JSON.parse(String(value)) as Json
				expect(position).toBe(null)
				expect([String(headers["yima-topic"]), String(headers["yima-partition"])]).toEqual([inbox, "1"])
				return [key?.toString("latin1"), Number(headers["yima-offset"]), status, source, id, (problems as readonly Json[]).map(({ code }) => code).join()]
			})
			const sales = "jz/410811/sales"
			expect(brief).toEqual([
				["\xff\0", 1, "rejected", "", "", "json"],
				["tombstone", 2, "rejected", "", "", "required"],
				["avro", 3, "rejected", "", "", "choice"],
				["anonymous", 4, "rejected", sales, "", "required"],
				["header", 5, "rejected", "", "", "characters"],
				["other family", 6, "rejected", sales, "S-0", "forbidden-family"],
				["time", 7, "rejected", sales, "S-0", "moment"],
				["conflict", 8, "conflict", sales, "S-1", "conflict"],
				["large", 10, "rejected", "", "", "too-large"],
			])
			const { original } = JSON.parse(String(said[0]?.value)) as { readonly original: Json }
			expect(original).toEqual({ headers: {}, value: Buffer.from("{").toString("base64") })
			expect(logged().map((text) => (JSON.parse(text) as Json)["id"])).toEqual(["S-1", "S-2", "S-3"])
		} finally {
			await door.stop()
		}
	})

	test("give a record again that was appended and not committed: the log has it twice, the history once", async () => {
		const { open, send, committed } = system()
		const { parts, logged, link } = place()
		let appends = 0
		const forgetful = {
			append: async (messages: Parameters<Door["log"]["append"]>[0]) => {
				await parts.log.append(messages)
				appends += 1
				throw new LogUnavailable("the answer was lost")
			},
		}
		const before = await open({ ...parts, log: forgetful })
		await send(inStructure(sale("S-1")))
		await until("it is appended, again and again", () => appends >= 2)
		await before.stop()
		expect(await committed()).toBe(-1)
		await link()
		const after = await open(parts)
		try {
			await send(inStructure(sale("S-2")))
			await until("both are done", async () => (await committed()) === 2)
			expect(logged().map((text) => (JSON.parse(text) as Json)["id"])).toEqual([...Array.from({ length: appends }, () => "S-1"), "S-2"])
		} finally {
			await after.stop()
		}
	})

	test("wait while the registry is away, say so, refuse nothing, and go on when it is back", async () => {
		const { prefix, open, send, committed } = system()
		const { parts, weather, logged } = place()
		const door = await open(parts)
		try {
			weather.registry = new Error("connection refused")
			await send(inStructure(sale("S-1")), { key: "poison", value: "{" }, inBinary(sale("S-2")))
			await until("it is told", () => door.trouble()?.includes("登记库暂时不可用") ?? false)
			expect(await committed()).toBe(-1)
			expect(logged()).toEqual([])
			weather.registry = null
			await until("all are done", async () => (await committed()) === 3)
			expect(door.trouble()).toBe(null)
			expect(logged()).toHaveLength(2)
			expect((await refusals(prefix, 1)).map(({ key }) => String(key))).toEqual(["poison"])
		} finally {
			await door.stop()
		}
	})

	test("are shared by the processes that read them: when one leaves, the other goes on, in order", async () => {
		const { inbox, open } = system()
		const { parts, logged } = place()
		const [one, other] = await Promise.all([open(parts), open(parts)])
		const ids = Array.from({ length: 600 }, (_, at) => `S-${at}`)
		const ofPartition = (all: readonly string[], partition: number) => all.filter((id) => Number(id.slice(2)) % 3 === partition)
		const seen = () => [...new Set(logged().map((text) => String((JSON.parse(text) as Json)["id"])))]
		// One partition a send: of several, the client may send some twice.
		const send = async (some: readonly string[]) => {
			for (const partition of [0, 1, 2])
				await producer.send({ topic: inbox, messages: ofPartition(some, partition).map((id) => ({ ...inStructure(sale(id)), partition })) })
		}
		try {
			await send(ids.slice(0, 300))
			await until("some are in", () => logged().length > 0)
			await one.stop()
			await send(ids.slice(300))
			await until("all are in", () => seen().length === ids.length)
			for (const partition of [0, 1, 2]) expect(ofPartition(seen(), partition)).toEqual(ofPartition(ids, partition))
		} finally {
			await Promise.all([one.stop(), other.stop()])
		}
	})

	test("finish the batch in hand before they stop, and give it to nobody again", async () => {
		const { open, send, committed } = system()
		const { parts, weather, logged, appends } = place()
		const held = Promise.withResolvers<void>()
		weather.until = held.promise
		const door = await open(parts)
		await send(inStructure(sale("S-1")))
		await until("it is being appended", () => appends.length === 1)
		const stopped = door.stop()
		held.resolve()
		await stopped
		expect(await committed()).toBe(1)
		expect(logged()).toHaveLength(1)
	})
})
