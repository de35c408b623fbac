import kafkajs, { type Admin, type Kafka } from "kafkajs"
import { LogUnavailable } from "./log.ts"

const DAY_MS = 86_400_000

/** Larger than any append that we send at once (1 MB) and than any one event. */
const MAX_MESSAGE_BYTES = 12_000_000

/** The topic is there and not fit to be the log; somebody has to change it. */
export class UnfitTopic extends Error {
	readonly _tag = "UnfitTopic"
	readonly retry = false
}

export interface TopicShape {
	readonly topic: string
	readonly partitions: number
	/** Three where there are three brokers. */
	readonly replicationFactor?: number | undefined
	readonly retentionDays?: number | undefined
}

/** Creates those of the topics that are not there. */
const createMissing = async (admin: Admin, shapes: readonly TopicShape[]): Promise<void> => {
	const there = new Set(await admin.listTopics())
	const missing = shapes.filter(({ topic }) => !there.has(topic))
	if (missing.length === 0) return
	const { brokers } = await admin.describeCluster()
	const topics = missing.map((shape) => {
		const replicationFactor = shape.replicationFactor ?? Math.min(3, brokers.length)
		const settings = {
			"message.timestamp.type": "LogAppendTime",
			"unclean.leader.election.enable": "false",
			"cleanup.policy": "delete",
			"retention.ms": String((shape.retentionDays ?? 30) * DAY_MS),
			"retention.bytes": "-1",
			"min.insync.replicas": replicationFactor >= 3 ? "2" : "1",
			"max.message.bytes": String(MAX_MESSAGE_BYTES),
		}
		const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
		return { topic: shape.topic, numPartitions: shape.partitions, replicationFactor, configEntries }
	})
	await admin.createTopics({ waitForLeaders: true, topics })
}

/** Recorded time is the log's append time (rule 3): a topic that keeps its writers' clocks would give another history on every replay. */
const check = async (admin: Admin, topic: string): Promise<void> => {
	const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ["message.timestamp.type"] }
	const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] })
	const value = resources[0]?.configEntries.find(({ configName }) => configName === "message.timestamp.type")?.configValue
	// Another process has just made it, and this broker has not heard of it.
	if (value === undefined) throw new LogUnavailable(`the settings of topic ${topic} are not known yet`)
	if (value !== "LogAppendTime") throw new UnfitTopic(`topic ${topic} has message.timestamp.type=${value}: the log needs LogAppendTime`)
}

const partitionsOf = async (admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> => {
	const found = await admin.fetchTopicMetadata({ topics: [...topics] })
	const counts = new Map(found.topics.map(({ name, partitions }) => [name, partitions.length]))
	for (const topic of topics) if ((counts.get(topic) ?? 0) === 0) throw new LogUnavailable(`topic ${topic} has no partitions yet`)
	return counts
}

const withAdmin = async <A>(kafka: Kafka, work: (admin: Admin) => Promise<A>): Promise<A> => {
	const admin = kafka.admin()
	await admin.connect()
	try {
		return await work(admin)
	} finally {
		await admin.disconnect()
	}
}

/** Creates the log's topic if it is not there; answers how many partitions it has, which may not be what was asked for. */
export const ensureTopic = (kafka: Kafka, shape: TopicShape): Promise<number> =>
	withAdmin(kafka, async (admin) => {
		await createMissing(admin, [shape])
		await check(admin, shape.topic)
		return (await partitionsOf(admin, [shape.topic])).get(shape.topic) ?? 0
	})

/** Creates those of the topics that are not there, none of them the log's; answers how many partitions each has. */
export const ensureTopics = (kafka: Kafka, shapes: readonly TopicShape[]): Promise<ReadonlyMap<string, number>> =>
	withAdmin(kafka, async (admin) => {
		await createMissing(admin, shapes)
		return partitionsOf(
			admin,
			shapes.map(({ topic }) => topic),
		)
	})
