import type { EventKey, Known, Moment, Scope } from "@yima/schemas"
import type pg from "pg"
import { type DerivedDbRow, type DerivedRow, derivedRow, normal } from "./derived.ts"
import { type DeadlineDbRow, deadlineRow, type FindingDbRow, findingRow, type RequestDbRow, requestRow, STATE, type StateDbRow, stateRow } from "./postgres.ts"
import type { Page } from "./reader.ts"
import type { DeadlineRow, FindingRow, RequestRow, StateRow } from "./registry.ts"

/** Where judgements are looked for: scopes at or below these places (codes or beginnings of codes), or these projects themselves; null: everywhere. */
export interface Within {
	readonly places: readonly string[] | null
}

export interface FindingsFilter extends Within {
	readonly code?: readonly string[] | undefined
	readonly severity?: readonly string[] | undefined
	readonly responsible?: string | undefined
}

export interface DeadlinesFilter extends Within {
	readonly id?: readonly string[] | undefined
	readonly responsible?: string | undefined
	/** Of those that are not met, those that are late at `now`, or those that are not. */
	readonly overdue?: boolean | undefined
	readonly dueBefore?: Moment | undefined
	/** True: not met; false: met. */
	readonly open?: boolean | undefined
	readonly now: Moment
}

/** Units by what was judged of them and of what lies above them. */
export interface UnitsFilter extends Within {
	readonly project?: Scope | undefined
	readonly stage?: readonly string[] | undefined
	readonly ready?: boolean | undefined
	/** Units that some of these conditions keep from being ready. */
	readonly unmet?: readonly string[] | undefined
	/** Units on which, or above which, some of these findings are open. */
	readonly finding?: readonly string[] | undefined
	/** Those too of which nothing is kept: retired, or not judged yet. */
	readonly all?: boolean
}

/** A unit as lists show it. */
export interface ListedUnit {
	readonly scope: Scope
	readonly stage: string | null
	readonly ready: boolean
	/** Nothing is kept of it: retired, or not judged yet. */
	readonly unjudged: boolean
}

/** A unit as roll-ups count it: put together of its own row and those of its building, parcel and project. */
export interface UnitRow extends ListedUnit {
	readonly sold: boolean
	readonly unmet: readonly string[]
	readonly blocks: readonly string[]
	readonly acts: Readonly<Record<string, Moment>>
}

/** A finding that is no longer open, as it was said. */
export interface ClearedRow extends Omit<FindingRow, "causedBy"> {
	readonly clearedAt: Known
	readonly causedBy: EventKey
}

interface Client {
	readonly query: <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<pg.QueryResult<R>>
	readonly planned: <R extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => Promise<pg.QueryResult<R>>
}

/** Codes lie below a place in the order of text: no code holds a character behind the letters. */
const within = (column: string, param: string): string =>
	`(${param}::text[] is null or exists (select from unnest(${param}::text[]) as i(place) where ${column} >= i.place and ${column} < i.place || '{'))`

/** A finding's or deadline's place in its list. */
export interface JudgedCursor {
	readonly scope: string
	readonly id: string
	readonly thing: string
}

const page = <A>(rows: readonly A[], limit: number): Page<A> => ({ rows: rows.slice(0, limit), isMore: rows.length > limit })

/**
 * The rows of a unit, its building, parcel and project side by side. What one of them excuses is excused of all; a unit is ready if it is sold,
 * and nothing is unmet that is not excused, and nothing blocks. Index: state_pkey for each of them, state_project.
 */
const UNITS = `select u.scope, u.sold, u.acts, u.ready is null as unjudged, c.unmet, c.blocks, u.sold and c.unmet = '{}' and c.blocks = '{}' as ready,
	case when u.stage in ('SOLD', 'READY') then case when u.sold and c.unmet = '{}' and c.blocks = '{}' then 'READY' else 'SOLD' end else u.stage end as stage
	from state u
	left join state b on b.scope = left(u.scope, 24) and u.scope not like '___________________F9999%'
	left join state p on p.scope = left(u.scope, 19)
	left join state j on j.scope = u.project
	cross join lateral (select
		array(select id from unnest(u.unmet || coalesce(b.unmet, '{}') || coalesce(p.unmet, '{}') || coalesce(j.unmet, '{}')) id
			where id <> all (u.excused || coalesce(b.excused, '{}') || coalesce(p.excused, '{}') || coalesce(j.excused, '{}'))) as unmet,
		u.blocks || coalesce(b.blocks, '{}') || coalesce(p.blocks, '{}') || coalesce(j.blocks, '{}') as blocks
		offset 0) c -- once for each row, however often it is named
	where length(u.scope) = 28 and u.scope not like 'project:%'`

const LISTED = "scope, stage, ready, unjudged"

