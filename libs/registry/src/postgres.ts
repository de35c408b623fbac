import { type EventKey, isProject, type Known, type Moment, type ParkReason, type Scope } from "@yima/schemas"
import type pg from "pg"
import { Bell } from "./bell.ts"
import { atOnce, prepared, together, transaction } from "./connect.ts"
import { distrusted } from "./distrusted.ts"
import type {
	ConcernRow,
	Crossing,
	DeadlineRow,
	FindingRow,
	Judged,
	Link,
	Loaded,
	MailRow,
	MemberRow,
	Mention,
	Opening,
	Place,
	Position,
	Recorded,
	Registry,
	RequestRow,
	Ruling,
	StateRow,
	Unseen,
	Wanted,
	Writes,
} from "./registry.ts"
import { asAsked, storedId } from "./stored-id.ts"
import { watermarkOf } from "./watermark.ts"

/** As the driver gives them: eight-byte integers are text. */
export interface EventRow {
	readonly key: EventKey
	readonly partition: number
	readonly offset: string
	readonly known: string
	readonly type: string
	readonly time: string
	readonly body: string
}
export interface LinkRow {
	readonly key: EventKey
	readonly version: string
	readonly places: string
	readonly scopes: string
	readonly parked: ParkReason | null
	readonly parked_since: string
}
interface MailboxRow {
	readonly number: string
	readonly partition: number
	readonly due: string
	readonly from: string | null
	readonly cause_partition: number
	readonly cause_offset: string
	readonly task: string
}
export interface StateDbRow {
	readonly scope: Scope
	readonly stage: string | null
	readonly due: string | null
	readonly project: Scope | null
	readonly sold: boolean
	readonly ready: boolean | null
	readonly unmet: readonly string[]
	readonly excused: readonly string[]
	readonly blocks: readonly string[]
	readonly acts: Readonly<Record<string, Moment>>
}
export interface FindingDbRow extends Omit<FindingRow, "since" | "evidence" | "causedBy"> {
	readonly since: string
	readonly evidence: string
	readonly caused_by: EventKey
}
export interface DeadlineDbRow extends Pick<DeadlineRow, "scope" | "id" | "thing" | "responsible" | "missed"> {
	readonly started_at: string
	readonly due_at: string
	readonly paused_since: string | null
	readonly met_at: string | null
}
export interface RequestDbRow extends Omit<RequestRow, "requestId" | "certificateNo" | "saidAt"> {
	readonly request_id: string
	readonly certificate_no: string
	readonly said_at: string
}
interface PositionRow {
	readonly partition: number
	readonly turn: string
	readonly next: string
	readonly known: string
	readonly held: string | null
	readonly causes: string | null
	readonly unchecked: string | null
	readonly said: string
	readonly incarnation: string
}

const known = (text: string) => Number(text) as Known
const moment = (text: string) => Number(text) as Moment

export const recorded = (row: EventRow): Recorded => ({ ...row, offset: BigInt(row.offset), known: known(row.known), time: moment(row.time) })

export const link = (row: LinkRow): Link => ({
	key: row.key,
	version: Number(row.version),
	places: row.places,
	scopes: JSON.parse(row.scopes) as Scope[],
	parked: row.parked === null ? null : { reason: row.parked, since: known(row.parked_since) },
})

const mailRow = (row: MailboxRow): MailRow => ({
	number: BigInt(row.number),
	partition: row.partition,
	due: moment(row.due),
	from: row.from === null ? null : known(row.from),
	cause: { partition: row.cause_partition, offset: BigInt(row.cause_offset) },
	task: row.task,
})

const position = (row: PositionRow): Position => ({
	turn: Number(row.turn),
	next: BigInt(row.next),
	known: known(row.known),
	incarnation: row.incarnation,
	said: BigInt(row.said),
	unchecked: row.unchecked === null ? null : (JSON.parse(row.unchecked) as Crossing),
	held: row.held === null ? null : known(row.held),
	causes: row.causes === null ? [] : (JSON.parse(row.causes) as [number, number][]).map(([partition, offset]) => ({ partition, offset: BigInt(offset) })),
})

export const STATE = "scope, stage, due, project, sold, ready, unmet, excused, blocks, acts"

