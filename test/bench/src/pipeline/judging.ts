import { setTimeout as pause } from "node:timers/promises"
import { startLinker } from "@yima/linker"
import type { Log } from "@yima/log"
import { PostgresRegistry } from "@yima/registry"
import type { Json } from "@yima/test-kit"
import { reports } from "../city.ts"
import { summary } from "../summary.ts"
import { JUDGED, perSecond, QUERY, questionOf, unitsOf } from "./asking.ts"
import { serve } from "./child.ts"
import { connections, exchange } from "./exchange.ts"
import type { Flags } from "./flags.ts"
import { secondsOf } from "./flying.ts"
import { fill, given } from "./given.ts"
import { embeddedLog, now, workedOff } from "./linking.ts"
import type { Place, Stand } from "./place.ts"
import type { Round, Row } from "./row.ts"

const FLATS = 2000
const SEIZED = 5000
const PAGE = 1000
const JSON_TYPE = "application/json"

const LIST = `query List($project: String!, $after: String) { units(filter: { project: $project }, first: ${PAGE}, after: $after) {
	pageInfo { hasNextPage endCursor } edges { node { code stage readiness { ready } } } } }`

const SEEN = `query Seen($unit: UnitCode!, $project: String!, $parcel: ParcelCode!) {
	unit(code: $unit) { readiness { conditions { id status } } }
	units(filter: { parcel: $parcel, unmet: ["U5"] }, first: ${PAGE}) { edges { node { code } } }
	project(code: $project) { readiness { blocking { condition units } } } }`

interface SeenEverywhere {
	readonly data: {
		readonly unit: { readonly readiness: { readonly conditions: readonly { readonly id: string; readonly status: string }[] } }
		readonly units: { readonly edges: readonly unknown[] }
		readonly project: { readonly readiness: { readonly blocking: readonly { readonly condition: string | null; readonly units: number }[] } }
	}
}

interface ListPage {
	readonly data: { readonly units: { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }; readonly edges: readonly unknown[] } }
}

const post = async (url: string, query: string, variables: object): Promise<string> => {
	const { status, text } = await exchange(AGENT, `${url}/graphql`, JSON_TYPE, JSON.stringify({ query, variables }))
	if (status !== 200 || text.startsWith(`{"errors"`)) throw new Error(`${status} ${text.slice(0, 500)}`)
	return text
}
const AGENT = connections(1)

const wholeList = async (url: string, project: string): Promise<number> => {
	let count = 0
	for (let after: string | null = null; ; ) {
		const { data } = JSON.parse(await post(url, LIST, { project, after })) as ListPage
		count += data.units.edges.length
		if (!data.units.pageInfo.hasNextPage) return count
		after = data.units.pageInfo.endCursor
	}
}

/** All that the list says, by one statement: rows of a unit, its building, parcel and project, side by side. */
const BARE = `select u.scope, u.stage, u.sold and array(select unnest(u.unmet || coalesce(b.unmet, '{}') || coalesce(p.unmet, '{}') || coalesce(j.unmet, '{}'))
	except select unnest(u.excused || coalesce(b.excused, '{}') || coalesce(p.excused, '{}') || coalesce(j.excused, '{}'))) = '{}' as ready
	from yima.state u left join yima.state b on b.scope = left(u.scope, 24) left join yima.state p on p.scope = left(u.scope, 19) left join yima.state j on j.scope = u.project
	where u.project = $1 and length(u.scope) = 28 order by u.scope`

/** A flat that sees 200 events, a hundred of them corrections of one contract's amendment. */
const corrected = (all: readonly Json[], flat: string): readonly Json[] => {
	const filed =
		all.find((each) => String(each["type"]).includes("contract-filed") && JSON.stringify(each).includes(flat)) ??
		all.find((each) => String(each["type"]).includes("contract-filed"))
	const data = filed?.["data"] as { readonly contractNo: string }
	const event = (id: string, n: number, more: object): Json => ({
		specversion: "1.0",
		id,
		source: String(filed?.["source"]),
		type: "yima.sales.contract-amended.v1",
		subject: flat,
		time: `2021-06-${String(1 + (n % 28)).padStart(2, "0")}T10:00:00+08:00`,
		data: { contractNo: data.contractNo, totalPriceCny: String(900_000 + n) },
		...more,
	})
	return [
		...Array.from({ length: 80 }, (_, n) => event(`amended-${n}`, n, {})),
		...Array.from({ length: 100 }, (_, n) =>
			event(`corrected-${n}`, n, { corrects: `amended-${n % 10}`, statedat: `2021-07-01T00:${String(n % 60).padStart(2, "0")}:00+08:00` }),
		),
	]
}

const p95 = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0

