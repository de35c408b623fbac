import type { EventKey, Known, Moment, ParkReason, Scope } from "@yima/schemas"
import type pg from "pg"
import { prepared, transaction } from "./connect.ts"
import { JudgedReader } from "./judged.ts"
import { type EventRow, type LinkRow, link, recorded } from "./postgres.ts"
import type { ConcernRow, Link, Mention, Place, Recorded, Rejection } from "./registry.ts"
import { asAsked, storedId } from "./stored-id.ts"
import { REPLAYED } from "./tables.ts"
import { watermarkOf } from "./watermark.ts"

/** Which named things to list: in these places (codes or beginnings of codes, none within another) and outside of those, as of two times. */
export interface NamedFilter {
	readonly length: 19 | 24 | 28
	readonly inside: readonly string[]
	readonly outside: readonly string[]
	readonly asOf: Moment
	readonly knownAt: Known
}

/** An event that waits for a place. */
export interface ParkedRow {
	readonly key: EventKey
	readonly reason: ParkReason
	readonly since: Known
}

export interface ParkedFilter {
	readonly reason?: ParkReason
	readonly olderThan?: Known
}

export interface RejectedRow extends Rejection {
	readonly replayed: boolean
}

/** How a scope's view of one event changed: its row as it is now. Its place in the stream of changes is (partition, turn). */
export interface ChangeRow extends ConcernRow {
	readonly partition: number
	readonly turn: number
}

/** A page of a list: what was found, and whether there is more behind it. */
export interface Page<A> {
	readonly rows: readonly A[]
	readonly isMore: boolean
}

/** Counting stops here. */
const MOST_COUNTED = 10_000

/** What sends statements. `planned`: planned once; what `query` sends is planned for the values it is asked with. */
interface Client {
	readonly query: <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<pg.QueryResult<R>>
	readonly planned: <R extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => Promise<pg.QueryResult<R>>
}

const asking = (client: pg.PoolClient): Client => ({
	query: (text, values = []) => client.query({ text, values }),
	planned: (text, values) => client.query(prepared(text, values)),
})

/** Everything that one snapshot of the database holds. Reads within it agree with each other and with its watermark. */
export class Snapshot {
	/** How far answers are promised: an answer for a knownAt up to here never changes. */
	readonly watermark: Known
	/** The latest recorded time that anything in it has. */
	readonly latest: Known
	/** The offset that each partition reads next. */
	readonly next: ReadonlyMap<number, bigint>
	/** The turn of each partition: the cursor of changes. */
	readonly turns: ReadonlyMap<number, number>
	/** What was judged, as of now. */
	readonly judged: JudgedReader
	readonly #client: Client

	constructor(client: Client, watermark: Known, latest: Known, next: ReadonlyMap<number, bigint>, turns: ReadonlyMap<number, number>) {
		this.#client = client
		this.judged = new JudgedReader(client)
		this.watermark = watermark
		this.latest = latest
		this.next = next
		this.turns = turns
	}

	/** The concerns of these scopes, in no order. Index: concern_pkey. */
	concerns = async (scopes: readonly Scope[]): Promise<readonly ConcernRow[]> =>
		(await this.#client.planned<ConcernRow>(`select parcel, scope, key, steps from concern where scope = any($1)`, [scopes])).rows

	/** The standing body of each event. Index: event_pkey. */
	events = async (keys: readonly EventKey[]): Promise<readonly Recorded[]> =>
		(
			await this.#client.planned<EventRow>(
				`select distinct on (key) key, partition, "offset", known, type, time, body from event where key = any($1) order by key, known, partition, "offset"`,
				[keys],
			)
		).rows.map(recorded)

