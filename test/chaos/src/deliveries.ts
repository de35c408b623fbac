import { setTimeout as pause } from "node:timers/promises"
import { startPostgres } from "@yima/embedded-postgres"
import { startKafka } from "@yima/kafka-brokers"
import { openPool } from "@yima/registry"
import { dice } from "@yima/test-convergence"
import { type Json, until } from "@yima/test-kit"
import { ask, runYima } from "@yima/test-pipeline"
import { type Behaviour, type Endpoint, isRefused, openEndpoints } from "./endpoints.ts"
import { Immortal } from "./immortal.ts"
import { outages } from "./outages.ts"
import { Sender } from "./sender.ts"
import { PROJECTS, projectCode, SERVICES, townOf } from "./town.ts"

export interface DeliveryOrdeal {
	readonly log: "embedded" | "kafka"
	/** Flats; each fifth is sold again once the first requests are said: six requests for five flats and service. */
	readonly units: number
	readonly kills: number
	/** How many events are sent each second; null is as fast as the door takes them, and then the endpoints lag behind. */
	readonly perSecond: number | null
	readonly seed: number
	/** Whether ten of the forty endpoints fare badly. */
	readonly isBad: boolean
	/** How long the endpoint that is down stays so, ms; by the couriers' clock a week longer. */
	readonly downFor: number
	readonly say?: (line: string) => void
}

export interface DeliveryVerdict {
	/** Requests that were said. */
	readonly requests: number
	readonly kills: Readonly<Record<string, number>>
	/** Said and chosen by an endpoint, and never received by it; must be none. */
	readonly missing: readonly string[]
	/** Received, and recorded otherwise than as delivered once; must be none. */
	readonly unrecorded: number
	/** Units of which an endpoint took a later revision before an earlier; must be none. */
	readonly disordered: readonly string[]
	/** Events that came more than once: a kill between an answer and its record. */
	readonly doubled: number
	/** Of endpoints that fare well, from being said to being received, ms. */
	readonly p99: number
	/** The same of the other units of endpoints that refuse one unit for ever. */
	readonly p95BesideRefused: number
	readonly p95: number
	readonly seconds: number
	readonly deliveriesPerSecond: number
}

const KEY = Buffer.alloc(32, 9).toString("base64")
const BAD: readonly Behaviour[] = ["slow", "slow", "flapping", "flapping", "refusing", "refusing", "hanging", "cutting", "garbage", "down"]

/** What makes a process's clock a week fast from a moment on, ms since 1970. */
const weekLaterFrom = (moment: number): string => `const real = Date.now; Date.now = () => real() + (real() < ${moment} ? 0 : ${7 * 24 * 3600_000})`