const timesOf = async (url: string, asks: readonly object[]): Promise<readonly number[]> => {
	const times: number[] = []
	for (const variables of asks) {
		const start = performance.now()
		await post(url, JUDGED_AT, variables)
		times.push(performance.now() - start)
	}
	return times
}
const JUDGED_AT = JUDGED.replace("$code: UnitCode!)", "$code: UnitCode!, $asOf: DateTime, $knownAt: DateTime)").replace(
	"unit(code: $code)",
	"unit(code: $code, asOf: $asOf, knownAt: $knownAt)",
)

const iso = (micros: number): string => new Date(Math.floor(micros / 1000)).toISOString().replace("Z", `${String(micros % 1000).padStart(3, "0")}Z`)

const ofUnits = (place: Place, { rounds, seconds }: Flags): Promise<readonly Row[]> =>
	place.on(async (stand) => {
		const log = await embeddedLog(stand)
		const all = [...reports(FLATS, FLATS)]
		await fill(log, given(all))
		await judgedOff(stand, log)
		const codes = await unitsOf(stand)
		const [long = ""] = codes
		await fill(log, given(corrected(all, long)))
		await judgedOff(stand, log)
		await log.close()
		await stand.owner.query("vacuum analyze")
		const project = String(
			(await stand.owner.query<{ readonly scope: string }>(`select scope from yima.state where scope like 'project:%' limit 1`)).rows[0]?.scope,
		).slice("project:".length)
		const some = codes.slice(1, 301)
		const ratios: Round[] = []
		const knowns = (
			await stand.owner.query<{ readonly known: string }>(
				`select e.known from yima.event e join yima.concern c on c.key = e.key where c.scope = $1 order by e.known`,
				[long],
			)
		).rows.map((row) => Number(row.known))
		const gateway = await serve(["linker", "gateway"], stand.env)
		try {
			const lists: Round[] = []
			const past: Round[] = []
			const [plain, judged] = [QUERY, JUDGED].map((query) => some.map((code) => questionOf(code, query)))
			const rate = (bodies: readonly string[] = []) => perSecond(`${gateway.url}/graphql`, bodies, seconds)
			await rate(plain)
			await rate(judged)
			for (let n = 0; n < rounds; n++) ratios.push({ reference: await rate(plain), ours: await rate(judged) })
			for (let n = 0; n < 30; n++) await wholeList(gateway.url, project)
			await timesOf(
				gateway.url,
				Array.from({ length: 30 }, () => ({ code: long })),
			)
			for (let n = 0; n < rounds; n++) {
				const reference = await secondsOf(async () => void (await stand.owner.query(BARE, [`project:${project}`])))
				let count = 0
				const ours = await secondsOf(async () => {
					count = await wholeList(gateway.url, project)
				})
				if (count !== FLATS) throw new Error(`${count} of ${FLATS} units are listed`)
				lists.push({ ours: ours * 1000, reference: reference * 1000 })
				const present = await timesOf(
					gateway.url,
					Array.from({ length: 100 }, () => ({ code: long })),
				)
				const asks = Array.from({ length: 100 }, (_, at) => ({
					code: long,
					asOf: `2021-06-${String(1 + (at % 28)).padStart(2, "0")}T12:00:00+08:00`,
					knownAt: iso(knowns[(at * 37) % knowns.length] ?? 0),
				}))
				past.push({ ours: p95(await timesOf(gateway.url, asks)), reference: p95(present) })
			}
			return [
				{ what: "`unit` with readiness and findings", by: "the same without", unit: "requests/s", rounds: ratios, aim: "0.50" },
				{ what: `a list of a project's ${FLATS} units with readiness, ${FLATS / PAGE} pages`, by: "one SQL statement", unit: "ms", rounds: lists, aim: "≤ 3" },
				{ what: `a unit with ${knowns.length} events as of any two times, p95`, by: "the same now, p95", unit: "ms", rounds: past, aim: "≤ 3" },
			]
		} finally {
			await gateway.stop()
		}
	})

/** Everything that the log holds is linked, and everything that it touched is judged. */
const judgedOff = async (stand: Stand, log: Log): Promise<void> => {
	const registry = new PostgresRegistry(stand.pool, log.partitions)
	await registry.prepare(await log.incarnation(), await log.watermarks())
	const linker = await startLinker({ log, registry, now })
	await quiet(stand, log)
	await linker.stop()
}

const quiet = async (stand: Stand, log: Log): Promise<void> => {
	await workedOff(stand, log)
	await until(stand, `select not exists (select from yima.mailbox where due = 0) as ok`)
}

const until = async (stand: Stand, sql: string): Promise<void> => {
	while ((await stand.owner.query<{ readonly ok: boolean }>(sql)).rows[0]?.ok !== true) await pause(2)
}