const judgedOf = ({ project, sold, ready, unmet, excused, blocks, acts }: StateDbRow): Judged | null =>
	ready === null ? null : { project, sold, ready, unmet, excused, blocks, acts }

export const stateRow = (row: StateDbRow): StateRow => ({
	scope: row.scope,
	stage: row.stage,
	due: row.due === null ? null : moment(row.due),
	judged: judgedOf(row),
})

export const findingRow = ({ since, evidence, caused_by, ...row }: FindingDbRow): FindingRow => ({
	...row,
	since: moment(since),
	evidence: JSON.parse(evidence) as EventKey[],
	causedBy: caused_by,
})

const momentOrNull = (text: string | null): Moment | null => (text === null ? null : moment(text))

export const deadlineRow = ({ started_at, due_at, paused_since, met_at, ...row }: DeadlineDbRow): DeadlineRow => ({
	...row,
	startedAt: moment(started_at),
	dueAt: moment(due_at),
	pausedSince: momentOrNull(paused_since),
	metAt: momentOrNull(met_at),
})

export const requestRow = ({ request_id, certificate_no, said_at, ...row }: RequestDbRow): RequestRow => ({
	...row,
	requestId: request_id,
	certificateNo: certificate_no,
	saidAt: known(said_at),
})

const MENTION = "m.id, m.key, m.role, m.partition, m.stands, m.definitions"

/** JSON as `jsonb_to_recordset` reads it: one parameter for any number of rows. Offsets go as text. */
const rows = (all: readonly object[]): string => JSON.stringify(all)

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** The registry in PostgreSQL: sets in, sets out; what a turn writes is one transaction behind its fence. */
export class PostgresRegistry implements Registry {
	readonly partitions: number
	readonly #pool: pg.Pool
	readonly #bell: Bell

	constructor(pool: pg.Pool, partitions: number) {
		this.#pool = pool
		this.#bell = new Bell(pool)
		this.partitions = partitions
	}

