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

const create = async (admin: Admin, shape: TopicShape): Promise<void> => {
	const { brokers } = await admin.describeCluster()
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
	await admin.createTopics({ waitForLeaders: true, topics: [{ topic: shape.topic, numPartitions: shape.partitions, replicationFactor, configEntries }] })
}

/** Recorded time is the log's append time (rule 3): a topic that keeps its writers' clocks would give another history on every replay. */
const check = async (admin: Admin, topic: string): Promise<void> => {
	const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ["message.timestamp.type"] }
	const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] })
	const value = resources[0]?.configEntries.find(({ configName }) => configName === "message.timestamp.type")?.configValue
	if (value !== "LogAppendTime") throw new UnfitTopic(`topic ${topic} has message.timestamp.type=${value}: the log needs LogAppendTime`)
}

/** Creates the topic if it is not there; answers how many partitions it has, which may not be what was asked for. */
export const ensureTopic = async (kafka: Kafka, shape: TopicShape): Promise<number> => {
	const admin = kafka.admin()
	await admin.connect()
	try {
		const isThere = async () => (await admin.listTopics()).includes(shape.topic)
		if (!(await isThere())) await create(admin, shape)
		await check(admin, shape.topic)
		const { topics } = await admin.fetchTopicMetadata({ topics: [shape.topic] })
		const count = topics[0]?.partitions.length ?? 0
		if (count === 0) throw new LogUnavailable(`topic ${shape.topic} has no partitions yet`)
		return count
	} finally {
		await admin.disconnect()
	}
}
