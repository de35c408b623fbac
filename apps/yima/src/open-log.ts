import { setTimeout as pause } from "node:timers/promises"
import { type Log, LogUnavailable, type Notice, openEmbeddedLog, openKafkaLog } from "@yima/log"
import { type Configuration, prefixOf } from "./configuration.ts"

/** How long a start waits for a log that is not there yet, and how often it looks, ms: of parts that start together each may be first. */
const PATIENCE = 15_000
const AGAIN = 500

/** The topic of the derived stream; null where there is no Kafka. It has as many partitions as the log. */
export const openDerivedTopic = async ({ kafka, ...config }: Configuration, partitions: number, notice: Notice): Promise<Log | null> =>
	kafka === null ? null : openKafkaLog({ ...kafka, topic: `${prefixOf(config)}.derived`, partitions, notice })

/** The log that the configuration means: Kafka where brokers are named, else the tables of the database. */
const openOnce = async ({ kafka, topic, partitions }: Configuration, connectionString: string, notice: Notice): Promise<Log> => {
	const shape = { topic, partitions, notice }
	const log = await (kafka === null ? openEmbeddedLog({ connectionString, ...shape }) : openKafkaLog({ ...kafka, ...shape }))
	try {
		// A topic that another part has just made may have no leaders yet.
		await Promise.all([log.incarnation(), log.watermarks()])
		return log
	} catch (error) {
		await log.close()
		throw error
	}
}

/** Opens it, with a little patience. Fails with `LogUnavailable` where it stays away, at once where it is not fit. */
export const openLog = async (config: Configuration, connectionString: string, notice: Notice = () => undefined): Promise<Log> => {
	for (const end = performance.now() + PATIENCE; ; await pause(AGAIN))
		try {
			return await openOnce(config, connectionString, notice)
		} catch (error) {
			if (!(error instanceof LogUnavailable) || performance.now() > end) throw error
		}
}