	links = async (keys: readonly EventKey[]): Promise<readonly Link[]> =>
		(await this.#client.planned<LinkRow>(`select key, version, places, scopes, parked, parked_since from link where key = any($1)`, [keys])).rows.map(link)

	/** Which events name these ids; an event's own acts stand under `event source#id`. Index: mention_pkey. */
	mentions = async (ids: readonly string[]): Promise<readonly Mention[]> =>
		asAsked(
			ids,
			(
				await this.#client.planned<Mention>(`select id, key, role, partition, stands, definitions from mention where id = any($1) and stands`, [
					ids.map(storedId),
				])
			).rows,
		)

	/** The definitions of these ids. Index: mention_definition. */
	definitions = async (ids: readonly string[]): Promise<readonly Mention[]> =>
		asAsked(
			ids,
			(
				await this.#client.planned<Mention>(
					`select id, key, role, partition, stands, definitions from mention where id = any($1) and definitions is not null`,
					[ids.map(storedId)],
				)
			).rows,
		)

	/** Projects in order of their codes, after one of them. Index: state_pkey. */
	projects = async (after: Scope | null, limit: number): Promise<Page<Scope>> => {
		const { rows } = await this.#client.query<{ readonly scope: Scope }>(
			`select scope from state where scope like 'project:%' and scope > $1 order by scope limit $2`,
			[after ?? "", limit + 1],
		)
		return { rows: rows.slice(0, limit).map((row) => row.scope), isMore: rows.length > limit }
	}

	/**
	 * Scopes that an event in force names, in order of their codes, after one of them: where `at` answers, as far as lists are concerned.
	 * Index: state_pkey, a range for each place; concern_pkey for each scope, up to the first event that names it.
	 */
	named = async (filter: NamedFilter, after: Scope | null, limit: number): Promise<Page<Scope>> => {
		const { rows } = await this.#client.query<{ readonly scope: Scope }>(
			`select scope from (${namedIn(filter)}) n order by scope limit $7`,
			named(filter, after, limit + 1),
		)
		return { rows: rows.slice(0, limit).map((row) => row.scope), isMore: rows.length > limit }
	}

	/** How many there are, up to 10,000; null: more. */
	countNamed = async (filter: NamedFilter): Promise<number | null> => {
		const { rows } = await this.#client.query<{ readonly count: number }>(
			`select count(*)::int as count from (select from (${namedIn(filter)}) n limit $7) s`,
			named(filter, null, MOST_COUNTED + 1),
		)
		const count = rows[0]?.count ?? 0
		return count > MOST_COUNTED ? null : count
	}

	/** Events that wait for a place, the longest waiting first. Index: link_parked. */
	parked = async (
		{ reason, olderThan }: ParkedFilter,
		after: { readonly since: Known; readonly key: EventKey } | null,
		limit: number,
	): Promise<Page<ParkedRow>> => {
		const { rows } = await this.#client.query<{ readonly key: EventKey; readonly reason: ParkReason; readonly since: string }>(
			`select key, parked as reason, parked_since as since from link where parked is not null and ($1::text is null or parked = $1)
				and ($2::bigint is null or parked_since < $2) and (parked_since, key) > ($3, $4) order by parked_since, key limit $5`,
			[reason ?? null, olderThan ?? null, after?.since ?? -1, after?.key ?? "", limit + 1],
		)
		return { rows: rows.slice(0, limit).map((row) => ({ ...row, since: Number(row.since) as Known })), isMore: rows.length > limit }
	}

	/** What could not be taken into history, the latest first. */
	rejected = async (before: { readonly known: Known; readonly place: Place } | null, limit: number): Promise<Page<RejectedRow>> => {
		const { rows } = await this.#client.query<RejectedDbRow>(
			`select * from rejected where $1::bigint is null or (known, partition, "offset") < ($1, $2, $3) order by known desc, partition desc, "offset" desc limit $4`,
			[before?.known ?? null, before?.place.partition ?? null, before?.place.offset ?? null, limit + 1],
		)
		return { rows: rows.slice(0, limit).map(rejectedRow), isMore: rows.length > limit }
	}

	rejectedAt = async (places: readonly Place[]): Promise<readonly RejectedRow[]> =>
		(
			await this.#client.query<RejectedDbRow>(
				`select r.* from rejected r join unnest($1::smallint[], $2::bigint[]) as p(partition, "offset") using (partition, "offset")`,
				[places.map((each) => each.partition), places.map((each) => each.offset)],
			)
		).rows.map(rejectedRow)

	/** What was rejected of one event. */
	rejectedOf = async (key: EventKey): Promise<readonly RejectedRow[]> =>
		(await this.#client.query<RejectedDbRow>(`select * from rejected where key = $1 order by known`, [key])).rows.map(rejectedRow)

	/** The concerns of these scopes that were written after a cursor, in the order of (partition, turn, scope, key). */
	changes = async (scopes: readonly Scope[], after: ReadonlyMap<number, number>, limit: number): Promise<Page<ChangeRow>> => {
		const { rows } = await this.#client.query<Omit<ChangeRow, "turn"> & { readonly turn: string }>(
			`select c.parcel, c.scope, c.key, c.steps, c.partition, c.turn from concern c
				left join unnest($2::smallint[], $3::bigint[]) as a(partition, turn) on a.partition = c.partition
				where c.scope = any($1) and c.turn > coalesce(a.turn, 0) order by c.partition, c.turn, c.scope, c.key limit $4`,
			[scopes, [...after.keys()], [...after.values()], limit + 1],
		)
		return { rows: rows.slice(0, limit).map((row) => ({ ...row, turn: Number(row.turn) })), isMore: rows.length > limit }
	}

	/** Every scope's concerns in order of scopes, for the hash of everything. */
	allConcerns = async (after: Scope | null, scopes: number): Promise<readonly ConcernRow[]> =>
		(
			await this.#client.query<ConcernRow>(
				`select parcel, scope, key, steps from concern where scope in (select scope from state where scope > $1 order by scope limit $2)`,
				[after ?? "", scopes],
			)
		).rows
}

