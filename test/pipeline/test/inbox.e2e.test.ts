import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { grant, type KafkaCluster, startKafka, whyNoJava } from "@yima/kafka-brokers"
import { connect } from "@yima/registry"
import { until } from "@yima/test-kit"
import kafkajs, { type KafkaMessage, type Message } from "kafkajs"
import type pg from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Running, runYima, yima } from "../src/index.ts"

const noJava = await whyNoJava()
if (noJava !== undefined) {
	console.warn(`\n*** NOT TESTED: departments that log in to Kafka: ${noJava} ***\n`)
	if (process.env["CI"] === "true") test("departments that log in to Kafka", () => expect.fail(noJava))
}

const PASSWORDS = {
	admin: "only-the-operator-knows",
	yima: "only-the-registry-knows",
	tax: "only-the-tax-office-knows",
	sales: "only-the-housing-office-knows",
	utility: "only-the-companies-know",
}
type User = keyof typeof PASSWORDS

const paid = (id: string) => ({
	specversion: "1.0",
	id,
	source: "urn:jz:tax",
	type: "yima.tax.deed-tax-paid.v1",
	subject: "410811001002GB00018F00030046",
	time: "2023-07-01T10:00:00+08:00",
	data: { receiptNo: `R-${id}`, baseCny: "847981.65", amountCny: "8479.82" },
})

const structured = (id: string): Message => ({ value: JSON.stringify(paid(id)), headers: { "content-type": "application/cloudevents+json" } })

const binary = (id: string): Message => {
	const { data, ...attributes } = paid(id)
	const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]))
	return { key: id, value: JSON.stringify(data), headers: { ...headers, "content-type": "application/json" } }
}

