import { join, resolve } from "node:path"
import { type Network, parseNetwork } from "@yima/courier"
import type { KafkaConnection, KafkaLogin } from "@yima/log"
import { DEMOS, type Demo } from "./demo.ts"

/** Parts of the system that one process may run (`yima serve --role`). */
export const ROLES = ["intake", "linker", "gateway", "courier"] as const
export type Role = (typeof ROLES)[number]

export interface Configuration {
	readonly port: number
	/** The address to listen on. Until there is access control everyone who reaches the port may do everything: so loopback. */
	readonly host: string
	/** The data folder of embedded parts and keys (`YIMA_HOME`). */
	readonly home: string
	readonly key: string | null
	readonly databaseUrl: string | null
	/** The login that may change the schema; the application's own needs no such right. */
	readonly ownerUrl: string | null
	/** Null: the embedded log. */
	readonly kafka: KafkaConnection | null
	readonly partitions: number
	/** The topic of events: another name for a second system on the same brokers. */
	readonly topic: string
	/** The folder of mapping profiles for sheets. */
	readonly profiles: string
	/** Whether departments' own topics are read (`YIMA_INBOX`), where there is Kafka. */
	readonly inbox: boolean
	/** Inner networks that subscribers' endpoints may lie in (`YIMA_WEBHOOK_ALLOW`). */
	readonly allowed: readonly Network[]
	readonly demo: Demo
	readonly roles: readonly Role[]
}

const SHIPPED_PROFILES = join(import.meta.dirname, "../../../seeds/profiles")

/** The configuration cannot be used as it is. */
export class ConfigurationWrong extends Error {
	readonly _tag = "ConfigurationWrong"
}

type Environment = Readonly<Record<string, string | undefined>>

const whole = (env: Environment, name: string, byDefault: number, least: number, most: number): number => {
	const text = env[name]
	if (text === undefined || text === "") return byDefault
	const value = Number(text)
	if (!Number.isInteger(value) || value < least || value > most) throw new ConfigurationWrong(`${name} 应为 ${least} 至 ${most} 的整数,现为「${text}」`)
	return value
}

/** `0`: none (architecture, process interface). */
const demoIn = (env: Environment): Demo => {
	const text = stated(env, "YIMA_DEMO") ?? "city"
	const found = text === "0" ? "none" : DEMOS.find((each) => each === text)
	if (found === undefined) throw new ConfigurationWrong(`YIMA_DEMO 应为 0、building 或 city,现为「${text}」`)
	return found
}

const stated = (env: Environment, name: string): string | null => (env[name] === undefined || env[name] === "" ? null : env[name])

const MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"] as const satisfies readonly KafkaLogin["mechanism"][]

const loginIn = (env: Environment): KafkaLogin | null => {
	const [username, password] = [stated(env, "KAFKA_SASL_USERNAME"), stated(env, "KAFKA_SASL_PASSWORD")]
	const named = stated(env, "KAFKA_SASL_MECHANISM") ?? "scram-sha-512"
	const mechanism = MECHANISMS.find((each) => each === named.toLowerCase())
	if (mechanism === undefined) throw new ConfigurationWrong(`KAFKA_SASL_MECHANISM 应为 ${MECHANISMS.join("、")} 之一,现为「${named}」`)
	if (username === null && password === null) return null
	if (username === null || password === null)
		throw new ConfigurationWrong(`KAFKA_SASL_USERNAME 与 KAFKA_SASL_PASSWORD 应一同写明,现缺 KAFKA_SASL_${username === null ? "USERNAME" : "PASSWORD"}`)
	return { mechanism, username, password }
}

const flag = (env: Environment, name: string, byDefault: boolean): boolean => {
	const text = stated(env, name)
	if (text === null) return byDefault
	if (text !== "0" && text !== "1") throw new ConfigurationWrong(`${name} 应为 0 或 1,现为「${text}」`)
	return text === "1"
}

const kafkaIn = (env: Environment): KafkaConnection | null => {
	const brokers = stated(env, "KAFKA_BROKERS")
	const [ssl, login] = [flag(env, "KAFKA_SSL", false), loginIn(env)]
	return brokers === null ? null : { brokers, ...(ssl ? { ssl } : {}), ...(login === null ? {} : { login }) }
}

/** On embedded parts, whose users try things out on their own machine, its own addresses are allowed. */
const networksIn = (env: Environment): readonly Network[] => {
	const text = stated(env, "YIMA_WEBHOOK_ALLOW") ?? (stated(env, "DATABASE_URL") === null ? "127.0.0.0/8,::1" : "")
	return text
		.split(",")
		.map((each) => each.trim())
		.filter((each) => each !== "")
		.map((each) => {
			const network = parseNetwork(each)
			if (network === null) throw new ConfigurationWrong(`YIMA_WEBHOOK_ALLOW 应为逗号分隔的网段(如 10.1.0.0/16),现有「${each}」`)
			return network
		})
}

/** Reads the environment (architecture, process interface). Fails with `ConfigurationWrong`, which names the variable, its value and the rule. */
export const configuration = (env: Environment, roles: readonly Role[] = ROLES): Configuration => ({
	port: whole(env, "PORT", 4000, 0, 65_535),
	host: stated(env, "HOST") ?? "127.0.0.1",
	home: resolve(stated(env, "YIMA_HOME") ?? join(process.cwd(), ".yima")),
	key: stated(env, "YIMA_KEY"),
	databaseUrl: stated(env, "DATABASE_URL"),
	ownerUrl: stated(env, "DATABASE_OWNER_URL"),
	kafka: kafkaIn(env),
	partitions: whole(env, "YIMA_PARTITIONS", 12, 1, 1000),
	topic: stated(env, "YIMA_TOPIC") ?? "yima.events",
	profiles: resolve(stated(env, "YIMA_PROFILES") ?? SHIPPED_PROFILES),
	inbox: flag(env, "YIMA_INBOX", true),
	allowed: networksIn(env),
	demo: demoIn(env),
	roles,
})

/** What the departments' topics begin with: they stand beside the topic of events, so that two systems on the same brokers never meet. */
export const prefixOf = ({ topic }: Pick<Configuration, "topic">): string => topic.replace(/(?<=.)\.events$/, "")