/**
 * A step of a concern is `[from, hash, [type, time, says, more]]` (`store` and `pack` of the lifecycle); the last one that was known then
 * tells whether the event is in force here. It names the scope unless it is led astray or an act upon another event. Not `exists`: that
 * would be planned as a join of everything, and a page needs the first few alone.
 */
const NAMED = `select scope from state where scope > $3 and scope >= PLACE and scope < PLACE || '{' and length(scope) = $4 and scope not like 'project:%'
		and not scope ^@ any ($2::text[])
		and (select true from concern c, lateral (
			select step -> 2 as fact from jsonb_array_elements(c.steps::jsonb) with ordinality as e(step, n) where (step ->> 0)::bigint <= $6 order by n desc limit 1
		) known where c.scope = state.scope and (fact ->> 1)::bigint <= $5 and fact -> 3 -> 'force' -> 'off' is null
			and fact -> 3 ->> 'reach' is distinct from 'astray' and fact ->> 0 not like '%.retracted' and fact ->> 0 <> 'registrar.resolved' limit 1)
	order by scope limit $7`

/** One place stands in the statement itself, so that the planner knows that an ordered walk soon has a page; several are walked each. */
const namedIn = ({ inside }: NamedFilter): string =>
	inside.length === 1
		? NAMED.replaceAll("PLACE", "($1::text[])[1]")
		: `select s.scope from unnest($1::text[]) as i(place) cross join lateral (${NAMED.replaceAll("PLACE", "i.place")}) s`

const named = ({ length, inside, outside, asOf, knownAt }: NamedFilter, after: Scope | null, limit: number) => [
	inside,
	outside,
	after ?? "",
	length,
	asOf,
	knownAt,
	limit,
]

interface RejectedDbRow {
	readonly partition: number
	readonly offset: string
	readonly known: string
	readonly key: EventKey | null
	readonly kind: RejectedRow["kind"]
	readonly problems: string
	readonly original: string
	readonly replayed: boolean
}

