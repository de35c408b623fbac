import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { connect, migrate, openPool } from "@yima/registry"
import type pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { postgresStore, simulate } from "../src/index.ts"

let postgres: Postgres
let admin: pg.Pool
beforeAll(async () => {
	postgres = await startPostgres()
	admin = openPool({ connectionString: postgres.connectionString, max: 1 })
}, 60_000)
afterAll(async () => {
	await admin.end()
	await postgres.stop()
}, 60_000)

const SEEDS = Array.from({ length: Number(process.env["YIMA_REAL_SEEDS"] ?? 24) }, (_, at) => 200_001 + at)

test.each(SEEDS)("the same plans of faults over PostgreSQL: seed %i", async (seed) => {
	await admin.query(`create database s${seed}`)
	const connectionString = postgres.connectionString.replace(/postgres$/, `s${seed}`)
	await migrate(connectionString)
	const pool = connect({ connectionString })
	try {
		const { wrong } = await simulate(seed, { failed: 3, lost: 3, crash: 10, zombie: 30 }, (partitions) => postgresStore(pool, partitions))
		expect(wrong).toBeNull()
	} finally {
		await pool.end()
	}
})
