import { spawn } from "node:child_process"
import { join } from "node:path"
import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { openPool } from "@yima/registry"
import { cityAsSent } from "@yima/test-bench"
import { until } from "@yima/test-kit"
import type pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { ask, isWorkedOff, type Running, runYima, yima } from "../src/index.ts"

const PARTITIONS = 12
let postgres: Postgres
let pool: pg.Pool
let running: Running
const env = () => ({ DATABASE_URL: postgres.connectionString, YIMA_KEY: Buffer.alloc(32, 5).toString("base64"), YIMA_PARTITIONS: String(PARTITIONS) })

beforeAll(async () => {
	postgres = await startPostgres()
	pool = openPool({ connectionString: postgres.connectionString, max: 2 })
	running = await runYima(["serve"], env())
	await until("the health is green", async () => (await fetch(`${running.url}/health/ready`)).status === 200)
}, 60_000)
afterAll(async () => {
	running.kill("SIGTERM")
	await running.ended
	await pool.end()
	await postgres.stop()
}, 60_000)

const post = async (events: readonly object[]): Promise<void> => {
	const response = await fetch(`${running.url}/events`, {
		method: "POST",
		headers: { "content-type": "application/cloudevents-batch+json" },
		body: JSON.stringify(events),
	})
	expect(response.status).toBe(200)
}

/** What the registry answers of these flats, as a reader sees it. */
const answers = async (codes: readonly string[]): Promise<string> => {
	const query =
		"query ($codes: [UnitCode!]!) { unitsByCodes(codes: $codes) { code contentHash stage holders { name } timeline(first: 100) { edges { node { id inForce } } } } }"
	return (await ask(running, query, { codes })).text()
}

/** How far the shadow is: turns that it has committed; null: there is none. */
const turnsOfShadow = async (): Promise<number | null> =>
	pool.query<{ readonly turns: number | null }>(`select sum(turn - (select min(turn) from yima.position))::float as turns from yima_next.position`).then(
		({ rows }) => rows[0]?.turns ?? null,
		() => null,
	)

test("a replay that is killed five times changes no answer, and the sixth puts the same in place", { timeout: 180_000 }, async () => {
	const events = cityAsSent(80)
	for (let at = 0; at < events.length; at += 200) await post(events.slice(at, at + 200))
	const highs = async () =>
		(await pool.query<{ readonly partition: number; readonly next: string }>(`select partition, next from log.partition`)).rows.map(({ partition, next }) => ({
			partition,
			high: BigInt(next),
		}))
	await until("everything is worked off", async () => isWorkedOff(pool, await highs()), 90_000)
	const codes = [...new Set(events.flatMap(({ subject }) => (typeof subject === "string" && subject.length === 28 ? [subject] : [])))]
	expect(codes).toHaveLength(80)
	const before = { said: await answers(codes), hash: (await yima(["hash"], env())).out }
	expect(before.said).toContain('"CERTIFIED"')

	let isReplaying = true
	let asked = 0
	const asking = (async () => {
		for (; isReplaying; asked++) expect(await answers(codes)).toBe(before.said)
	})()

	for (const flags of [[], [], [], ["--continue"], ["--continue"]]) {
		const from = await turnsOfShadow()
		const child = spawn(process.execPath, [join(import.meta.dirname, "../../../apps/yima/src/main.ts"), "replay", ...flags], {
			env: { PATH: process.env["PATH"] ?? "", ...env() },
			stdio: "ignore",
		})
		const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once("exit", (_, signal) => resolve(signal)))
		// Begun anew, or gone on with.
		const isUnderWay = async () => ![null, from].includes(await turnsOfShadow())
		await until("the replay has begun", async () => child.exitCode !== null || (await isUnderWay()))
		child.kill("SIGKILL")
		expect(await ended).toBe("SIGKILL")
		expect((await yima(["hash"], env())).out).toBe(before.hash)
	}

	const last = await yima(["replay", "--continue", "--expect", "same"], env())
	expect(last).toMatchObject({ code: 0, out: "已换上,与原来的相同" })
	isReplaying = false
	await asking
	expect(asked).toBeGreaterThan(5)
	expect(await answers(codes)).toBe(before.said)
	expect((await yima(["hash"], env())).out).toBe(before.hash)

	// What comes afterwards is linked on, by the same linkers.
	const [next] = cityAsSent(81).filter((each) => String(each["id"]) > String(events.at(-1)?.["id"]))
	await post([next ?? {}])
	await until("what comes afterwards is there", async () => isWorkedOff(pool, await highs()), 30_000)
})
