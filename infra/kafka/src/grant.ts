import { INBOX_FAMILIES } from "@yima/schemas"
import { GRANTS, type Grant, grant } from "./access.ts"

/**
 * `node infra/kafka/src/grant.ts [user=family,family …]`: gives departments their rights at the brokers of `KAFKA_BROKERS`, logged in by
 * `KAFKA_SASL_USERNAME` and `KAFKA_SASL_PASSWORD` (SCRAM-SHA-512), over TLS with `KAFKA_SSL=1`, for topics that begin with `PREFIX` (yima).
 * Without arguments: a user a family, called as the family. `YIMA_USER`: the user of yima itself, where it is no super user.
 */
const env = (name: string, byDefault?: string): string => {
	const value = process.env[name] ?? byDefault
	if (value === undefined || value === "") {
		console.error(`请写明环境变量 ${name}`)
		process.exit(2)
	}
	return value
}

const read = (word: string): Grant => {
	const [principal = "", list = ""] = word.split("=")
	const families = list.split(",")
	const unknown = families.find((family) => !INBOX_FAMILIES.includes(family))
	if (principal === "" || unknown !== undefined) {
		console.error(`「${word}」应为 用户=类别,类别…;类别可为 ${INBOX_FAMILIES.join("、")}`)
		process.exit(2)
	}
	return { principal, families }
}

const words = process.argv.slice(2)
const grants = words.length === 0 ? GRANTS : words.map(read)
const sasl = { mechanism: "scram-sha-512", username: env("KAFKA_SASL_USERNAME"), password: env("KAFKA_SASL_PASSWORD") } as const
const kafka = { brokers: env("KAFKA_BROKERS").split(","), ssl: process.env["KAFKA_SSL"] === "1", sasl }
const system = process.env["YIMA_USER"]
await grant({ kafka, prefix: env("PREFIX", "yima"), grants, ...(system === undefined ? {} : { system }) })
if (system !== undefined) console.log(`${system}:一码自己的主题与消费组`)
for (const { principal, families } of grants) console.log(`${principal}:可写来文主题、可读退回主题:${families.join("、")}`)