const percentile = (all: readonly number[], share: number): number => {
	const sorted = [...all].sort((a, b) => a - b)
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

interface Said {
	readonly id: string
	readonly subject: string
	readonly service: string
	readonly projects: readonly string[]
}

/** 0 while the database is away. */
const numberOf = async (pool: ReturnType<typeof openPool>, sql: string): Promise<number> =>
	Number((await pool.query<{ readonly n: string }>(sql).catch(() => ({ rows: [] }))).rows[0]?.n ?? 0)

/** Flats are registered to their buyers, and forty endpoints are told, while the parts, the database and the log in it are killed; then everything is counted. */
export const deliveries = async ({ log, units, kills, perSecond, seed, isBad, downFor, say = () => undefined }: DeliveryOrdeal): Promise<DeliveryVerdict> => {
	const throws = dice(seed)
	const started = Date.now()
	const postgres = await startPostgres()
	const kafka = log === "kafka" ? await startKafka({ brokers: 3 }) : null
	const env = {
		DATABASE_URL: postgres.connectionString,
		YIMA_KEY: KEY,
		YIMA_PARTITIONS: "6",
		YIMA_WEBHOOK_ALLOW: "127.0.0.1",
		...(kafka === null ? {} : { KAFKA_BROKERS: kafka.brokers }),
	}
	const part = (role: string, more = {}) => new Immortal(() => runYima(["serve", "--role", role], { ...env, ...more }))
	const [door, gateway, linker] = ["intake", "gateway", "linker"].map((role) => part(role)) as [Immortal, Immortal, Immortal]
	// While the endpoint is down a week passes for them.
	const couriers = [1, 2].map(() =>
		part("courier", { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(weekLaterFrom(started + downFor / 2))}` }),
	)
	const parts = { intake: [door], gateway: [gateway], linker: [linker], courier: couriers }
	const behaviours = Array.from(
		{ length: PROJECTS * SERVICES.length },
		(_, n): Behaviour => (isBad ? BAD[n % 4 === 0 ? n / 4 : BAD.length] : undefined) ?? "healthy",
	)
	const served = await openEndpoints(behaviours, started + downFor, throws)
	const killed: Record<string, number> = {}
	const victims = ["courier", "postgres", "linker", ...(kafka === null ? [] : ["broker"]), "courier", "gateway", "postgres", "courier", "intake"]
	const kill = async (name: string): Promise<void> => {
		const outage = outages(postgres, kafka, throws)[name]
		if (outage !== undefined) return outage()
		const victim = throws.pick(parts[name as keyof typeof parts])
		await victim.kill()
		await victim.begin()
	}
	try {
		await door.begin()
		await Promise.all([gateway, linker, ...couriers].map((each) => each.begin()))
		const webhooks: { readonly id: string; readonly service: string; readonly project: string; readonly endpoint: Endpoint }[] = []
		for (const [n, endpoint] of served.endpoints.entries()) {
			const [service, project] = [SERVICES[n % SERVICES.length] as string, projectCode(Math.floor(n / SERVICES.length))]
			const input = { url: served.urlOf(n), service: service.toUpperCase(), project, after: "" }
			const answer = await ask(gateway, `mutation($input: WebhookInput!) { createWebhook(input: $input) { id } }`, { input })
			const { data } = (await answer.json()) as { readonly data: { readonly createWebhook: { readonly id: string } } }
			webhooks.push({ id: data.createWebhook.id, service, project: `project:${project}`, endpoint })
		}
		const pool = openPool({ connectionString: postgres.connectionString, max: 2 })
		try {
			const { ground, first, later } = townOf(units)
			const said = () => numberOf(pool, `select count(*) as n from yima.derived where type = 'utility.account-requested'`)
			const sender = new Sender(() => door.url)
			const send = async (events: readonly Json[]): Promise<void> => {
				if (perSecond === null) return sender.send(events, 200, 4)
				const tenth = Math.ceil(perSecond / 10)
				for (let at = 0; at < events.length; at += tenth) await Promise.all([sender.send(events.slice(at, at + tenth), tenth, 1), pause(100)])
			}
			const perRound = [units, Math.ceil(units / 5)].map((each) => each * SERVICES.length) as [number, number]
			const sending = (async () => {
				// Before any flat has its buyer: an account's number that comes later would amend the request.
				await sender.send(ground, 200, 4)
				await send(first)
				// A flat that is sold again before its first request is said has one request, for the second buyer.
				await until(`${perRound[0]} requests are said`, async () => (await said()) >= perRound[0], 1_800_000)
				await send(later)
			})()
			const end = ground.length + first.length + later.length + perRound[0] + perRound[1]
			const progress = () => sender.acknowledged.size + served.endpoints.reduce((sum, { received }) => sum + received.size, 0)
			// Kills are spread over what is taken in and what is delivered, not over time: the slower the machine, the slower the blows.
			const killing = (async () => {
				for (let n = 1; n <= kills; n++) {
					const due = Math.floor((n * end) / (kills + 1))
					await until(`${due} of ${end} events are acknowledged or delivered`, () => progress() >= due, 1_800_000)
					const name = victims[n % victims.length] as string
					say(`${sender.acknowledged.size} acknowledged, ${progress() - sender.acknowledged.size} delivered; kill ${n}: ${name}`)
					killed[name] = (killed[name] ?? 0) + 1
					await kill(name)
				}
			})()
			await Promise.all([sending, killing])
			say(`all sent after ${Math.round((Date.now() - started) / 1000)} s`)
			await until(`${perRound[0] + perRound[1]} requests are said`, async () => (await said()) >= perRound[0] + perRound[1], 900_000)
			const { rows: requests } = await pool.query<Said>(
				`select partition || '-' || number as id, subject, service, projects from yima.derived where type = 'utility.account-requested'`,
			)
			say(`${requests.length} requests said after ${Math.round((Date.now() - started) / 1000)} s`)
			const wantedOf = ({ service, project, endpoint }: (typeof webhooks)[number]) =>
				requests.filter(
					(each) => each.service === service && each.projects.includes(project) && !(endpoint.behaviour === "refusing" && isRefused(each.subject)),
				)
			const wanted = new Map(webhooks.map((each) => [each.id, wantedOf(each)]))
			const total = [...wanted.values()].reduce((sum, each) => sum + each.length, 0)
			const delivered = () => numberOf(pool, `select count(*) as n from yima.delivery where status = 'DELIVERED'`)
			await until(`${total} are recorded as delivered`, async () => (await delivered()) >= total, 900_000)
			const seconds = (Date.now() - started) / 1000
			const { rows: records } = await pool.query<{ readonly webhook: string; readonly id: string }>(
				`select webhook, partition || '-' || number as id from yima.delivery where status = 'DELIVERED'`,
			)
			const recorded = Map.groupBy(records, (each) => each.webhook)
			const healthy = webhooks.filter(({ endpoint }) => endpoint.behaviour === "healthy")
			const beside = webhooks.filter(({ endpoint }) => endpoint.behaviour === "refusing")
			const latencies = healthy.flatMap(({ endpoint }) => endpoint.latencies)
			return {
				requests: requests.length,
				kills: killed,
				missing: webhooks.flatMap(({ id, endpoint }) =>
					(wanted.get(id) ?? []).flatMap((each) => (endpoint.received.has(each.id) ? [] : [`${endpoint.name} ${each.id}`])),
				),
				unrecorded: webhooks.reduce((sum, { id }) => {
					const own = (recorded.get(id) ?? []).map((each) => each.id)
					const asked = new Set((wanted.get(id) ?? []).map((each) => each.id))
					return sum + own.filter((each) => !asked.has(each)).length + (asked.size - new Set(own).size) + (own.length - new Set(own).size)
				}, 0),
				disordered: webhooks.flatMap(({ endpoint }) =>
					[...endpoint.revisions].flatMap(([unit, revisions]) =>
						revisions.some((each, n) => each < (revisions[n - 1] ?? 0)) ? [`${endpoint.name} ${unit}: ${revisions}`] : [],
					),
				),
				doubled: webhooks.reduce((sum, { endpoint }) => sum + [...endpoint.received.values()].filter((each) => each > 1).length, 0),
				p99: percentile(latencies, 0.99),
				p95: percentile(latencies, 0.95),
				p95BesideRefused: percentile(
					beside.flatMap(({ endpoint }) => endpoint.latencies),
					0.95,
				),
				seconds: Math.round(seconds),
				deliveriesPerSecond: Math.round(total / seconds),
			}
		} finally {
			await pool.end()
		}
	} finally {
		await Promise.all([door, gateway, linker, ...couriers].map((each) => each.stop()))
		served.close()
		await kafka?.stop()
		await postgres.stop()
	}
}
