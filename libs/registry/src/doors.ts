import type pg from "pg"
import { prepared } from "./connect.ts"

/** A cursor that one process at a time moves, by a lease. */
export class Doors {
	readonly #pool: Pick<pg.Pool, "query">

	constructor(pool: Pick<pg.Pool, "query">) {
		this.#pool = pool
	}

	/** Doors that somebody holds, or held a moment ago, with how far each is: one that is no longer used waits for nothing. */
	all = async (): Promise<readonly { readonly name: string; readonly cursor: string }[]> =>
		(
			await this.#pool.query<{ readonly name: string; readonly cursor: string }>(
				prepared(`select name, cursor from door where held_until > clock_timestamp() - interval '10 minutes' order by name`),
			)
		).rows

	/** Takes a door, or goes on holding it; null: another has it. A door that nobody has ever opened begins at the beginning. */
	hold = async (name: string, holder: string, seconds: number): Promise<{ readonly cursor: string; readonly lease: number } | null> => {
		await this.#pool.query(prepared(`insert into door (name, cursor) values ($1, '') on conflict do nothing`, [name]))
		const { rows } = await this.#pool.query<{ readonly cursor: string; readonly lease: string }>(
			prepared(
				`update door set holder = $2, held_until = clock_timestamp() + make_interval(secs => $3), lease = lease + (holder is distinct from $2)::int
					where name = $1 and (holder = $2 or held_until < clock_timestamp()) returning cursor, lease`,
				[name, holder, seconds],
			),
		)
		const [row] = rows
		return row === undefined ? null : { cursor: row.cursor, lease: Number(row.lease) }
	}

	/** False: the lease is another's. */
	advance = async (name: string, lease: number, cursor: string): Promise<boolean> =>
		((await this.#pool.query(prepared(`update door set cursor = $3 where name = $1 and lease = $2`, [name, lease, cursor]))).rowCount ?? 0) > 0

	release = async (name: string, lease: number): Promise<void> => {
		await this.#pool.query(prepared(`update door set held_until = '-infinity', holder = null where name = $1 and lease = $2`, [name, lease]))
	}
}