describe.skipIf(noJava !== undefined)("departments that log in to Kafka", () => {
	let kafka: KafkaCluster
	let postgres: Postgres
	let pool: pg.Pool
	let running: Running
	let env: Readonly<Record<string, string>>

	const connection = (username: User) => ({
		brokers: kafka.brokers.split(","),
		logLevel: kafkajs.logLevel.NOTHING,
		// A topic that has just been made may have no leaders for a while.
		retry: { retries: 10 },
		sasl: { mechanism: "scram-sha-512", username, password: PASSWORDS[username] } as const,
	})

	/** Fails as the broker says it. */
	const produce = async (user: User, topic: string, messages: readonly Message[]): Promise<void> => {
		const producer = new kafkajs.Kafka(connection(user)).producer({ allowAutoTopicCreation: false })
		await producer.connect()
		try {
			await producer.send({ topic, messages: [...messages] })
		} finally {
			await producer.disconnect()
		}
	}

	/** What the topic holds from its start, once there are so many; fails as the broker says it. */
	const consume = async (user: User, topic: string, group: string, count: number): Promise<readonly KafkaMessage[]> => {
		const consumer = new kafkajs.Kafka(connection(user)).consumer({
			groupId: group,
			maxWaitTimeInMs: 100,
			allowAutoTopicCreation: false,
			retry: { restartOnFailure: async () => false },
		})
		const read: KafkaMessage[] = []
		const crashed: Error[] = []
		consumer.on(consumer.events.CRASH, ({ payload }) => void crashed.push(payload.error))
		try {
			await consumer.connect()
			await consumer.subscribe({ topics: [topic], fromBeginning: true })
			await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void read.push(message) })
			await until(`${count} messages`, () => read.length >= count || crashed.length > 0)
			for (const error of crashed) throw error
			return read
		} finally {
			await consumer.disconnect()
		}
	}

	const inHistory = async (ids: string, source = "urn:jz:tax"): Promise<number> => {
		const { rows } = await pool.query<{ readonly count: number }>(`select count(*)::int as count from yima.event where key like $1`, [`${source}#${ids}%`])
		return rows[0]?.count ?? 0
	}

	const health = async () => {
		const response = await fetch(`${running.url}/health/ready`)
		return { status: response.status, text: await response.text() }
	}

	beforeAll(async () => {
		kafka = await startKafka({ brokers: 1, logins: { superUser: "admin", passwords: PASSWORDS } })
		postgres = await startPostgres()
		pool = connect({ connectionString: postgres.connectionString, max: 2 })
		env = {
			DATABASE_URL: postgres.connectionString,
			KAFKA_BROKERS: kafka.brokers,
			KAFKA_SASL_USERNAME: "yima",
			KAFKA_SASL_PASSWORD: PASSWORDS.yima,
			YIMA_KEY: Buffer.alloc(32, 5).toString("base64"),
			YIMA_PARTITIONS: "3",
		}
		await grant({ kafka: connection("admin"), prefix: "yima", system: "yima" })
		running = await runYima(["serve"], env)
		await until("the topics are there, and read", async () => (await health()).status === 200, 60_000)
	}, 180_000)
	afterAll(async () => {
		running?.kill("SIGKILL")
		await pool?.end()
		await postgres?.stop()
		await kafka?.stop()
	}, 60_000)

	test("what the tax office sends to its own inbox, in either mode, ends in the history", async () => {
		await produce("tax", "yima.inbox.tax", [structured("structured-1"), binary("binary-1")])
		await until("both are in the history", async () => (await inHistory("structured-1")) + (await inHistory("binary-1")) === 2)
		await until("the health is green", async () => (await health()).status === 200)
		expect((await health()).text).toContain("部门来文主题正常")
	})

	test("what a company reports back by its own inbox does, too", async () => {
		const data = { service: "water", company: "焦作市水务公司", requestId: "410811001002GB00018F00030046-water", revision: 1, orderNo: "GD-1" }
		const report = { ...paid("report-1"), source: "urn:jz:water", type: "yima.utility.account-accepted.v1", data }
		await produce("utility", "yima.inbox.utility", [{ ...structured("report-1"), value: JSON.stringify(report) }])
		await until("it is in the history", async () => (await inHistory("report-", "urn:jz:water")) === 1)
	})

	test("the broker refuses it any other inbox, the log, and to read what others send or are refused", async () => {
		for (const topic of ["yima.inbox.sales", "yima.events", "yima.refused.tax", "yima.refused.sales"])
			await expect(produce("tax", topic, [structured("stray-1")]), topic).rejects.toThrow("Not authorized to access topics")
		for (const topic of ["yima.refused.sales", "yima.inbox.sales", "yima.events"])
			await expect(consume("tax", topic, "yima.refused.tax", 1), topic).rejects.toThrow("Not authorized to access topics")
		await expect(consume("tax", "yima.refused.tax", "yima.inbox", 1)).rejects.toThrow("group coordinator")
		const nobody = new kafkajs.Kafka({ ...connection("tax"), sasl: { mechanism: "scram-sha-512", username: "tax", password: "guessed" } })
		await expect(nobody.producer().connect()).rejects.toThrow("invalid credentials")
	})

	test("it alone reads what was refused of it", async () => {
		await produce("tax", "yima.inbox.tax", [{ ...structured("refused-1"), key: "k", value: JSON.stringify({ ...paid("refused-1"), time: "yesterday" }) }])
		const [refused] = await consume("tax", "yima.refused.tax", "yima.refused.tax.desk", 1)
		expect(String(refused?.key)).toBe("k")
		expect(JSON.parse(String(refused?.value))).toMatchObject({ status: "rejected", id: "refused-1", problems: [{ code: "moment", pointer: "/time" }] })
	})

	test("a process that is killed in the middle loses nothing, and the history has each once", async () => {
		const ids = Array.from({ length: 3000 }, (_, at) => `many-${at}`)
		await produce("tax", "yima.inbox.tax", ids.map(structured))
		await until("it is in the middle of it", async () => (await inHistory("many-")) > 0)
		running.kill("SIGKILL")
		await running.ended
		running = await runYima(["serve"], env)
		await produce("tax", "yima.inbox.tax", [binary("last-1")])
		await until("all are in the history", async () => (await inHistory("many-")) + (await inHistory("last-")) === 3001, 60_000)
		const { rows } = await pool.query(`select key from yima.event group by key having count(*) > 1`)
		expect(rows).toEqual([])
	})

	test("while the database is away the inbox waits; nothing is refused, and work resumes by itself", async () => {
		await postgres.kill()
		await produce("tax", "yima.inbox.tax", [structured("away-1"), binary("away-2")])
		await until("the health says what waits", async () => (await health()).text.includes("yima.inbox.tax"), 20_000)
		expect((await health()).status).toBe(503)
		await postgres.restart()
		await until("both are in the history", async () => (await inHistory("away-").catch(() => 0)) === 2, 60_000)
		await until("the health is green again", async () => (await health()).status === 200)
		expect(await consume("tax", "yima.refused.tax", "yima.refused.tax.desk-2", 1)).toHaveLength(1)
	})

	test("when the broker was away, it goes on by itself", async () => {
		await kafka.kill(1)
		await until("the health is red", async () => (await health()).status === 503)
		await kafka.restart(1)
		await produce("tax", "yima.inbox.tax", [structured("back-1")])
		await until("it is in the history", async () => (await inHistory("back-")) === 1, 60_000)
		await until("the health is green again", async () => (await health()).status === 200, 60_000)
	})

	test("no password is told: not by doctor, not by a start that fails, not by what ran", async () => {
		const right = await yima(["doctor"], env)
		expect([right.code, right.out]).toEqual([0, expect.stringContaining("日志有 3 个分区")])
		const wrong = { ...env, KAFKA_SASL_PASSWORD: "wrong-and-secret" }
		const doctor = await yima(["doctor"], wrong)
		expect([doctor.code, doctor.out]).toEqual([1, expect.stringMatching(/✗ 日志:.*credentials/)])
		const started = await yima(["serve"], { ...wrong, PORT: "0" })
		expect(started.code).not.toBe(0)
		for (const said of [right.out, right.err, doctor.out, doctor.err, started.out, started.err, running.said()])
			for (const password of [...Object.values(PASSWORDS), "wrong-and-secret"]) expect(said).not.toContain(password)
	})

	test("it stops within ten seconds when it is told to", async () => {
		const before = performance.now()
		running.kill("SIGTERM")
		expect(await running.ended).toBe(0)
		expect(performance.now() - before).toBeLessThan(10_000)
	})
})
