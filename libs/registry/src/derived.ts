import type { EventKey, Known, Scope } from "@yima/schemas"
import type pg from "pg"
import { prepared } from "./connect.ts"
import type { Derived } from "./registry.ts"

/** The last number of each partition that was told; a partition that is not named: none yet. */
export type DerivedPlace = ReadonlyMap<number, number>

/** A row of the derived stream, with its place in it: numbers of a partition have no gaps, and none comes late (architecture, rule 5). */
export interface DerivedRow extends Derived {
	readonly partition: number
	readonly number: number
}

/** What a subscriber chooses of the derived stream; what is left out (or null) chooses nothing away. */
export interface DerivedFilter {
	readonly types?: readonly string[] | null
	/** What types begin with: `readiness` of `readiness.changed`. */
	readonly families?: readonly string[] | null
	readonly service?: string | null
	/** Of account requests, however it is written; what has none is not chosen. */
	readonly company?: string | null
	readonly project?: Scope | null
	/** Of findings; what has none is not chosen. */
	readonly severity?: readonly string[] | null
}

export interface DerivedPage {
	/** In the order in which they were said; of one partition without a gap in what was chosen. */
	readonly rows: readonly DerivedRow[]
	/** How far was looked, whether anything was there or not. */
	readonly reached: DerivedPlace
	readonly isMore: boolean
}

export interface DerivedDbRow {
	readonly partition: number
	readonly said: string
	readonly number: string | null
	readonly parcel: string
	readonly type: string
	readonly subject: Scope | null
	readonly caused_by: EventKey
	readonly said_at: string
	readonly data: string
	readonly projects: readonly Scope[]
	readonly service: string | null
}

interface PageDbRow extends DerivedDbRow {
	/** How many were found in the partition, at most as many as were asked for. */
	readonly matches: number
}

export const derivedRow = ({ partition, number, parcel, type, subject, caused_by, said_at, data, projects, service }: DerivedDbRow): DerivedRow => ({
	partition,
	number: Number(number),
	parcel,
	type,
	subject,
	causedBy: caused_by,
	saidAt: Number(said_at) as Known,
	data,
	projects,
	service,
})

/** A name as `normalForm` writes it, for statements. */
export const normal = (text: string): string => `upper(regexp_replace(translate(normalize(${text}, NFKC), '〔〕【】[]', '()()()'), '\\s', '', 'g'))`

/**
 * A part of the stream by its rarest mark, so that what matches seldom is found without reading what lies between. Index: derived_service,
 * derived_type, derived_pkey.
 */
const textOf = ({ service, types }: DerivedFilter): string => {
	const chosen = `d.partition = p.partition and d.number > coalesce(a.number, 0) and d.number <= p.said
		and ($4::text is null or d.service = $4) and ($5::text[] is null or d.type = any($5)) and ($6::text[] is null or split_part(d.type, '.', 1) = any($6))
		and ($7::text is null or $7 = any(d.projects)) and ($8::text[] is null or d.data::json ->> 'severity' = any($8)) and ($9::text is null or ${normal("d.data::json ->> 'company'")} = ${normal("$9")})`
	const part =
		service || !types
			? `select d.number, d.said_at from derived d where ${service ? "d.service = $4 and " : ""}${chosen} order by d.number limit $3`
			: `select d.number, d.said_at from unnest($5::text[]) t(type) cross join lateral
				(select d.* from derived d where d.type = t.type and ${chosen} order by d.number limit $3) d order by d.number limit $3`
	// Of each partition as many as all of them may be: places alone, until it is known which of them are the earliest.
	return `with place as (
			select p.partition, d.number, d.said_at
			from position p left join unnest($1::smallint[], $2::bigint[]) a(partition, number) on a.partition = p.partition
			cross join lateral (${part}) d),
		earliest as (select * from place order by said_at, partition, number limit $3),
		found as (select partition, count(*)::int as matches from place group by partition)
		select p.partition, p.said, coalesce(f.matches, 0) as matches,
			d.number, d.parcel, d.type, d.subject, d.caused_by, d.said_at, d.data, d.projects, d.service
		from position p left join found f on f.partition = p.partition left join earliest e on e.partition = p.partition
		left join lateral (select * from derived where partition = e.partition and number = e.number limit 1) d on true
		order by d.said_at nulls last, p.partition, d.number`
}

/** The derived stream (派生事件流), read from a place on. */
export class DerivedReader {
	readonly #pool: Pick<pg.Pool, "query">

	constructor(pool: Pick<pg.Pool, "query">) {
		this.#pool = pool
	}

	/** What was said behind a place and is chosen, the earliest first. */
	page = async (filter: DerivedFilter, after: DerivedPlace, limit: number): Promise<DerivedPage> => {
		const { types, families, service, company, project, severity } = filter
		const { rows } = await this.#pool.query<PageDbRow>(
			prepared(textOf(filter), [
				[...after.keys()],
				[...after.values()],
				limit,
				service ?? null,
				types ?? null,
				families ?? null,
				project ?? null,
				severity ?? null,
				company ?? null,
			]),
		)
		const taken = rows.filter((row) => row.number !== null).map(derivedRow)
		const reached = new Map(after)
		let isMore = false
		for (const [partition, [first, ...more]] of Map.groupBy(rows, (row) => row.partition)) {
			if (first === undefined) continue
			const before = after.get(partition) ?? 0
			const own = [first, ...more].filter((row) => row.number !== null)
			// Where something is left, or may be, no more was looked at than was taken.
			const isLeft = first.matches > own.length || first.matches === limit
			reached.set(partition, isLeft ? Number(own.at(-1)?.number ?? before) : Math.max(Number(first.said), before))
			isMore ||= isLeft
		}
		return { rows: taken, reached, isMore }
	}

	/** Behind everything that has been said. */
	end = async (): Promise<DerivedPlace> => {
		const { rows } = await this.#pool.query<{ readonly partition: number; readonly said: string }>(prepared(`select partition, said from position`))
		return new Map(rows.map(({ partition, said }) => [partition, Number(said)]))
	}

	/** Before all that was said at or after a moment. */
	before = async (moment: number): Promise<DerivedPlace> => {
		const { rows } = await this.#pool.query<{ readonly partition: number; readonly number: string }>(
			`select p.partition, coalesce((select min(number) - 1 from derived d where d.partition = p.partition and d.said_at >= $1), p.said) as number from position p`,
			[moment],
		)
		return new Map(rows.map(({ partition, number }) => [partition, Number(number)]))
	}

	/** How much of what is chosen lies behind a place, up to so many, and when the first of it was said. */
	behind = async (filter: DerivedFilter, after: DerivedPlace, most: number): Promise<{ readonly count: number; readonly oldestAt: Known | null }> => {
		const { rows } = await this.page(filter, after, most)
		return { count: rows.length, oldestAt: rows[0]?.saidAt ?? null }
	}

	/** These rows, by their places. */
	at = async (places: readonly { readonly partition: number; readonly number: number }[]): Promise<readonly DerivedRow[]> => {
		const { rows } = await this.#pool.query<DerivedDbRow>(
			prepared(`select d.*, d.number as said from unnest($1::smallint[], $2::bigint[]) a(partition, number) join derived d using (partition, number)`, [
				places.map((each) => each.partition),
				places.map((each) => each.number),
			]),
		)
		return rows.map(derivedRow)
	}
}