/** What is asked for and nothing else: so one plan for each choice is as good as one for each value. Index: state_project with a project, else state_pkey. */
const unitsText = ({ places, project, stage, ready, unmet, finding, all = false }: UnitsFilter, after: Scope | null, limit: number) => {
	const values: unknown[] = []
	const param = (value: unknown): string => `$${values.push(value)}`
	const own = [
		`u.scope > ${param(after ?? "")}`,
		...(all ? [] : ["u.ready is not null"]),
		...(places === null ? [] : [within("u.scope", param(places))]),
		...(project === undefined ? [] : [`u.project = ${param(project)}`]),
		...(finding === undefined
			? []
			: [`exists (select from finding f where f.code = any(${param(finding)}) and f.scope in (u.scope, left(u.scope, 24), left(u.scope, 19), u.project))`]),
	]
	const whole = [
		...(stage === undefined ? [] : [`stage = any(${param(stage)})`]),
		...(ready === undefined ? [] : [`ready = ${param(ready)}`]),
		...(unmet === undefined ? [] : [`unmet && ${param(unmet)}`]),
	]
	const where = whole.length === 0 ? "" : ` where ${whole.join(" and ")}`
	return { text: `select ${LISTED} from (${UNITS} and ${own.join(" and ")}) s${where} order by scope limit ${param(limit)}`, values }
}

/** Reads what was judged, as of now. */
export class JudgedReader {
	readonly #client: Client

	constructor(client: Client) {
		this.#client = client
	}

	/** What is kept of these scopes. Index: state_pkey. */
	states = async (scopes: readonly Scope[]): Promise<readonly StateRow[]> =>
		(await this.#client.query<StateDbRow>(`select ${STATE} from state where scope = any($1)`, [scopes])).rows.map(stateRow)

	/** Units in order of their codes, after one of them. */
	units = async (filter: UnitsFilter, after: Scope | null, limit: number): Promise<Page<ListedUnit>> => {
		const { text, values } = unitsText(filter, after, limit + 1)
		return page((await this.#client.planned<ListedUnit>(text, values)).rows, limit)
	}

	/** These units. Index: state_pkey. */
	unitsAt = async (codes: readonly Scope[]): Promise<readonly ListedUnit[]> =>
		(await this.#client.planned<ListedUnit>(`select ${LISTED} from (${UNITS} and u.ready is not null and u.scope = any($1)) s`, [codes])).rows

	/** Every unit of a project, or at or below a place, for roll-ups; what a scope and those above it say alike is said once. */
	unitsOf = async (of: { readonly project: Scope } | { readonly place: Scope }): Promise<readonly UnitRow[]> => {
		const [where, value] = "project" in of ? ["u.project = $1", of.project] : ["u.scope >= $1 and u.scope < $1 || '{'", of.place]
		const { rows } = await this.#client.planned<UnitRow>(`${UNITS} and u.ready is not null and ${where}`, [value])
		return rows.map((row) => ({ ...row, unmet: [...new Set(row.unmet)].sort(), blocks: [...new Set(row.blocks)].sort() }))
	}

	/** The buildings of a project. Index: state_project. */
	buildingsOf = async (project: Scope): Promise<readonly StateRow[]> =>
		(await this.#client.query<StateDbRow>(`select ${STATE} from state where project = $1 and length(scope) = 24`, [project])).rows.map(stateRow)

	/** What is open, in order of (scope, code, thing). Index: finding_pkey. */
	findings = async ({ places, code, severity, responsible }: FindingsFilter, after: JudgedCursor | null, limit: number): Promise<Page<FindingRow>> => {
		const { rows } = await this.#client.query<FindingDbRow>(
			`select * from finding where ${within("scope", "$1")} and ($2::text[] is null or code = any($2)) and ($3::text[] is null or severity = any($3))
				and ($4::text is null or responsible = $4) and (scope, code, thing) > ($5, $6, $7) order by scope, code, thing limit $8`,
			[places, code ?? null, severity ?? null, responsible ?? null, after?.scope ?? "", after?.id ?? "", after?.thing ?? "", limit + 1],
		)
		return page(rows.map(findingRow), limit)
	}

	/** What was open and is no more, as it was said, the latest first. Index: derived_cleared. */
	cleared = async (
		{ places, code, severity, responsible }: FindingsFilter,
		before: { readonly at: Known; readonly partition: number; readonly number: number } | null,
		limit: number,
	): Promise<Page<ClearedRow & { readonly partition: number; readonly number: number }>> => {
		const { rows } = await this.#client.query<{
			readonly subject: Scope
			readonly caused_by: EventKey
			readonly said_at: string
			readonly data: string
			readonly partition: number
			readonly number: string
		}>(
			`select subject, caused_by, said_at, data, partition, number from derived where type = 'finding.cleared' and ${within("subject", "$1")}
				and ($2::text[] is null or data::json ->> 'code' = any($2)) and ($3::text[] is null or data::json ->> 'severity' = any($3))
				and ($4::text is null or data::json ->> 'responsible' = $4) and ($5::bigint is null or (said_at, partition, number) < ($5, $6, $7))
				order by said_at desc, partition desc, number desc limit $8`,
			[places, code ?? null, severity ?? null, responsible ?? null, before?.at ?? null, before?.partition ?? null, before?.number ?? null, limit + 1],
		)
		return page(
			rows.map(({ subject, caused_by, said_at, data, partition, number }) => {
				const { on, ...rest } = JSON.parse(data) as Omit<FindingRow, "scope" | "causedBy" | "thing"> & { readonly on: string }
				return { ...rest, scope: subject, thing: on, causedBy: caused_by, clearedAt: Number(said_at) as Known, partition, number: Number(number) }
			}),
			limit,
		)
	}

	/** Time limits in order of (scope, id, thing). Index: deadline_pkey. */
	deadlines = async (filter: DeadlinesFilter, after: JudgedCursor | null, limit: number): Promise<Page<DeadlineRow>> => {
		const { places, id, responsible, overdue, dueBefore, open, now } = filter
		const { rows } = await this.#client.query<DeadlineDbRow>(
			`select * from deadline where ${within("scope", "$1")} and ($2::text[] is null or id = any($2)) and ($3::text is null or responsible = $3)
				and ($4::boolean is null or (met_at is null and paused_since is null and due_at <= $5) = $4) and ($6::bigint is null or due_at < $6)
				and ($7::boolean is null or (met_at is null) = $7) and (scope, id, thing) > ($8, $9, $10) order by scope, id, thing limit $11`,
			[
				places,
				id ?? null,
				responsible ?? null,
				overdue ?? null,
				now,
				dueBefore ?? null,
				open ?? null,
				after?.scope ?? "",
				after?.id ?? "",
				after?.thing ?? "",
				limit + 1,
			],
		)
		return page(rows.map(deadlineRow), limit)
	}

	/** All that was asked of companies for these units, the earliest first. Index: derived_parcel. */
	accountRequests = async (units: readonly Scope[]): Promise<readonly DerivedRow[]> => {
		const { rows } = await this.#client.query<DerivedDbRow>(
			`select d.*, d.number as said from derived d where d.parcel = any($1) and d.subject = any($2) and d.type = 'utility.account-requested'
				order by partition, number`,
			[[...new Set(units.map((each) => each.slice(0, 19)))], units],
		)
		return rows.map(derivedRow)
	}

	/** What was said last under a request's id; null: nobody was ever asked so. Index: account_request_id. */
	accountRequest = async (id: string): Promise<RequestRow | null> => {
		const { rows } = await this.#client.query<RequestDbRow>(`select * from account_request where request_id = $1 order by revision desc limit 1`, [id])
		return rows[0] === undefined ? null : requestRow(rows[0])
	}

	/** Units for which something was asked, in order of their codes, after one of them. */
	requestedUnits = async (
		{ places, service }: Within & { readonly service?: string | undefined },
		after: Scope | null,
		limit: number,
	): Promise<Page<{ readonly unit: Scope }>> => {
		const { rows } = await this.#client.query<{ readonly unit: Scope }>(
			`select distinct unit from account_request where ${within("unit", "$1")} and ($2::text is null or service = $2) and unit > $3 order by unit limit $4`,
			[places, service ?? null, after ?? "", limit + 1],
		)
		return page(rows, limit)
	}

