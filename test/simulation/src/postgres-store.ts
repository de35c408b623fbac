import { PostgresRegistry, transaction } from "@yima/registry"
import type { EventKey, Known, Moment, Scope } from "@yima/schemas"
import type pg from "pg"
import type { Contents, Store } from "./store.ts"

interface PositionRow {
	readonly partition: number
	readonly next: string
	readonly known: string
	readonly held: string | null
	readonly unchecked: string | null
}
interface LinkRow {
	readonly key: EventKey
	readonly places: string
}
interface ConcernRow {
	readonly scope: Scope
	readonly key: EventKey
	readonly steps: string
}

const known = (text: string | null) => (text === null ? null : (Number(text) as Known))

/** The real registry, looked into by one snapshot at a time. */
export const postgresStore = (pool: pg.Pool, partitions: number): Store => ({
	registry: new PostgresRegistry(pool, partitions),
	contents: () =>
		transaction(pool, "begin isolation level repeatable read read only", async (client): Promise<Contents> => {
			const positions = (await client.query<PositionRow>(`select partition, next, known, held, unchecked from position`)).rows
			const mail = (await client.query<{ readonly from: string | null; readonly due: string }>(`select "from", due from mailbox`)).rows
			const links = (await client.query<LinkRow>(`select key, places from link`)).rows
			const concerns = (await client.query<ConcernRow>(`select scope, key, steps from concern`)).rows
			const rejected = (await client.query<{ readonly place: string }>(`select partition || '-' || "offset" as place from rejected`)).rows
			return {
				positions: new Map(
					positions.map((row) => [
						row.partition,
						{ next: BigInt(row.next), known: Number(row.known) as Known, held: known(row.held), unchecked: row.unchecked },
					]),
				),
				mail: mail.map((row) => ({ from: known(row.from), due: Number(row.due) as Moment })),
				links: new Map(links.map((row) => [row.key, row])),
				concerns: new Map(concerns.map((row) => [`${row.scope} ${row.key}`, row])),
				rejected: new Map(rejected.map((row) => [row.place, row])),
			}
		}),
})
