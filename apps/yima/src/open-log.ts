import { type Log, openEmbeddedLog, openKafkaLog } from "@yima/log"
import type { Configuration } from "./configuration.ts"

/** The log that the configuration means: Kafka where brokers are named, else the tables of the database. */
export const openLog = ({ kafka, topic, partitions }: Configuration, connectionString: string): Promise<Log> =>
	kafka === null ? openEmbeddedLog({ connectionString, topic, partitions }) : openKafkaLog({ ...kafka, topic, partitions })