	/**
	 * Which of these requests an endpoint of their company's has received, whether they wait to be sent again or not: that others hear of them
	 * is nothing to the company. Index: delivery_pkey.
	 */
	delivered = async (rows: readonly DerivedRow[]): Promise<ReadonlySet<string>> => {
		const found = await this.#client.query<{ readonly place: string }>(
			`select distinct partition || '-' || number as place from delivery d
				join unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[]) a(partition, number, service, company) using (partition, number)
				join webhook w on w.id = d.webhook and w.service = a.service and coalesce(${normal("w.company")} = ${normal("a.company")}, true) where d.response_status between 200 and 299`,
			[
				rows.map((each) => each.partition),
				rows.map((each) => each.number),
				rows.map((each) => each.service),
				rows.map(({ data }) => (JSON.parse(data) as { readonly company: string }).company),
			],
		)
		return new Set(found.rows.map((each) => each.place))
	}

	/** What was said of changes of readiness at a project or within these places, after a cursor of numbers by partition. Index: derived_readiness. */
	readinessChanges = async (
		parcels: readonly string[],
		after: ReadonlyMap<number, number>,
		limit: number,
	): Promise<
		Page<{
			readonly partition: number
			readonly number: number
			readonly subject: Scope
			readonly causedBy: EventKey
			readonly saidAt: Known
			readonly data: string
		}>
	> => {
		const { rows } = await this.#client.query<{
			readonly partition: number
			readonly number: string
			readonly subject: Scope
			readonly caused_by: EventKey
			readonly said_at: string
			readonly data: string
		}>(
			`select d.partition, d.number, d.subject, d.caused_by, d.said_at, d.data from derived d
				left join unnest($2::smallint[], $3::bigint[]) as a(partition, number) on a.partition = d.partition
				where d.type = 'readiness.changed' and d.parcel = any($1) and d.number > coalesce(a.number, 0) order by d.partition, d.number limit $4`,
			[parcels, [...after.keys()], [...after.values()], limit + 1],
		)
		return page(
			rows.map(({ number, caused_by, said_at, ...row }) => ({ ...row, number: Number(number), causedBy: caused_by, saidAt: Number(said_at) as Known })),
			limit,
		)
	}
}
