import { setTimeout as pause } from "node:timers/promises"
import { type Log, LogUnavailable, type Notice, openEmbeddedLog, openKafkaLog } from "@yima/log"
import { type Configuration, prefixOf } from "./configuration.ts"

/** How long a start waits for a log that is not there yet, and how often it looks, ms: of parts that start together each may be first. */
const PATIENCE = 15_000
const AGAIN = 500

const openOnce = async (open: () => Promise<Log>): Promise<Log> => {
	const log = await open()
	try {
		// A topic that another part has just made may have no leaders yet.
		await Promise.all([log.incarnation(), log.watermarks()])
		return log
	} catch (error) {
		await log.close()
		throw error
	}
}

const untilOpen = async (open: () => Promise<Log>): Promise<Log> => {
	for (const end = performance.now() + PATIENCE; ; await pause(AGAIN))
		try {
			return await openOnce(open)
		} catch (error) {
			if (!(error instanceof LogUnavailable) || performance.now() > end) throw error
		}
}

/**
 * The log that the configuration means, opened with a little patience: Kafka where brokers are named, else the tables of the database.
 * Fails with `LogUnavailable` where it stays away, at once where it is not fit.
 */
export const openLog = ({ kafka, topic, partitions }: Configuration, connectionString: string, notice: Notice = () => undefined): Promise<Log> => {
	const shape = { topic, partitions, notice }
	return untilOpen(() => (kafka === null ? openEmbeddedLog({ connectionString, ...shape }) : openKafkaLog({ ...kafka, ...shape })))
}

/** The topic of the derived stream, opened as the log is; null where there is no Kafka. It has as many partitions as the log. */
export const openDerivedTopic = async ({ kafka, ...config }: Configuration, partitions: number, notice: Notice): Promise<Log | null> =>
	kafka === null ? null : untilOpen(() => openKafkaLog({ ...kafka, topic: `${prefixOf(config)}.derived`, partitions, notice }))
