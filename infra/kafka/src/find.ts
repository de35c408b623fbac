import { startKafka } from "./cluster.ts"
import { dockerAnswers, startInDocker } from "./docker.ts"
import { whyNoJava } from "./jars.ts"

/** A Kafka to work with, and how it can be had. */
export interface FoundKafka {
	readonly how: "environment" | "docker" | "maven"
	readonly start: () => Promise<{ readonly brokers: string; readonly stop: () => Promise<void> }>
}

export interface NoKafka {
	readonly how: "none"
	readonly reason: string
}

/**
 * The Kafka of `KAFKA_BROKERS`; else one broker in Docker where an engine answers; else one by Maven and Java; else none, and why.
 * Tests that find none say loudly what they skip; in CI they fail.
 */
export const findKafka = async (): Promise<FoundKafka | NoKafka> => {
	const brokers = process.env["KAFKA_BROKERS"]
	if (brokers !== undefined && brokers !== "") return { how: "environment", start: async () => ({ brokers, stop: async () => {} }) }
	if (await dockerAnswers()) return { how: "docker", start: startInDocker }
	const missing = await whyNoJava()
	if (missing !== undefined) return { how: "none", reason: `KAFKA_BROKERS is not set, no Docker engine answers, and ${missing}` }
	return { how: "maven", start: () => startKafka({ brokers: 1 }) }
}