const rejectedRow = (row: RejectedDbRow): RejectedRow => ({ ...row, offset: BigInt(row.offset), known: Number(row.known) as Known })

interface PlaceRow {
	readonly partition: number
	readonly turn: string
	readonly next: string
	readonly known: string
	readonly held: string | null
	readonly least: string | null
}

/** The locks come before the snapshot: a replay that exchanges these tables comes wholly before it or wholly after. */
const BEGIN = `begin isolation level repeatable read read only; lock table ${REPLAYED.join(", ")} in access share mode`

const MOST_ATTEMPTS = 3

/** Reads the registry for those who ask. */
export class Reader {
	readonly #pool: pg.Pool
	readonly #partitions: number

	constructor(pool: pg.Pool, partitions: number) {
		this.#pool = pool
		this.#partitions = partitions
	}

	/** Runs reads in one snapshot. */
	snapshot = async <A>(work: (snapshot: Snapshot) => Promise<A>): Promise<A> => {
		for (let attempt = 1; ; attempt++)
			try {
				return await this.#snapshot(work)
			} catch (error) {
				// A deadlock or a conflict is the server's way to ask for it again (architecture, rule 15).
				const code = typeof error === "object" && error !== null && "code" in error ? error.code : null
				if ((code !== "40P01" && code !== "40001") || attempt === MOST_ATTEMPTS) throw error
			}
	}

	#snapshot = <A>(work: (snapshot: Snapshot) => Promise<A>): Promise<A> =>
		transaction(this.#pool, BEGIN, async (client) => {
			const { rows } = await client.query<PlaceRow>(
				prepared(`select partition, turn, next, known, held, (select min("from") from mailbox) as least from position`),
			)
			const known = (text: string | null) => (text === null ? null : (Number(text) as Known))
			const readings = rows.map((row) => ({ known: Number(row.known) as Known, held: known(row.held) }))
			const watermark = watermarkOf(readings, [known(rows[0]?.least ?? null)], this.#partitions)
			return work(
				new Snapshot(
					asking(client),
					watermark,
					Math.max(0, ...rows.map((row) => Number(row.known))) as Known,
					new Map(rows.map((row) => [row.partition, BigInt(row.next)])),
					new Map(rows.map((row) => [row.partition, Number(row.turn)])),
				),
			)
		})

	/** Whether a record and all that it caused for answers have been worked off (`yima-at-least`). */
	hasReached = async ({ partition, offset }: Place, now: Moment): Promise<boolean> => {
		const { rows } = await this.#pool.query<{ readonly reached: boolean }>(
			`select next > $2
				and not exists (select from position p, json_array_elements(p.causes::json) c where (c ->> 0)::int = $1 and (c ->> 1)::bigint <= $2)
				and not exists (select from mailbox where cause_partition = $1 and cause_offset <= $2 and (due = 0 or (due <= $3 and "from" is not null))) as reached from position where partition = $1`,
			[partition, offset, now],
		)
		return rows[0]?.reached ?? false
	}

	/** Identities of a source's events with their types, in order, after one of them (the primary key's order). */
	keysOf = async (source: string, after: EventKey | null, limit: number): Promise<readonly { readonly key: EventKey; readonly type: string }[]> =>
		(
			await this.#pool.query<{ readonly key: EventKey; readonly type: string }>(
				// `$` follows `#`, which stands behind the source.
				`select key, min(type) as type from event where key > $1 and key < $2 group by key order by key limit $3`,
				[after ?? `${source}#`, `${source}$`, limit],
			)
		).rows

	/** Marks rejected records as sent again. */
	markReplayed = async (places: readonly Place[]): Promise<void> => {
		await this.#pool.query(
			`update rejected r set replayed = true from unnest($1::smallint[], $2::bigint[]) as p(partition, "offset")
				where r.partition = p.partition and r."offset" = p."offset"`,
			[places.map((each) => each.partition), places.map((each) => each.offset)],
		)
	}
}
