import { type Log, type Notice, openEmbeddedLog, openKafkaLog } from "@yima/log"
import type { Configuration } from "./configuration.ts"

/** The log that the configuration means: Kafka where brokers are named, else the tables of the database. */
export const openLog = ({ kafka, topic, partitions }: Configuration, connectionString: string, notice: Notice = () => undefined): Promise<Log> =>
	kafka === null ? openEmbeddedLog({ connectionString, topic, partitions, notice }) : openKafkaLog({ ...kafka, topic, partitions, notice })