	open = (partition: number, now: Moment, limit: number, isHurried = false): Promise<Opening> =>
		together(this.#pool, async (client) => {
			const letters = (waited: boolean, most: number) =>
				client.query<MailboxRow>(
					prepared(`select * from mailbox where partition = $1 and due <= $2 and ("from" is not null) = $3 order by due, number limit $4`, [
						partition,
						now,
						waited,
						most,
					]),
				)
			const [places, urgent, others] = await atOnce(client, () =>
				Promise.all([client.query<PositionRow>(prepared(`select * from position`)), letters(true, limit), letters(false, isHurried ? 0 : limit * 10)]),
			)
			const mail = urgent.rows.length > 0 ? urgent : others
			const turns = Array.from({ length: this.partitions }, () => 0)
			let own: Position | null = null
			for (const row of places.rows) {
				turns[row.partition] = Number(row.turn)
				if (row.partition === partition) own = position(row)
			}
			return { position: own, turns, mail: mail.rows.map(mailRow) }
		})

	load = ({ entries = [], acts = [], definitions = [], users = [], links = [], concerns = [], states = [], requests = [] }: Wanted): Promise<Loaded> =>
		together(this.#pool, async (client) => {
			const some = async <R extends pg.QueryResultRow>(keys: readonly string[], sql: string): Promise<R[]> =>
				keys.length === 0 ? [] : (await client.query<R>(prepared(sql, [keys]))).rows
			const actIds = acts.map((key) => `event ${key}`)
			// A connection answers in the order in which it was asked: links first.
			const [linked, found, named, defined, used, concerning, stated, suspected, limited, asked] = await atOnce(client, () =>
				Promise.all([
					some<LinkRow>(links, `select key, version, places, scopes, parked, parked_since from link where key = any($1)`),
					some<EventRow>(entries, `select key, partition, "offset", known, type, time, body from event where key = any($1)`),
					some<Mention>(actIds.map(storedId), `select ${MENTION} from mention m where m.id = any($1) and m.role <> 'names' and m.stands`),
					some<Mention>(definitions.map(storedId), `select ${MENTION} from mention m where m.id = any($1) and m.definitions is not null`),
					some<Mention>(users.map(storedId), `select ${MENTION} from mention m where m.id = any($1) and m.role = 'names' and m.stands`),
					some<ConcernRow>(concerns, `select parcel, scope, key, steps from concern where scope = any($1)`),
					some<StateDbRow>(states, `select ${STATE} from state where scope = any($1)`),
					some<FindingDbRow>(states, `select * from finding where scope = any($1)`),
					some<DeadlineDbRow>(states, `select * from deadline where scope = any($1)`),
					some<RequestDbRow>(requests, `select * from account_request where unit = any($1)`),
				]),
			)
			return {
				entries: found.map(recorded),
				acts: asAsked(actIds, named),
				definitions: asAsked(definitions, defined),
				users: asAsked(users, used),
				links: linked.map(link),
				concerns: concerning,
				states: stated.map(stateRow),
				findings: suspected.map(findingRow),
				deadlines: limited.map(deadlineRow),
				requests: asked.map(requestRow),
			}
		})

	unseen = async (partition: number, { seen, used, changed, families }: Crossing): Promise<Unseen> => {
		const actIds = families.map((key) => `event ${key}`)
		const { rows: found } = await this.#pool.query<{ readonly is: "id" | "act" | "family"; readonly what: string }>(
			prepared(
				`with seen as (select (n - 1)::smallint as partition, turn from unnest($2::bigint[]) with ordinality as s(turn, n))
			select 'id' as is, m.id as what from mention m join seen s using (partition)
				where m.id = any($3) and m.definitions is not null and m.turn > s.turn and m.partition <> $1
			union select 'id', m.id from mention m join seen s using (partition)
				where m.id = any($4) and m.role = 'names' and m.turn > s.turn and m.partition <> $1
			union select 'act', m.id from mention m join seen s using (partition)
				where m.id = any($5) and m.role <> 'names' and m.turn > s.turn and m.partition <> $1
			union select 'family', e.key from event e join seen s using (partition)
				where e.key = any($6) and e.turn > s.turn and e.partition <> $1`,
				[partition, seen, used.map(storedId), changed.map(storedId), actIds.map(storedId), families],
			),
		)
		const of = (is: "id" | "act" | "family") => found.flatMap((row) => (row.is === is ? [{ id: row.what }] : []))
		const ids = asAsked([...used, ...changed], of("id")).map((each) => each.id)
		const keys = [...asAsked(actIds, of("act")).map((each) => each.id.slice("event ".length)), ...of("family").map((each) => each.id)]
		return { ids: [...new Set(ids)].sort(), families: [...new Set(keys)].sort() as EventKey[] }
	}

	below = async (scope: Scope, after: Scope | null, limit: number): Promise<readonly Scope[]> => {
		// No code holds a character behind the letters: with them ends what begins with a code. Index: state_pkey, state_project.
		const [text, values] =
			scope === "registry"
				? [`select scope from state where scope > $1 order by scope limit $2`, [after ?? "", limit]]
				: isProject(scope)
					? [`select scope from state where project = $1 and scope > $2 order by scope limit $3`, [scope, after ?? "", limit]]
					: [
							`select scope from state where scope > greatest($1, $2) and scope < $1 || '{' and scope not like 'project:%' order by scope limit $3`,
							[scope, after ?? "", limit],
						]
		const { rows: found } = await this.#pool.query<{ readonly scope: Scope }>(text, values)
		return found.map((row) => row.scope)
	}

	members = async (project: Scope): Promise<readonly MemberRow[]> => {
		const { rows: found } = await this.#pool.query<StateDbRow>(prepared(`select ${STATE} from state where project = $1`, [project]))
		return found.flatMap((row) => {
			const judged = judgedOf(row)
			return judged === null ? [] : [{ scope: row.scope, judged }]
		})
	}

	countUnits = async (scope: Scope): Promise<number> => {
		const where = isProject(scope) ? "project = $1" : "scope >= $1 and scope < $1 || '{'"
		const { rows: found } = await this.#pool.query<{ readonly n: number }>(
			prepared(`select count(*)::int as n from state where ${where} and length(scope) = 28 and scope not like 'project:%'`, [scope]),
		)
		return found[0]?.n ?? 0
	}

	reached = async (causes: readonly Place[]): Promise<readonly boolean[]> => {
		const { rows: found } = await this.#pool.query<{ readonly reached: boolean }>(
			prepared(
				`select coalesce((select next > w.at from position where partition = w.partition), false)
				and not exists (select from position p, json_array_elements(p.causes::json) c where (c ->> 0)::int = w.partition and (c ->> 1)::bigint <= w.at)
				and not exists (select from mailbox where cause_partition = w.partition and cause_offset <= w.at and due = 0 and "from" is not null) as reached
			from unnest($1::smallint[], $2::bigint[]) with ordinality as w(partition, at, n) order by n`,
				[causes.map((each) => each.partition), causes.map((each) => String(each.offset))],
			),
		)
		return found.map((row) => row.reached)
	}

	watermark = async (): Promise<Known> => {
		const { rows: found } = await this.#pool.query<{ readonly known: string; readonly held: string | null; readonly least: string | null }>(
			prepared(`select known, held, (select min("from") from mailbox where "from" is not null) as least from position`),
		)
		const orNull = (text: string | null) => (text === null ? null : known(text))
		return watermarkOf(
			found.map((row) => ({ known: known(row.known), held: orNull(row.held) })),
			[orNull(found[0]?.least ?? null)],
			this.partitions,
		)
	}

	/** Writes down how many partitions there are, and makes the row of each that has none: from then on every owner's turn meets it. `lows`: where to begin to read. */
	prepare = async (incarnation: string, lows: readonly { readonly partition: number; readonly low: bigint }[]): Promise<void> => {
		await this.#pool.query(`insert into setting (name, value) values ('partitions', $1) on conflict do nothing`, [String(this.partitions)])
		await this.#pool.query(
			`insert into position (partition, turn, next, known, said, incarnation)
				select partition, 0, low, 0, 0, $3 from unnest($1::smallint[], $2::bigint[]) as l(partition, low) order by partition on conflict do nothing`,
			[lows.map((each) => each.partition), lows.map((each) => each.low), incarnation],
		)
	}

	distrust = async (partition: number, incarnation: string): Promise<void> => {
		await this.#pool.query(`update position set turn = turn + 1, incarnation = $3 where partition = $1 and incarnation = $2`, [
			partition,
			incarnation,
			distrusted(incarnation),
		])
	}

	waiting = async (now: Moment): Promise<readonly number[]> => {
		const { rows: found } = await this.#pool.query<{ readonly partition: number }>(
			`select partition from position where unchecked is not null
				or exists (select from mailbox m where m.partition = position.partition and m.due <= $1)`,
			[now],
		)
		return found.map((row) => row.partition)
	}

	commit = (partition: number, turn: number, writes: Writes): Promise<"done" | "fenced" | "stale"> =>
		transaction(
			this.#pool,
			"begin",
			(client) => this.#write(client, partition, turn, writes),
			(answer) => answer === "done",
		).then((answer) => {
			if (answer === "done" && writes.derived.length > 0) this.#bell.ring()
			return answer
		})

	async #write(client: pg.PoolClient, partition: number, turn: number, writes: Writes): Promise<"done" | "fenced" | "stale"> {
		const { unchecked } = writes
		const place = [
			partition,
			turn,
			writes.next,
			writes.known,
			unchecked?.held ?? null,
			unchecked === null ? null : JSON.stringify(unchecked.causes.map(({ partition: at, offset }) => [at, Number(offset)])),
			unchecked === null ? null : JSON.stringify(unchecked.crossing),
			writes.incarnation,
			writes.derived.length,
		]
		// The first turn of a partition makes its row, if nobody has; two owners that try meet at the key.
		const taken = await client.query<{ readonly said: string }>(
			prepared(
				`insert into position as p (partition, turn, next, known, held, causes, unchecked, incarnation, said)
				select $1::smallint, $2::bigint + 1, $3::bigint, $4::bigint, $5::bigint, $6::text, $7::text, $8::text, $9::bigint
				where $2 = 0 or exists (select from position where partition = $1)
				on conflict (partition) do update set turn = p.turn + 1, next = excluded.next, known = excluded.known, held = excluded.held,
					causes = excluded.causes, unchecked = excluded.unchecked, incarnation = excluded.incarnation, said = p.said + $9
				where p.turn = $2 returning p.said - $9 as said`,
				place,
			),
		)
		const [own] = taken.rows
		if (own === undefined) return "fenced"
		const said = BigInt(own.said)
		const stamp = turn + 1
		const each = async (all: readonly object[], sql: string): Promise<number> =>
			all.length === 0 ? 0 : ((await client.query(prepared(sql, [rows(all), partition, stamp]))).rowCount ?? 0)

		// The links come first: two bodies of one identity meet here, and the later turn is taken again.
		const [replaced] = await atOnce(client, () =>
			Promise.all([
				each(
					[...writes.links].sort(byKey).map(({ parked, scopes, ...rest }) => ({
						...rest,
						scopes: JSON.stringify(scopes),
						parked: parked?.reason ?? null,
						parked_since: parked?.since ?? null,
					})),
					`insert into link as l (key, version, partition, turn, places, scopes, parked, parked_since)
				select key, version + 1, $2, $3, places, scopes, parked, parked_since
				from jsonb_to_recordset($1) as x(key text, version bigint, places text, scopes text, parked text, parked_since bigint)
				on conflict (key) do update set version = excluded.version, partition = excluded.partition, turn = excluded.turn, places = excluded.places,
					scopes = excluded.scopes, parked = excluded.parked, parked_since = excluded.parked_since
				where l.version = excluded.version - 1`,
				),
				each(
					writes.events.map(({ key, offset, known, type, time, body }) => ({ key, offset: String(offset), known, type, time, body })),
					`insert into event (key, partition, "offset", known, turn, type, time, body)
				select key, $2, "offset", known, $3, type, time, body
				from jsonb_to_recordset($1) as x(key text, "offset" bigint, known bigint, type text, time bigint, body text) on conflict (key, partition) do nothing`,
				),
				each(
					writes.mentions.map((row) => ({ ...row, id: storedId(row.id) })),
					`insert into mention (id, key, role, partition, turn, stands, definitions)
				select id, key, role, $2, $3, stands, definitions from jsonb_to_recordset($1) as x(id text, key text, role text, stands boolean, definitions text)
				on conflict (id, key, role) do update
					set partition = excluded.partition, turn = excluded.turn, stands = excluded.stands, definitions = excluded.definitions`,
				),
				each(
					writes.concerns,
					`insert into concern as c (parcel, scope, key, partition, turn, steps)
				select parcel, scope, key, $2, $3, steps from jsonb_to_recordset($1) as x(parcel text, scope text, key text, steps text)
				on conflict (scope, key) do update set partition = excluded.partition, turn = excluded.turn, steps = excluded.steps where c.steps <> excluded.steps`,
				),
				each(
					writes.mail.map(({ cause, ...rest }) => ({ ...rest, cause_partition: cause.partition, cause_offset: String(cause.offset) })),
					`insert into mailbox (partition, due, "from", cause_partition, cause_offset, task)
				select partition, due, "from", cause_partition, cause_offset, task
				from jsonb_to_recordset($1) as x(partition smallint, due bigint, "from" bigint, cause_partition smallint, cause_offset bigint, task text)
				where $2::int is not null and $3::bigint is not null`,
				),
				writes.done.length === 0 ? 0 : client.query(prepared(`delete from mailbox where number = any($1)`, [writes.done.map(String)])),
				each(
					writes.rejected.map(({ partition: at, offset, ...rest }) => ({ ...rest, at, offset: String(offset) })),
					`insert into rejected (partition, "offset", known, key, kind, problems, original)
				select at, "offset", known, key, kind, problems, original
				from jsonb_to_recordset($1) as x(at smallint, "offset" bigint, known bigint, key text, kind text, problems text, original text)
				where $2::int is not null and $3::bigint is not null on conflict (partition, known) do nothing`,
				),
				each(
					writes.derived.map(({ causedBy, saidAt, ...rest }, n) => ({ ...rest, number: String(said + BigInt(n) + 1n), caused_by: causedBy, said_at: saidAt })),
					`insert into derived (partition, number, parcel, type, subject, caused_by, said_at, data, projects, service)
				select $2, number, parcel, type, subject, caused_by, said_at, data, projects, service
				from jsonb_to_recordset($1)
					as x(number bigint, parcel text, type text, subject text, caused_by text, said_at bigint, data text, projects text[], service text)
				where $3::bigint is not null`,
				),
				each(
					writes.requests.map(({ requestId, certificateNo, saidAt, ...rest }) => ({
						...rest,
						request_id: requestId,
						certificate_no: certificateNo,
						said_at: saidAt,
					})),
					`insert into account_request (unit, service, request_id, revision, kind, company, holder, certificate_no, transfer, root, said_at)
				select unit, service, request_id, revision, kind, company, holder, certificate_no, transfer, root, said_at
				from jsonb_to_recordset($1) as x(unit text, service text, request_id text, revision int, kind text, company text, holder text,
					certificate_no text, transfer text, root text, said_at bigint)
				where $2::int is not null and $3::bigint is not null
				on conflict (unit, service) do update set request_id = excluded.request_id, revision = excluded.revision, kind = excluded.kind,
					company = excluded.company, holder = excluded.holder, certificate_no = excluded.certificate_no, transfer = excluded.transfer,
					root = excluded.root, said_at = excluded.said_at`,
				),
				// Last, since other partitions' turns name the same scopes: whoever comes second waits for the first to commit.
				each(
					scopesOf(writes.concerns),
					`insert into state (parcel, scope) select parcel, scope from jsonb_to_recordset($1) as x(parcel text, scope text)
				where $2::int is not null and $3::bigint is not null and not exists (select from state s where s.scope = x.scope) order by scope on conflict do nothing`,
				),
				each(
					writes.states.map(({ judged, ...rest }) => ({ ...rest, ...judged, ready: judged?.ready ?? null })),
					`update state s set stage = x.stage, due = x.due, project = x.project, sold = coalesce(x.sold, false), ready = x.ready, unmet = coalesce(x.unmet, '{}'),
					excused = coalesce(x.excused, '{}'), blocks = coalesce(x.blocks, '{}'), acts = coalesce(x.acts, '{}')
				from jsonb_to_recordset($1) as x(scope text, stage text, due bigint, project text, sold boolean, ready boolean, unmet text[], excused text[], blocks text[], acts jsonb)
				where $2::int is not null and $3::bigint is not null and s.scope = x.scope`,
				),
				...this.#replace(client, writes.rulings),
			]),
		)
		return replaced === writes.links.length ? "done" : "stale"
	}

	/** Puts what was judged of some scopes in the place of what was judged before. */
	#replace(client: pg.PoolClient, rulings: readonly Ruling[]): readonly (Promise<unknown> | number)[] {
		if (rulings.length === 0) return []
		const scopes = rulings.map((each) => each.scope)
		const findings = rulings
			.flatMap((each) => each.findings)
			.map(({ evidence, causedBy, ...row }) => ({ ...row, evidence: JSON.stringify(evidence), caused_by: causedBy }))
		const deadlines = rulings
			.flatMap((each) => each.deadlines)
			.map(({ startedAt, dueAt, pausedSince, metAt, ...row }) => ({ ...row, started_at: startedAt, due_at: dueAt, paused_since: pausedSince, met_at: metAt }))
		const put = (table: string, columns: string, all: readonly object[]) =>
			all.length === 0 ? 0 : client.query(prepared(`insert into ${table} select x.* from jsonb_to_recordset($1) as x(${columns})`, [rows(all)]))
		return [
			client.query(prepared(`delete from finding where scope = any($1)`, [scopes])),
			client.query(prepared(`delete from deadline where scope = any($1)`, [scopes])),
			put(
				"finding",
				"scope text, code text, thing text, severity text, responsible text, since bigint, explanation text, evidence text, caused_by text",
				findings,
			),
			put(
				"deadline",
				"scope text, id text, thing text, responsible text, started_at bigint, due_at bigint, paused_since bigint, met_at bigint, missed boolean",
				deadlines,
			),
		]
	}
}

const scopesOf = (concerns: readonly ConcernRow[]): readonly object[] =>
	[...new Map(concerns.map(({ parcel, scope }) => [scope, { parcel, scope }])).values()].sort((a, b) => (a.scope < b.scope ? -1 : 1))
