import { TABLES } from "@yima/registry"
import type pg from "pg"

/** The registry's tables: all of them, for what is derived takes as long to derive again as it took to link. */
export const REGISTRY_TABLES: readonly string[] = Object.values(TABLES)
	.flatMap((kind) => Object.keys(kind))
	.map((name) => `yima.${name}`)

/** The embedded log's; not who is reading it just now. */
export const LOG_TABLES: readonly string[] = ["log.topic", "log.partition", "log.record"]

/** Columns that a counter of the database fills. */
export const COUNTED: readonly (readonly [table: string, column: string])[] = [
	["yima.mailbox", "number"],
	["log.topic", "id"],
]

/** The migrations that the tables have been through, in order. */
export const schemaOf = async (client: pg.Client): Promise<readonly string[]> =>
	(await client.query<{ readonly name: string }>(`select name from yima_migration order by id`)).rows.map((row) => row.name)

export const hasLog = async (client: pg.Client): Promise<boolean> =>
	(await client.query<{ readonly there: boolean }>(`select to_regclass('log.record') is not null as there`)).rows[0]?.there === true
