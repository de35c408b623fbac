import type pg from "pg"

/** By subject; null: erased. */
type Wrapped = ReadonlyMap<string, string | null>

interface Row {
	readonly subject: string
	readonly wrapped: string | null
}

const byRow = (rows: readonly Row[]): Map<string, string | null> => new Map(rows.map(({ subject, wrapped }) => [subject, wrapped]))

/**
 * Persons' keys in PostgreSQL: what `@yima/access` asks of a store, wrapped keys only. Rows are inserted in one sorted order, so that
 * two batches with the same persons wait for each other and never in a ring.
 */
export const personKeys = (pool: pg.Pool) => {
	const find = async (subjects: readonly string[]): Promise<Wrapped> =>
		// person_key's primary key
		byRow((await pool.query<Row>(`select subject, wrapped from person_key where subject = any($1)`, [subjects])).rows)

	return {
		find,

		/** One statement. What another transaction inserts while it runs is not seen by it, so these few are read once more. */
		ensure: async (offered: ReadonlyMap<string, string>): Promise<Wrapped> => {
			const subjects = [...offered.keys()].sort()
			const { rows } = await pool.query<Row>(
				`with offered as (select o.subject collate "C" as subject, o.wrapped from unnest($1::text[], $2::text[]) as o(subject, wrapped)),
				made as (insert into person_key (subject, wrapped) select subject, wrapped from offered order by subject
					on conflict (subject) do nothing returning subject, wrapped)
				select subject, wrapped from made
				union all select k.subject, k.wrapped from person_key k join offered o on k.subject = o.subject`,
				[subjects, subjects.map((subject) => offered.get(subject))],
			)
			const standing = byRow(rows)
			const unseen = subjects.filter((subject) => !standing.has(subject))
			if (unseen.length > 0) for (const [subject, wrapped] of await find(unseen)) standing.set(subject, wrapped)
			return standing
		},

		erase: async (subject: string): Promise<boolean> =>
			(await pool.query(`update person_key set wrapped = null where subject = $1 and wrapped is not null`, [subject])).rowCount === 1,
	}
}

/** The settings of the installation in PostgreSQL: written once, by whoever comes first. */
export const settings = (pool: pg.Pool) => {
	const read = async (name: string): Promise<string | null> =>
		(await pool.query<{ readonly value: string }>(`select value from setting where name = $1`, [name])).rows[0]?.value ?? null

	return {
		read,
		insert: async (name: string, value: string): Promise<string> => {
			const { rowCount } = await pool.query(`insert into setting (name, value) values ($1, $2) on conflict (name) do nothing`, [name, value])
			return rowCount === 1 ? value : ((await read(name)) ?? value)
		},
	}
}
