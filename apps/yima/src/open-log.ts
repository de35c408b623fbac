import { type Log, type Notice, openEmbeddedLog, openKafkaLog } from "@yima/log"
import type { Configuration } from "./configuration.ts"

/** The log that the configuration means: Kafka where brokers are named, else the tables of the database. */
export const openLog = ({ brokers, topic, partitions }: Configuration, connectionString: string, notice: Notice = () => undefined): Promise<Log> =>
	brokers === null ? openEmbeddedLog({ connectionString, topic, partitions, notice }) : openKafkaLog({ brokers: brokers.join(","), topic, partitions, notice })
