import { findKafka, type KafkaCluster, startKafka, whyNoJava } from "@yima/kafka-brokers"
import kafkajs, { type Admin } from "kafkajs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openKafkaLog } from "../src/index.ts"
import { contract, PARTITIONS } from "./contract.ts"
import { type Disturbance, survive } from "./survival.ts"
import { until } from "./until.ts"

const found = await findKafka()
const noCluster = await whyNoJava()

/** What cannot be tried here is said loudly; in CI it is an error. */
const unlessMissing = (reason: string | undefined, what: string, run: () => void) => {
	if (reason === undefined) return run()
	console.warn(`\n*** NOT TESTED: ${what}: ${reason} ***\n`)
	if (process.env["CI"] === "true") test(what, () => expect.fail(reason))
	else test.skip(`${what}: ${reason}`, () => {})
}

const withAdmin = async <A>(brokers: string, run: (admin: Admin) => Promise<A>): Promise<A> => {
	const admin = new kafkajs.Kafka({ brokers: brokers.split(","), logLevel: kafkajs.logLevel.NOTHING }).admin()
	await admin.connect()
	try {
		return await run(admin)
	} finally {
		await admin.disconnect()
	}
}

const open = (brokers: string) => (topic: string) => openKafkaLog({ brokers, topic, partitions: PARTITIONS, retryMs: 200, redMs: 500, watchMs: 500 })

unlessMissing(found.how === "none" ? found.reason : undefined, "the log in Kafka", () => {
	if (found.how === "none") return
	const { how, start } = found
	contract(`the log in Kafka (${how})`, async () => {
		const { brokers, stop } = await start()
		return {
			open: open(brokers),
			recreate: (topic) =>
				withAdmin(brokers, async (admin) => {
					await admin.deleteTopics({ topics: [topic] })
					await until("the topic is gone", async () => !(await admin.listTopics()).includes(topic))
					const log = await open(brokers)(topic)
					await log.close()
				}),
			lose: (topic, partition) =>
				withAdmin(brokers, async (admin) => {
					const offset = (await admin.fetchTopicOffsets(topic)).find((one) => one.partition === partition)?.high ?? "0"
					await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset }] })
				}),
			stop,
		}
	})
})

unlessMissing(noCluster, "one broker that goes away", () =>
	describe("one broker", () => {
		let kafka: KafkaCluster
		beforeAll(async () => {
			kafka = await startKafka({ brokers: 1 })
		}, 180_000)
		afterAll(() => kafka?.stop())

		test("a topic that keeps its writers' clocks is refused, and not to be tried again", async () => {
			const topic = "clocks"
			await withAdmin(kafka.brokers, (admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] }))
			await expect(open(kafka.brokers)(topic)).rejects.toMatchObject({ _tag: "UnfitTopic", retry: false })
		})

		test("20,000 messages while Kafka is away altogether and comes back: what was acknowledged is read, in order", async () => {
			const outage: Disturbance = async () => {
				await kafka.kill(1)
				await kafka.restart(1)
			}
			console.log(await survive(open(kafka.brokers), [outage], 20_000))
		}, 240_000)

		test("without a broker opening says that it may be tried again, and closing ends", async () => {
			const log = await open(kafka.brokers)("left")
			await log.join("linker", { assigned: async (_, { low }) => low, records: async () => {}, revoked: async () => {} })
			await kafka.kill(1)
			await expect(open(kafka.brokers)("left")).rejects.toMatchObject({ _tag: "LogUnavailable", retry: true })
			await log.close()
		}, 120_000)
	}),
)

unlessMissing(noCluster, "three brokers, killed in turn", () =>
	describe("three brokers", () => {
		let kafka: KafkaCluster
		beforeAll(async () => {
			kafka = await startKafka({ brokers: 3 })
		}, 180_000)
		afterAll(() => kafka?.stop())

		/** All replicas of all topics follow their leaders again. */
		const inSync = () =>
			withAdmin(kafka.brokers, async (admin) =>
				(await admin.fetchTopicMetadata()).topics.every(({ partitions }) => partitions.every(({ isr, replicas }) => isr.length === replicas.length)),
			).catch(() => false)

		test("100,000 messages while each broker is killed in turn: what was acknowledged is read, in order", async () => {
			const killing =
				(node: number): Disturbance =>
				async (written) => {
					await kafka.kill(node)
					await written
					await kafka.restart(node)
					await until(`broker ${node} is back in sync`, inSync, 60_000)
				}
			console.log(await survive(open(kafka.brokers), [1, 2, 3].map(killing)))
		}, 240_000)

		test("20,000 messages while a broker stands still and comes back: what was acknowledged is read, in order", async () => {
			const standstill: Disturbance = async (written) => {
				kafka.freeze(2)
				await written
				kafka.thaw(2)
				await until("broker 2 is back in sync", inSync, 60_000)
			}
			console.log(await survive(open(kafka.brokers), [standstill], 20_000))
		}, 240_000)
	}),
)
