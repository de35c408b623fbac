import { gateway } from "@yima/gateway"
import { connect, Reader } from "@yima/registry"
import type pg from "pg"
import { reports } from "../city.ts"
import { summary } from "../summary.ts"
import { type Serving, serve, serveBare } from "./child.ts"
import { connections, exchange } from "./exchange.ts"
import type { Flags } from "./flags.ts"
import { flying } from "./flying.ts"
import { fill, given } from "./given.ts"
import { embeddedLog, linked, now, PARTITIONS } from "./linking.ts"
import type { Place, Stand } from "./place.ts"
import type { Round, Row } from "./row.ts"

const UNITS_PER_BUILDING = 300
/** Connections that ask at once. */
const CONNECTIONS = 8

/** What `yima unit` asks, with the three levels. */
export const QUERY = `query Unit($code: UnitCode!) {
	unit(code: $code) {
		code formattedCode status stage address floor room contentHash
		area { predicted contracted measured }
		parcel { code status landUse areaM2 }
		building { code status label }
		project { code name }
		holders { name }
		certificate { certificateNo registeredOn }
		milestones { stage since }
		contracts { contractNo status signedOn totalPriceCny }
		mortgages(active: true) { proofNo kind mortgagee { name } }
		utilityAccounts { service company accountNo status }
		timeline(first: 50) { totalCount edges { node { id source type title occurredAt department inheritedFrom inForce } } }
	}
}`

/** The same with everything that is judged. */
export const JUDGED = QUERY.replace(
	"stage address",
	"readiness { ready met total conditions { id status since } blocking { id } } findings { code severity explanation } stage address",
)

const JSON_TYPE = "application/json"
export const questionOf = (code: string, query = QUERY): string => JSON.stringify({ query, variables: { code } })

/** Requests/s of so many connections, each asking again as soon as it has its answer. */
export const perSecond = async (url: string, bodies: readonly string[], seconds: number): Promise<number> => {
	const agent = connections(CONNECTIONS)
	const start = performance.now()
	let count = 0
	function* until() {
		// A stride that meets them all, whatever their number.
		for (; performance.now() - start < seconds * 1000; count++) yield bodies[(count * 7919) % bodies.length] ?? ""
	}
	await flying(until(), CONNECTIONS, async (body) => {
		const { status, text } = await exchange(agent, url, JSON_TYPE, body)
		if (status !== 200 || text.startsWith(`{"errors"`)) throw new Error(`${status} ${text.slice(0, 500)}`)
	})
	const passed = (performance.now() - start) / 1000
	agent.destroy()
	return count / passed
}

/** Every unit of a stand, in order. */
export const unitsOf = async ({ owner }: Stand): Promise<readonly string[]> =>
	(await owner.query<{ readonly scope: string }>(`select scope from yima.state where length(scope) = 28 order by scope`)).rows.map(({ scope }) => scope)

/** What a question costs behind the door: the statements that the reader sends, and the scopes whose concerns it asks for. */
const seen = async ({ connectionString }: Stand, code: string) => {
	const pool = connect({ connectionString, max: 1 })
	const statements: string[] = []
	const scopes = new Set<string>()
	pool.on("connect", (client) => {
		const query = client.query.bind(client) as (...args: unknown[]) => unknown
		Object.assign(client, {
			query: (asked: string | pg.QueryConfig<(readonly string[])[]>) => {
				const { text, values = [] } = typeof asked === "string" ? { text: asked } : asked
				statements.push(text)
				if (/from concern where scope = any/.test(text)) for (const scope of values[0] ?? []) scopes.add(scope)
				return query(asked)
			},
		})
	})
	const served = gateway({
		reader: new Reader(pool, PARTITIONS),
		submit: async () => [],
		tick: async () => undefined,
		now,
	})
	const answer = await served.fetch(
		new Request("http://bench/graphql", { method: "POST", headers: { "content-type": JSON_TYPE, accept: JSON_TYPE }, body: questionOf(code) }),
	)
	const text = await answer.text()
	await pool.end()
	const { data, errors } = JSON.parse(text) as {
		readonly data?: { readonly unit: { readonly timeline: { readonly totalCount: number } } }
		readonly errors?: unknown
	}
	if (errors !== undefined || data === undefined) throw new Error(text)
	return {
		statements: statements.filter((each) => !/^(?:begin|commit|rollback)/.test(each)).length,
		scopes: [...scopes],
		bytes: text.length,
		events: data.unit.timeline.totalCount,
	}
}

