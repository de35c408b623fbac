import { createSecretKey, randomBytes } from "node:crypto"
import { masterKey } from "@yima/access"
import { secretOf, signed } from "@yima/courier"
import { DerivedReader, openPool, Webhooks } from "@yima/registry"
import { until } from "@yima/test-kit"
import { Logger, makeWorkerUtils, run as runGraphile } from "graphile-worker"
import type pg from "pg"
import { PgBoss } from "pg-boss"
import { Agent, request } from "undici"
import { type Serving, serve, serving } from "./child.ts"
import { Sayer } from "./derived-rows.ts"
import type { Flags } from "./flags.ts"
import { PARTITIONS } from "./linking.ts"
import type { Place, Stand } from "./place.ts"
import type { Row } from "./row.ts"

/** Requests under way at once, of everybody. */
const FLYING = 64

const told = async ({ url }: Serving): Promise<{ readonly count: number; readonly first: number; readonly last: number }> =>
	(await (await fetch(url)).json()) as { readonly count: number; readonly first: number; readonly last: number }

/** Requests a second of what comes until `count` have come. */
const rateOf = async (receiver: Serving, count: number, work: () => Promise<unknown>): Promise<number> => {
	await fetch(receiver.url, { method: "DELETE" })
	await work()
	await until(`${count} requests`, async () => (await told(receiver)).count >= count, 600_000)
	const { first, last } = await told(receiver)
	return (count * 1000) / (last - first)
}

const bodiesOf = async ({ pool }: Stand, count: number): Promise<readonly string[]> =>
	(await new DerivedReader(pool).page({}, new Map(), count)).rows.map((row) => JSON.stringify(row))

const agent = new Agent({ connections: FLYING, pipelining: 1 })
const post = async (url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<number> => {
	const response = await request(url, { method: "POST", dispatcher: agent, headers: { "content-type": "application/json", ...headers }, body })
	await response.body.dump()
	return response.statusCode
}

/** The reference: the same bodies, posted one after the other in as many lanes, and nothing else. */
const bare = (url: string, bodies: readonly string[]) => async (): Promise<void> => {
	const next = bodies.values()
	await Promise.all(
		Array.from({ length: FLYING }, async () => {
			for (const body of next) await post(url, body)
		}),
	)
}

/** `yima serve --role courier`, with one endpoint. */
const ours =
	({ pool, env }: Stand, url: string) =>
	async (): Promise<() => Promise<void>> => {
		const key = masterKey(env["YIMA_KEY"] ?? "")
		const id = "bench"
		await new Webhooks(pool).create({
			id,
			url,
			service: null,
			company: null,
			families: null,
			types: null,
			project: null,
			severity: null,
			batchSize: 1,
			concurrency: FLYING,
			perSecond: null,
			secret: key.wrap(secretOf(id), randomBytes(32)),
			cursor: "",
			createdAt: 0,
		})
		const courier = await serve(["courier"], { ...env, YIMA_PARTITIONS: String(PARTITIONS), YIMA_WEBHOOK_ALLOW: "127.0.0.1" })
		return courier.stop
	}

/** pg-boss, tuned as its documents say: whole batches fetched and completed at once. */
const withPgBoss = async ({ connectionString }: Stand, url: string, bodies: readonly string[], receiver: Serving): Promise<number> => {
	const boss = new PgBoss({ connectionString, max: 20 })
	boss.on("error", () => undefined)
	await boss.start()
	await boss.createQueue("deliveries", { retryLimit: 10, retryBackoff: true })
	for (let at = 0; at < bodies.length; at += 1000)
		await boss.insert(
			"deliveries",
			bodies.slice(at, at + 1000).map((body) => ({ data: { body } })),
		)
	const rate = await rateOf(receiver, bodies.length, () =>
		boss.work<{ readonly body: string }>("deliveries", { batchSize: FLYING * 4, pollingIntervalSeconds: 0.5 }, async (jobs) => {
			const next = jobs.values()
			await Promise.all(
				Array.from({ length: FLYING }, async () => {
					for (const { data } of next) await post(url, data.body)
				}),
			)
		}),
	)
	await boss.stop({ graceful: false })
	return rate
}

type Deliver = (id: string, body: string) => Promise<unknown>

/** What a queue's task has to add to do the same: the signature, and a record of request and answer, written together with others' before its job is done. */
const recorded = async (pool: pg.Pool, url: string): Promise<Deliver> => {
	await pool.query(`create table record (id text primary key, at timestamptz not null default now(), latency_ms int, status int, request text)`)
	const secret = createSecretKey(randomBytes(32))
	let open: readonly (readonly [string, number, number, string])[] = []
	let flushed: Promise<unknown> = Promise.resolve()
	let next: Promise<unknown> | null = null
	const flush = () => {
		const rows = open
		open = []
		next = null
		const columns = [0, 1, 2, 3].map((n) => rows.map((row) => row[n]))
		flushed = pool.query({
			name: "record",
			text: `insert into record (id, latency_ms, status, request) select * from unnest($1::text[], $2::int[], $3::int[], $4::text[])`,
			values: columns,
		})
		return flushed
	}
	return async (id, body) => {
		const headers = signed([secret], id, Math.floor(Date.now() / 1000), body)
		const start = performance.now()
		const status = await post(url, body, headers)
		open = [...open, [id, Math.round(performance.now() - start), status, JSON.stringify(headers)]]
		next ??= flushed.then(flush)
		await next
	}
}

const withGraphile = async ({ connectionString }: Stand, url: string, bodies: readonly string[], receiver: Serving, same: boolean): Promise<number> => {
	const pgPool = openPool({ connectionString, max: 20 })
	const logger = new Logger(() => () => undefined)
	const utils = await makeWorkerUtils({ pgPool, logger })
	await utils.migrate()
	for (let at = 0; at < bodies.length; at += 1000)
		await utils.addJobs(bodies.slice(at, at + 1000).map((body) => ({ identifier: "deliver", payload: { body } })))
	const deliver = same ? await recorded(pgPool, url) : (_: string, body: string) => post(url, body)
	let runner: Awaited<ReturnType<typeof runGraphile>> | null = null
	const rate = await rateOf(receiver, bodies.length, async () => {
		runner = await runGraphile({
			pgPool,
			logger,
			concurrency: FLYING,
			noHandleSignals: true,
			preset: { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0 } },
			taskList: { deliver: async (payload, { job }) => void (await deliver(String(job.id), (payload as { readonly body: string }).body)) },
		})
	})
	await (runner as Awaited<ReturnType<typeof runGraphile>> | null)?.stop()
	await utils.release()
	await pgPool.end()
	return rate
}