/** The whole parcel is seized: when each list and roll-up says so, and when every unit below has been looked at again. */
const ofAParcel = (place: Place, { rounds }: Flags): Promise<readonly Row[]> =>
	place.on(async (stand) => {
		const log = await embeddedLog(stand)
		// What is said of land and buildings, and that flats are sold: the cost is in the number of units below.
		const all = [...reports(SEIZED + 300, SEIZED)].filter((each) => /\.(?:land|project|planning|survey|construction|sales)\./.test(String(each["type"])))
		await fill(log, given(all))
		await judgedOff(stand, log)
		const parcels = (await stand.owner.query<{ readonly scope: string }>(`select scope from yima.state where length(scope) = 19 order by scope`)).rows.map(
			(row) => row.scope,
		)
		const [parcel = "", other = ""] = parcels
		await stand.owner.query(
			`create table reference as select * from yima.state where scope like '${parcel}%' and length(scope) = 28; create index on reference (scope)`,
		)
		await stand.owner.query("vacuum analyze")
		const one = async (sql: string) => (await stand.owner.query<{ readonly scope: string }>(sql)).rows[0]?.scope ?? ""
		const places = {
			unit: await one(`select max(scope) as scope from yima.state where scope like '${parcel}%' and length(scope) = 28`),
			project: (await one(`select project as scope from yima.state where scope like '${parcel}%' and project is not null limit 1`)).slice("project:".length),
			parcel,
		}
		const gateway = await serve(["gateway"], stand.env)
		const isShown = async (): Promise<boolean> => {
			const { data } = JSON.parse(await post(gateway.url, SEEN, places)) as SeenEverywhere
			const { conditions } = data.unit.readiness
			const blocking = data.project.readiness.blocking.find((each) => each.condition === "U5")
			return conditions.some(({ id, status }) => id === "U5" && status === "UNMET") && data.units.edges.length === PAGE && (blocking?.units ?? 0) > 0
		}
		const registry = new PostgresRegistry(stand.pool, log.partitions)
		const linker = await startLinker({ log, registry, now })
		for (let n = 0; n < 20; n++) if (await isShown()) throw new Error("it is shown before it was said")
		const shown: Round[] = []
		const whole: Round[] = []
		const besides: Round[] = []
		const answered: number[] = []
		for (let n = 0; n < rounds; n++) {
			await quiet(stand, log)
			const reference = (await secondsOf(async () => void (await stand.owner.query(`update reference set sold = not sold`)))) * 1000
			const seizure = (subject: string, no: string, lift: boolean): Json => ({
				specversion: "1.0",
				id: `${no}-${lift}`,
				source: "urn:jz:court",
				type: `yima.judicial.${lift ? "seizure-lifted" : "seized"}.v1`,
				subject,
				time: new Date(Date.now() - 60_000).toISOString(),
				data: lift ? { seizureNo: no } : { seizureNo: no, kind: "seizure", court: "某某法院" },
			})
			const start = performance.now()
			await fill(log, given([seizure(parcel, `S${n}`, false)]))
			await fill(log, given([seizure(other, `T${n}`, false)]))
			const beside = until(stand, `select 'U5' = any(unmet) as ok from yima.state where scope = '${other}'`).then(() =>
				besides.push({ ours: performance.now() - start, reference }),
			)
			await until(stand, `select 'U5' = any(unmet) as ok from yima.state where scope = '${parcel}'`)
			shown.push({ ours: performance.now() - start, reference })
			const asked = performance.now()
			if (!(await isShown())) throw new Error("what is asked from then on does not show it")
			answered.push(performance.now() - asked)
			await beside
			await quiet(stand, log)
			whole.push({ ours: performance.now() - start, reference })
			await fill(log, given([seizure(parcel, `S${n}`, true), seizure(other, `T${n}`, true)]))
		}
		await gateway.stop()
		await linker.stop()
		await log.close()
		const by = `one UPDATE of ${SEIZED} rows`
		return [
			{
				what: `a seizure of a parcel with ${SEIZED} units, until its last unit, a list of ${PAGE} and the project's roll-up show it, whatever is asked`,
				by,
				unit: "ms",
				rounds: shown,
				aim: "≤ 10",
				note: `asked right then over HTTP for all three, while the units are looked at again: answered after ${summary(answered).median.toFixed(0)} ms`,
			},
			{ what: "an event of another parcel, sent right after, until it shows: a slice of its partition at most", by, unit: "ms", rounds: besides },
			{ what: "until every unit below has been looked at again and what changed has been said", by, unit: "ms", rounds: whole },
		]
	})

/** What judging costs, and how fast it is to be seen. */
export const judging = async (place: Place, flags: Flags): Promise<readonly Row[]> => [...(await ofUnits(place, flags)), ...(await ofAParcel(place, flags))]
