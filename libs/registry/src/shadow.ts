import type { EventKey, Moment, Scope } from "@yima/schemas"
import pg from "pg"
import { connect } from "./connect.ts"
import { type EventRow, PostgresRegistry, recorded } from "./postgres.ts"
import type { Recorded } from "./registry.ts"
import { REPLACED, REPLAYED } from "./tables.ts"

const LIVE = "yima"
const NEXT = "yima_next"

/** What a turn writes; the shadow has each of its own. */
const TABLES = ["position", "event", "mention", "link", "concern", "state", "finding", "deadline", "mailbox", "rejected", "derived", "account_request"] as const

/** Turns of a shadow lie before all of the live registry: nobody who follows its changes is told of them. */
const FIRST_TURN = -1_000_000_000_000

/**
 * A letter for each moment at which time alone changes a scope next and that the live mailbox does not know of, for the row says that one waits: it is
 * another moment where the logic is another. Its cause is the shadow's own, whose offsets are recorded times.
 */
const WAKE = `insert into ${LIVE}.mailbox (partition, due, "from", cause_partition, cause_offset, task)
	select distinct on (n.scope) m.partition, n.due, null, m.cause_partition, 0, m.task
	from ${NEXT}.state n join ${NEXT}.mailbox m on m.due = n.due left join ${LIVE}.state l on l.scope = n.scope
	where m.task::json -> 'refresh' -> 0 ->> 0 = n.scope and n.due is distinct from l.due
	order by n.scope`

/** What of the shadow differs from the live registry: whole links or concerns. */
export interface Difference {
	readonly key: EventKey
	/** Null: where the event belongs differs. */
	readonly scope: Scope | null
}

/**
 * A second set of the derived tables beside the live ones, filled from history while queries and linkers go on, compared, and exchanged
 * in one transaction. Killed at any moment, the live one still serves; begun again, it goes on where it was.
 */
export class Shadow {
	readonly registry: PostgresRegistry
	readonly #owner: pg.Client
	readonly #pool: pg.Pool
	readonly #live: pg.Pool

	private constructor(owner: pg.Client, pool: pg.Pool, live: pg.Pool, partitions: number) {
		this.#owner = owner
		this.#pool = pool
		this.#live = live
		this.registry = new PostgresRegistry(pool, partitions)
	}

	/** `ownerUrl`: a login that may change the schema. Only one replay runs at a time: another one's waits here. */
	static open = async (ownerUrl: string, connectionString: string, fresh: boolean): Promise<Shadow> => {
		const owner = new pg.Client({ connectionString: ownerUrl })
		owner.on("error", () => undefined)
		await owner.connect()
		await owner.query(`select pg_advisory_lock(hashtext('yima replay'))`)
		if (fresh) await owner.query(`drop schema if exists ${NEXT} cascade`)
		const { rows } = await owner.query<{ readonly n: number }>(`select count(*)::int as n from pg_namespace where nspname = $1`, [NEXT])
		if (rows[0]?.n === 0)
			await owner.query(
				`begin; create schema ${NEXT}; ${TABLES.map((table) => `create table ${NEXT}.${table} (like ${LIVE}.${table} including all)`).join("; ")};
				insert into ${NEXT}.position (partition, turn, next, known, said, incarnation) select n, ${FIRST_TURN}, 0, 0, 0, 'history' from generate_series(0, (select value::int from ${LIVE}.setting where name = 'partitions') - 1) n;
				grant usage on schema ${NEXT} to yima_app; grant select, insert, update, delete on all tables in schema ${NEXT} to yima_app; commit`,
			)
		const partitions = await owner.query<{ readonly n: number }>(`select count(*)::int as n from ${NEXT}.position`)
		if (partitions.rows[0]?.n === 0) throw new Error("the registry does not say how many partitions its log has: there is no history to replay")
		return new Shadow(owner, connect({ connectionString, schema: NEXT, max: 12 }), connect({ connectionString, max: 4 }), partitions.rows[0]?.n ?? 0)
	}

	/**
	 * History in the order in which it was recorded, from a recorded time on, which stands in the place of the offset: it rises strictly in a
	 * partition, while offsets begin anew where another log was adopted.
	 */
	history = async (partition: number, from: bigint, limit: number): Promise<readonly Recorded[]> =>
		(
			await this.#live.query<EventRow>(
				`select key, partition, known as "offset", known, type, time, body from event where partition = $1 and known >= $2 order by known limit $3`,
				[partition, from, limit],
			)
		).rows.map(recorded)

	/** Events of history that the shadow has not taken in yet. */
	behind = async (): Promise<number> => {
		const { rows } = await this.#owner.query<{ readonly n: number }>(
			`select count(*)::int as n from ${LIVE}.event e left join ${NEXT}.position p using (partition) where e.known >= coalesce(p.next, 0)`,
		)
		return rows[0]?.n ?? 0
	}

	/**
	 * Holds all linkers where they stand until `exchange` or `abandon`, at a moment at which they owe nothing: what they have still to look at they have
	 * still to say, and by the shadow's rows it would look said. False: they owe something by `now`, and go on.
	 */
	hold = async (now: Moment): Promise<boolean> => {
		await this.#owner.query(`begin; lock table ${LIVE}.position in exclusive mode`)
		const { rows } = await this.#owner.query<{ readonly owes: boolean }>(
			`select exists (select from ${LIVE}.mailbox where due <= $1) or exists (select from ${LIVE}.position where unchecked is not null) as owes`,
			[now],
		)
		if (rows[0]?.owes !== true) return true
		await this.#owner.query(`rollback`)
		return false
	}

	/** The first differences, in order. To be asked while the linkers are held. */
	differences = async (limit: number): Promise<readonly Difference[]> =>
		(
			await this.#owner.query<Difference>(
				`select key, null as scope from ${LIVE}.link a full join ${NEXT}.link b using (key) where a.places is distinct from b.places
				union all select key, scope from (select * from ${LIVE}.concern where steps <> '[]') a full join (select * from ${NEXT}.concern where steps <> '[]') b using (scope, key)
					where a.steps is distinct from b.steps
				order by key, scope limit $1`,
				[limit],
			)
		).rows

	/** Puts the shadow's tables in the place of the live ones, and lets the linkers go on, each fenced out of the turn that it was in. */
	exchange = async (): Promise<void> => {
		const left = await this.behind()
		if (left > 0) throw new Error(`${left} events of history are not in the shadow: it must not take the place of the live tables`)
		await this.#owner.query(
			// In the order in which readers lock them, or the two would wait for each other.
			`lock table ${REPLAYED.map((table) => `${LIVE}.${table}`).join(", ")} in access exclusive mode; ${WAKE}; ${REPLAYED.map((table) => `drop table ${LIVE}.${table}; alter table ${NEXT}.${table} set schema ${LIVE}`).join("; ")};
			revoke delete on ${REPLAYED.map((table) => `${LIVE}.${table}`).join(", ")} from yima_app;
			grant delete on ${REPLACED.map((table) => `${LIVE}.${table}`).join(", ")} to yima_app;
			update ${LIVE}.position set turn = turn + 1; drop schema ${NEXT} cascade; commit`,
		)
	}

	/** Leaves the live tables as they are and throws the shadow away. */
	abandon = async (): Promise<void> => {
		await this.#owner.query(`rollback; drop schema if exists ${NEXT} cascade`)
	}

	close = async (): Promise<void> => {
		await Promise.all([this.#pool.end(), this.#live.end(), this.#owner.end()])
	}
}