/** Deliveries a second to one endpoint: the courier, with cursor, record of each request and signature, beside a bare loop, and peers that do the same job. */
export const pushing = async (place: Place, { rounds, deliveries: count }: Flags): Promise<readonly Row[]> => {
	const receiver = await serving(`${import.meta.dirname}/counting-receiver.ts`, [], {})
	const found: { readonly ours: number; readonly bare: number; readonly boss: number; readonly graphile: number; readonly same: number }[] = []
	try {
		for (let round = 0; round < rounds; round++)
			found.push(
				await place.on(async (stand) => {
					const sayer = await Sayer.on(stand)
					for (let at = 0; at < count; at += 1000) await sayer.say((at / 1000) % PARTITIONS, Math.min(1000, count - at))
					const bodies = await bodiesOf(stand, count)
					const reference = await rateOf(receiver, count, bare(receiver.url, bodies))
					let stop = async (): Promise<void> => undefined
					const own = await rateOf(receiver, count, async () => {
						stop = await ours(stand, receiver.url)()
					})
					await stop()
					return {
						ours: own,
						bare: reference,
						// A tenth: it takes its time.
						boss: await withPgBoss(stand, receiver.url, bodies.slice(0, count / 10), receiver),
						graphile: await withGraphile(stand, receiver.url, bodies, receiver, false),
						same: await withGraphile(stand, receiver.url, bodies, receiver, true),
					}
				}),
			)
	} finally {
		await receiver.stop()
	}
	const row = (what: string, by: string, pick: (each: (typeof found)[number]) => { readonly ours: number; readonly reference: number }, aim?: string): Row => ({
		what,
		by,
		unit: "/s",
		rounds: found.map(pick),
		...(aim === undefined ? {} : { aim }),
	})
	return [
		row("deliveries to one endpoint", "a bare undici loop", (each) => ({ ours: each.ours, reference: each.bare }), "≥ 0.5"),
		row("deliveries to one endpoint", "pg-boss with retries", (each) => ({ ours: each.ours, reference: each.boss }), "> 1"),
		row("deliveries to one endpoint", "graphile-worker with retries, which neither signs nor keeps a record", (each) => ({
			ours: each.ours,
			reference: each.graphile,
		})),
		row("deliveries to one endpoint", "graphile-worker with retries doing the same", (each) => ({ ours: each.ours, reference: each.same }), "> 1"),
	]
}
