import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { migrate } from "@yima/registry"
import { Metrics } from "@yima/telemetry"
import pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { watch } from "../src/readings.ts"

let postgres: Postgres
let client: pg.Client
beforeAll(async () => {
	postgres = await startPostgres()
	await migrate(postgres.connectionString)
	client = new pg.Client({ connectionString: postgres.connectionString })
	await client.connect()
}, 60_000)
afterAll(async () => {
	await client.end()
	await postgres.stop()
}, 60_000)

const SECOND = 1_000_000

const figure = (text: string, sample: string): number => {
	const line = text.split("\n").find((each) => each.startsWith(`${sample} `))
	if (line === undefined) throw new Error(`there is no ${sample}`)
	return Number(line.slice(sample.length + 1))
}

test("lag, ages, letters, what is parked and what was rejected are as the registry and the log say, and what is gone is not shown any more", async () => {
	const now = Date.now() * 1000
	await client.query(
		`insert into yima.position (partition, turn, next, known, said, incarnation) values (0, 1, 7, $1, 0, 'x'), (1, 1, 5, $1, 0, 'x'), (2, 1, 2, $1, 0, 'x')`,
		[now - 600 * SECOND],
	)
	await client.query(
		`insert into yima.mailbox (partition, due, cause_partition, cause_offset, task) values (1, 0, 0, 1, '{}'), (1, 0, 0, 2, '{}'), (2, $1, 0, 3, '{}')`,
		[now + 3600 * SECOND],
	)
	await client.query(
		`insert into yima.link (key, version, partition, turn, places, scopes, parked, parked_since) values ('a', 1, 0, 1, '[]', '[]', 'DISPUTED', 1), ('b', 1, 0, 1, '[]', '[]', null, null)`,
	)
	await client.query(
		`insert into yima.rejected (partition, "offset", known, kind, problems, original, replayed) values (0, 1, 1, 'conflict', '[]', '', true), (0, 2, 2, 'conflict', '[]', '', false)`,
	)
	const metrics = new Metrics()
	const leave = watch(metrics, {
		connectionString: postgres.connectionString,
		log: { partitions: 3, watermarks: async () => [10n, 5n, 4n].map((high, partition) => ({ partition, low: 0n, high })) },
		health: { health: () => ({ ready: true, checks: [] }) },
		// Partition 0 is ours, and the record in hand is a minute old; partition 2 is another's.
		linker: { health: () => new Map(), unreadSince: () => new Map([[0, now - 60 * SECOND]]), stop: async () => undefined },
	})
	const text = await metrics.text()
	expect([0, 1, 2].map((partition) => figure(text, `yima_partition_lag_records{partition="${partition}"}`))).toEqual([3, 0, 2])
	const [own = 0, none = 0, other = 0] = [0, 1, 2].map((partition) => figure(text, `yima_partition_oldest_unread_age_seconds{partition="${partition}"}`))
	expect(Math.round(own / 10)).toBe(6)
	expect(none).toBe(0)
	expect(Math.round(other / 10)).toBe(60)
	expect([0, 1, 2].map((partition) => figure(text, `yima_mailbox_letters{partition="${partition}"}`))).toEqual([0, 2, 0])
	expect(figure(text, 'yima_parked_events{reason="DISPUTED"}')).toBe(1)
	expect(figure(text, 'yima_parked_events{reason="TOO_COARSE"}')).toBe(0)
	expect(figure(text, 'yima_rejected_records{kind="conflict"}')).toBe(1)

	await client.query(`delete from yima.link where key = 'a'`)
	await client.query(`delete from yima.mailbox where cause_offset = 1`)
	const later = await metrics.text()
	expect(figure(later, 'yima_parked_events{reason="DISPUTED"}')).toBe(0)
	// The oldest letter is another one: its age begins anew.
	expect(figure(later, 'yima_mailbox_oldest_age_seconds{partition="1"}')).toBeLessThan(1)
	await leave()
})

test("each endpoint shows what it waits for, since when, and what only a person can put right, also beside one of which it cannot be counted", async () => {
	const now = Date.now() * 1000
	const webhook = (id: string, cursor: string) =>
		client.query(
			`insert into yima.webhook (id, url, types, batch_size, concurrency, secret, status, cursor, created_at) values ($1, 'https://x.test', '{finding.raised}', 1, 1, '', 'PAUSED', $2, 1)`,
			[id, cursor],
		)
	await webhook("behind", "")
	await webhook("through", "0-3")
	for (const [number, age] of [
		[1, 500],
		[2, 400],
		[3, 300],
	] as const)
		await client.query(
			`insert into yima.derived (partition, number, parcel, type, subject, caused_by, said_at, data) values (0, $1, 'p', $2, 'p', 'a', $3, '{}')`,
			[number, number === 1 ? "unit.stage-changed" : "finding.raised", now - age * SECOND],
		)
	await client.query(`update yima.position set said = 3 where partition = 0`)
	await client.query(`insert into yima.door (name, cursor, held_until) values ('kafka', '0-1', now()), ('unused', '', '-infinity')`)
	// It chooses by what a row that was spoilt does not say.
	await webhook("uncounted", "")
	await client.query(`update yima.webhook set types = null, severity = '{BLOCK}' where id = 'uncounted'`)
	await client.query(`update yima.derived set data = 'spoilt' where number = 1`)
	for (const [number, status, age] of [
		[1, "HELD", 900],
		[2, "WAITING", 800],
		[3, "FAILED", 7000],
	] as const)
		await client.query(
			`insert into yima.delivery (webhook, partition, number, type, subject, status, attempts, first_at) values ('through', 0, $1, 'x', 'p', $2, 1, $3)`,
			[number, status, now - age * SECOND],
		)
	const metrics = new Metrics()
	const leave = watch(metrics, {
		connectionString: postgres.connectionString,
		log: { partitions: 3, watermarks: async () => [] },
		health: { health: () => ({ ready: true, checks: [] }) },
		linker: { health: () => new Map(), unreadSince: () => new Map(), stop: async () => undefined },
	})
	const text = await metrics.text()
	const of = (id: string) =>
		["waiting_events", "oldest_waiting_age_seconds", "failed_events"].map((name) =>
			Math.round(figure(text, `yima_webhook_${name}{webhook="${id}"}`) / (name.includes("age") ? 100 : 1)),
		)
	expect(of("behind")).toEqual([2, 4, 0])
	expect(of("through")).toEqual([2, 9, 1])
	expect(of("kafka")).toEqual([2, 4, 0])
	expect(text).not.toContain('webhook="unused"')
	expect(figure(text, 'yima_webhook_failed_events{webhook="uncounted"}')).toBe(0)
	expect(text).not.toContain('yima_webhook_waiting_events{webhook="uncounted"}')
	await leave()
})
