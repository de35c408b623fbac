import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { findKafka } from "@yima/kafka-brokers"
import { type Log, openEmbeddedLog, openKafkaLog } from "@yima/log"
import { connect, migrate, openPool } from "@yima/registry"
import type { Known } from "@yima/schemas"
import { dice } from "@yima/test-convergence"
import { until } from "@yima/test-kit"
import type pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { crossingEvents, expectedHash, isWorkedOff, messageOf, runYima, yima } from "../src/index.ts"

const PARTITIONS = 6
const KEY = Buffer.alloc(32, 7).toString("base64")
const SEED = Number(process.env["YIMA_SEED"] ?? 1)

const found = await findKafka()
const kafka = found.how === "none" ? null : await found.start()
let postgres: Postgres
let admin: pg.Pool
beforeAll(async () => {
	postgres = await startPostgres()
	admin = openPool({ connectionString: postgres.connectionString })
}, 60_000)
afterAll(async () => {
	await admin.end()
	await postgres.stop()
	await kafka?.stop()
}, 60_000)

const events = crossingEvents(60, SEED)
const expected = expectedHash(events.map((event, offset) => ({ event, known: offset as Known, partition: 0, offset: BigInt(offset) })))

/** Appends all events in a shuffled order with doubles, in batches cut at random, while `linkers` processes work; answers what `yima hash` prints then. */
const hashAfter = async (name: string, brokers: string | null, linkers: number): Promise<string> => {
	await admin.query(`create database ${name}`)
	const url = postgres.connectionString.replace(/postgres$/, name)
	await migrate(url)
	const env = {
		DATABASE_URL: url,
		YIMA_KEY: KEY,
		YIMA_PARTITIONS: String(PARTITIONS),
		YIMA_TOPIC: name,
		...(brokers === null ? {} : { KAFKA_BROKERS: brokers }),
	}
	const log: Log =
		brokers === null
			? await openEmbeddedLog({ connectionString: url, topic: name, partitions: PARTITIONS })
			: await openKafkaLog({ brokers, topic: name, partitions: PARTITIONS })
	const processes = await Promise.all(Array.from({ length: linkers }, () => runYima(["serve", "--role", "linker"], env)))
	const pool = connect({ connectionString: url, max: 2 })
	try {
		const { shuffle, int, chance } = dice(SEED + linkers)
		const arriving = shuffle([...events, ...events.filter(() => chance(20))]).map(messageOf)
		for (let at = 0; at < arriving.length; ) {
			const count = 1 + int(40)
			await log.append(arriving.slice(at, at + count))
			at += count
		}
		await until("everything is worked off", async () => isWorkedOff(pool, await log.watermarks()), 90_000)
		return (await yima(["hash"], env)).out
	} finally {
		await pool.end()
		for (const each of processes) each.kill("SIGTERM")
		expect(await Promise.all(processes.map((each) => each.ended))).toEqual(processes.map(() => 0))
		await log.close()
	}
}

test.each([1, 3])("through the embedded log, %i linker processes end where the specification does", async (linkers) => {
	expect(await hashAfter(`embedded${linkers}`, null, linkers)).toBe(expected)
})

if (found.how === "none") {
	console.warn(`\n*** NOT TESTED: linkers on Kafka: ${found.reason} ***\n`)
	if (process.env["CI"] === "true") test("linkers on Kafka", () => expect.fail(found.reason))
}
test.skipIf(kafka === null).each([1, 3])("through Kafka, %i linker processes end where the specification does", async (linkers) => {
	expect(await hashAfter(`kafka${linkers}`, kafka?.brokers ?? null, linkers)).toBe(expected)
})
