import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type EmbeddedDatabase, startEmbeddedDatabase } from "@yima/embedded-postgres"
import type { Known } from "@yima/schemas"
import type pg from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { connect, HISTORY, migrate, openPool, PostgresRegistry, Reader, TABLES } from "../src/index.ts"
import { recorded, registryContract, writes } from "./contract.ts"

const folder = mkdtempSync(join(tmpdir(), "yima-registry-"))
let database: EmbeddedDatabase
let admin: pg.Pool
let made = 0
const pools: pg.Pool[] = []

beforeAll(async () => {
	database = await startEmbeddedDatabase(folder, { flags: ["fsync=off"] })
	admin = openPool({ connectionString: database.connectionString })
})
afterAll(async () => {
	await Promise.all([...pools, admin].map((pool) => pool.end()))
	await database.stop()
	rmSync(folder, { recursive: true, force: true })
})

/** A database of its own for each test: they share the server, nothing else. */
const fresh = async (): Promise<{ readonly url: string; readonly pool: pg.Pool }> => {
	const name = `t${++made}`
	await admin.query(`create database ${name}`)
	const url = database.connectionString.replace(/postgres$/, name)
	await migrate(url)
	const pool = connect({ connectionString: url })
	pools.push(pool)
	return { url, pool }
}

registryContract(async () => new PostgresRegistry((await fresh()).pool, 3))

describe("the schema", () => {
	test("is brought up to date by any number of processes at once, and again", async () => {
		await admin.query(`create database many`)
		const url = database.connectionString.replace(/postgres$/, "many")
		await Promise.all([1, 2, 3].map(() => migrate(url)))
		await migrate(url)
		const pool = connect({ connectionString: url })
		pools.push(pool)
		expect((await pool.query(`select count(*)::int as n from event`)).rows).toEqual([{ n: 0 }])
	})

	test("has the tables that are named by kind, each looked up by what would distribute it, and no other", async () => {
		const { pool } = await fresh()
		const named = Object.values(TABLES).flatMap((kind) => Object.entries(kind))
		const { rows } = await pool.query<{ readonly name: string; readonly columns: string[] }>(
			`select c.relname as name, array_agg(a.attname::text order by k.n) as columns from pg_class c
				join pg_index i on i.indrelid = c.oid and i.indisprimary cross join unnest(i.indkey) with ordinality as k(attnum, n)
				join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where c.relnamespace = 'yima'::regnamespace group by 1 order by 1`,
		)
		expect(rows.map((row) => row.name)).toEqual(named.map(([name]) => name).sort())
		// Letters are worked off by partition and deleted by number.
		for (const [name, column] of named) if (name !== "mailbox") expect(rows.find((row) => row.name === name)?.columns, name).toContain(column)
	})
})

const KEYS: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(TABLES))

describe("history", () => {
	test.each(HISTORY.flatMap((table) => [`update ${table} set ${KEYS[table]} = ${KEYS[table]}`, `delete from ${table}`, `truncate ${table}`]))(
		"refuses %s through the application's own connection",
		async (sql) => {
			const { pool } = await fresh()
			await new PostgresRegistry(pool, 1).commit(0, 0, writes({ events: [recorded("a", 0, 0n, 10)] }))
			await expect(pool.query(sql)).rejects.toThrow(/permission denied/)
			await expect(pool.query(`reset role; ${sql}`)).rejects.toThrow(/permission denied/)
			await expect(pool.query(`alter table event add column x int`)).rejects.toThrow(/must be owner/)
		},
	)
})

describe("a snapshot", () => {
	test("promises no more than every partition has read, less what is unchecked or waits", async () => {
		const { pool } = await fresh()
		const [registry, reader] = [new PostgresRegistry(pool, 2), new Reader(pool, 2)]
		const watermark = () => reader.snapshot(async (snapshot) => snapshot.watermark)
		expect(await watermark()).toBe(0)
		await registry.commit(0, 0, writes({ known: 100 as Known }))
		expect(await watermark()).toBe(0)
		await registry.commit(1, 0, writes({ known: 80 as Known }))
		expect(await watermark()).toBe(80)
		await registry.commit(
			1,
			1,
			writes({ known: 200 as Known, mail: [{ partition: 0, due: 0 as never, from: 61 as Known, cause: { partition: 1, offset: 4n }, task: "{}" }] }),
		)
		expect(await watermark()).toBe(60)
		const done = (await registry.open(0, 0 as never, 5)).mail.map((each) => each.number)
		await registry.commit(
			0,
			1,
			writes({
				known: 150 as Known,
				done,
				unchecked: { crossing: { seen: [1, 2], used: [], changed: [], families: [] }, held: 100 as Known, causes: [{ partition: 0, offset: 3n }] },
			}),
		)
		expect(await watermark()).toBe(100)
		await registry.commit(0, 2, writes({ known: 150 as Known }))
		expect(await watermark()).toBe(150)
	})

	test("a record is reached when it, its check and every letter that it caused are worked off", async () => {
		const { pool } = await fresh()
		const [registry, reader] = [new PostgresRegistry(pool, 2), new Reader(pool, 2)]
		const reached = () => reader.hasReached({ partition: 0, offset: 4n }, 0 as never)
		expect(await reached()).toBe(false)
		const letter = { partition: 1, due: 0 as never, from: 5 as Known, cause: { partition: 0, offset: 4n }, task: "{}" }
		await registry.commit(
			0,
			0,
			writes({
				next: 5n,
				mail: [letter],
				unchecked: { crossing: { seen: [0, 0], used: [], changed: [], families: [] }, held: 1 as Known, causes: [{ partition: 0, offset: 2n }] },
			}),
		)
		expect(await reached()).toBe(false)
		await registry.commit(0, 1, writes({ next: 5n }))
		expect(await reached()).toBe(false)
		await registry.commit(1, 0, writes({ done: (await registry.open(1, 0 as never, 5)).mail.map((each) => each.number) }))
		expect(await reached()).toBe(true)
	})

	test("a lost connection fails its own call at most: the pool goes on", async () => {
		const { url, pool } = await fresh()
		const registry = new PostgresRegistry(pool, 1)
		await registry.commit(0, 0, writes())
		await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [new URL(url).pathname.slice(1)])
		const turn = () => registry.open(0, 0 as never, 1).then(({ position }) => position?.turn ?? 0)
		await expect.poll(() => turn().catch(() => "lost"), { timeout: 10_000 }).toBe(1)
	})
})
