import { describe, expect, test } from "vitest"
import { ConfigurationWrong, configuration, prefixOf } from "../src/configuration.ts"

describe("Kafka in the environment", () => {
	test("absent: the embedded log, whatever else is said", () => {
		expect(configuration({ KAFKA_SSL: "1" }).kafka).toBe(null)
	})

	test("brokers, a login and TLS", () => {
		const env = { KAFKA_BROKERS: "a:9092,b:9092", KAFKA_SASL_USERNAME: "yima", KAFKA_SASL_PASSWORD: "secret" }
		const login = { mechanism: "scram-sha-512", username: "yima", password: "secret" }
		expect(configuration({ KAFKA_BROKERS: "a:9092,b:9092" }).kafka).toEqual({ brokers: "a:9092,b:9092" })
		expect(configuration(env).kafka).toEqual({ brokers: "a:9092,b:9092", login })
		expect(configuration({ ...env, KAFKA_SASL_MECHANISM: "PLAIN", KAFKA_SSL: "1" }).kafka).toEqual({
			brokers: "a:9092,b:9092",
			ssl: true,
			login: { ...login, mechanism: "plain" },
		})
	})

	test.each([
		[{ KAFKA_SASL_USERNAME: "yima" }, "KAFKA_SASL_PASSWORD"],
		[{ KAFKA_SASL_PASSWORD: "secret" }, "KAFKA_SASL_USERNAME"],
		[{ KAFKA_SASL_MECHANISM: "gssapi" }, "KAFKA_SASL_MECHANISM"],
		[{ KAFKA_SSL: "yes" }, "KAFKA_SSL"],
		[{ YIMA_INBOX: "no" }, "YIMA_INBOX"],
	])("%j is refused by the name of what is wrong, and no password is told", (env, name) => {
		const read = () => configuration({ KAFKA_BROKERS: "a:9092", ...env })
		expect(read).toThrow(ConfigurationWrong)
		expect(read).toThrow(name)
		expect(read).not.toThrow(/secret/)
	})
})

test("departments' topics are read unless told otherwise, and begin as the topic of events does", () => {
	expect([configuration({}).inbox, configuration({ YIMA_INBOX: "0" }).inbox]).toEqual([true, false])
	const prefixes = ["yima.events", "jz.yima.events", "trial", "events", ".events"].map((topic) => prefixOf({ topic }))
	expect(prefixes).toEqual(["yima", "jz.yima", "trial", "events", ".events"])
})