const during = async <A>(process: Serving, work: (url: string) => Promise<A>): Promise<A> => {
	try {
		return await work(process.url)
	} finally {
		await process.stop()
	}
}

/** Starts `yima serve --role gateway` and lets it be asked, warmed up. */
export const asked = async <A>(
	stand: Stand,
	codes: readonly string[],
	warming: number,
	work: (rate: (seconds: number, query?: string) => Promise<number>) => Promise<A>,
) =>
	during(await serve(["gateway"], stand.env), async (url) => {
		const rate = (seconds: number, query = QUERY) =>
			perSecond(
				`${url}/graphql`,
				codes.map((code) => questionOf(code, query)),
				seconds,
			)
		await rate(warming)
		return work(rate)
	})

/**
 * A unit with what is above it, in buildings of 300, four of whose events list them all: GraphQL requests/s of `yima serve` ÷ those of a
 * bare `node:http` handler that sends the concern rows of the same scopes by one statement. Eight connections that stay open; server, client and
 * PostgreSQL are three processes.
 */
export const asking = (place: Place, { flats, rounds, seconds }: Flags): Promise<readonly Row[]> =>
	place.on(async (stand) => {
		const log = await embeddedLog(stand)
		await fill(log, given(reports(flats, UNITS_PER_BUILDING)))
		await linked(stand, log)
		await log.close()
		await stand.owner.query("vacuum analyze")
		const codes = await unitsOf(stand)
		const { statements, scopes, bytes, events } = await seen(stand, codes[0] ?? "")
		const below = new Map([...Map.groupBy(codes, (code) => code.slice(0, 24)).values()].map(([first = ""]) => [first.slice(0, 24), first]))
		const shared = new Map<string, readonly string[]>()
		for (const [building, first] of below)
			shared.set(
				building,
				(await seen(stand, first)).scopes.filter((scope) => scope !== first),
			)
		const lists = codes.map((code) => JSON.stringify([code, ...(shared.get(code.slice(0, 24)) ?? [])]))
		const found = await during(await serveBare(stand.env), (url) =>
			asked(stand, codes, seconds, async (rate) => {
				await perSecond(url, lists, seconds)
				const agent = connections(1)
				const { text } = await exchange(agent, url, JSON_TYPE, lists[0] ?? "")
				agent.destroy()
				await rate(seconds, JUDGED)
				const [all, judged]: [Round[], Round[]] = [[], []]
				for (let round = 0; round < rounds; round++) {
					const reference = await perSecond(url, lists, seconds)
					all.push({ reference, ours: await rate(seconds) })
					judged.push({ reference, ours: await rate(seconds, JUDGED) })
				}
				return { all, judged, rows: text.length }
			}),
		)
		const { median } = summary(found.all.map((each) => each.ours))
		return [
			{
				what: `\`unit\` over HTTP, ${events} events, lists of ${Math.min(flats, UNITS_PER_BUILDING)}`,
				by: "bare `node:http`, one statement, the same rows",
				unit: "requests/s",
				rounds: found.all,
				aim: "0.60",
				note: `**${statements} statements** for ${scopes.length} scopes; ${bytes} bytes answered, the rows are ${found.rows}; ${((CONNECTIONS * 1000) / median).toFixed(1)} ms each of ${CONNECTIONS}`,
			},
			{ what: "the same with readiness and findings", by: "the same", unit: "requests/s", rounds: found.judged, aim: "0.50" },
		]
	})
