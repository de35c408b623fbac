import kafkajs, { type Kafka, type KafkaConfig } from "kafkajs"
import type { Notice } from "./notice.ts"

/** A login at the brokers. Its password is never told: no error, notice or check repeats it. */
export interface KafkaLogin {
	readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512"
	readonly username: string
	readonly password: string
}

/** How Kafka is reached; the same for whatever a process does there. */
export interface KafkaConnection {
	/** `host:port`, comma-separated, as in `KAFKA_BROKERS`. */
	readonly brokers: string
	readonly ssl?: NonNullable<KafkaConfig["ssl"]>
	readonly login?: KafkaLogin
}

/** What kafkajs takes; it asks for each mechanism by its own name. */
const saslOf = ({ mechanism, username, password }: KafkaLogin): NonNullable<KafkaConfig["sasl"]> => {
	switch (mechanism) {
		case "plain":
			return { mechanism, username, password }
		case "scram-sha-256":
			return { mechanism, username, password }
		case "scram-sha-512":
			return { mechanism, username, password }
	}
}

/** A client whose requests are given up after `requestTimeout` ms. */
export const clientOf = ({ brokers, ssl, login }: KafkaConnection, requestTimeout: number, notice: Notice): Kafka =>
	new kafkajs.Kafka({
		clientId: "yima",
		brokers: brokers.split(","),
		...(ssl === undefined ? {} : { ssl }),
		...(login === undefined ? {} : { sasl: saslOf(login) }),
		connectionTimeout: 3000,
		requestTimeout,
		retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 10 },
		logLevel: kafkajs.logLevel.ERROR,
		logCreator:
			() =>
			({ namespace, log }) =>
				notice({ doing: `kafkajs ${namespace}`, error: log.message }),
	})
