import { setTimeout as pause } from "node:timers/promises"
import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { startKafka, whyNoJava } from "@yima/kafka-brokers"
import { cityAsSent } from "@yima/test-bench"
import { until } from "@yima/test-kit"
import { afterAll, beforeAll, expect, test } from "vitest"
import { ask, type Running, runYima } from "../src/index.ts"

/** How long what is needed stays away, s: YIMA_OUTAGE=90 for the whole length. */
const AWAY = Number(process.env["YIMA_OUTAGE"] ?? 12)
const KEY = Buffer.alloc(32, 3).toString("base64")

const noJava = await whyNoJava()
let postgres: Postgres
beforeAll(async () => {
	postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres.stop(), 60_000)

const isReady = async ({ url }: Running): Promise<boolean> => (await fetch(`${url}/health/ready`)).status === 200

const post = (running: Running, events: readonly unknown[]) =>
	fetch(`${running.url}/events`, {
		method: "POST",
		headers: { "content-type": "application/cloudevents-batch+json" },
		body: JSON.stringify(events),
	})

const countOf = async (running: Running, position: string): Promise<unknown> =>
	(await ask(running, `{ parcel(code: "410811001001GB00001") { timeline { totalCount } } }`, {}, { "yima-at-least": position })).json()

interface Away {
	readonly leave: () => Promise<void>
	readonly comeBack: () => Promise<void>
}

/** Healthy; then what it needs is away, and it says so; then it is back, and the same process works on by itself. */
const survives = async (running: Running, { leave, comeBack }: Away): Promise<void> => {
	const [before = [], after = []] = [cityAsSent(2).slice(0, 3), cityAsSent(2).slice(3, 12)]
	await until("the health is green", () => isReady(running))
	expect((await post(running, before)).status).toBe(200)
	await leave()
	await until("the health is red", async () => !(await isReady(running)), 10_000)
	const refused = await post(running, after)
	expect([429, 503]).toContain(refused.status)
	expect(refused.headers.get("retry-after")).toMatch(/^\d+$/)
	expect(refused.headers.get("content-type")).toContain("application/problem+json")
	await pause(AWAY * 1000)
	await comeBack()
	await until("the health is green again", () => isReady(running), 60_000)
	const taken = await post(running, after)
	expect(taken.status).toBe(200)
	const results = (await taken.json()) as readonly { readonly status: string; readonly position: string | null }[]
	expect(results.map((each) => each.status)).toEqual(results.map(() => expect.stringMatching(/accepted|duplicate/)))
	const positions = results.flatMap((each) => each.position ?? []).join(",")
	await until("everything is linked", async () => JSON.stringify(await countOf(running, positions)).includes("totalCount"), 60_000)
}

test("the database is away for a while: the health is red meanwhile, senders are told to come again, and work resumes by itself", {
	timeout: 400_000,
}, async () => {
	const running = await runYima(["serve"], { DATABASE_URL: postgres.connectionString, YIMA_KEY: KEY, YIMA_PARTITIONS: "3" })
	try {
		await survives(running, { leave: postgres.kill, comeBack: postgres.restart })
	} finally {
		running.kill("SIGTERM")
		expect(await running.ended).toBe(0)
	}
})

if (noJava !== undefined) {
	console.warn(`\n*** NOT TESTED: Kafka away: ${noJava} ***\n`)
	if (process.env["CI"] === "true") test("Kafka away", () => expect.fail(noJava))
}
test.skipIf(noJava !== undefined)("Kafka is away for a while: the same", { timeout: 400_000 }, async () => {
	const [kafka, own] = [await startKafka({ brokers: 1 }), await startPostgres()]
	const running = await runYima(["serve"], { DATABASE_URL: own.connectionString, KAFKA_BROKERS: kafka.brokers, YIMA_KEY: KEY, YIMA_PARTITIONS: "3" })
	try {
		await survives(running, { leave: () => kafka.kill(1), comeBack: () => kafka.restart(1) })
	} finally {
		running.kill("SIGTERM")
		expect(await running.ended).toBe(0)
		await kafka.stop()
		await own.stop()
	}
})
