import { readdirSync } from "node:fs"
import { join, parse } from "node:path"
import { runner } from "node-pg-migrate"
import pg from "pg"

/** The SQL files in order; each is applied once, in its own transaction. */
const MIGRATIONS = join(import.meta.dirname, "../migrations")

/** No such table, or no right to read it: whoever asks is not the one to tell. */
const UNKNOWN: ReadonlySet<unknown> = new Set(["42P01", "42501"])

/** The tables are not of this version, and this login may not make them so. */
export class MayNotMigrate extends Error {
	readonly _tag = "MayNotMigrate"
	constructor() {
		super("登记库的表还不是本版,而此登录无权建表:请先以拥有者的登录(DATABASE_OWNER_URL)运行 yima migrate")
	}
}

const mayCreate = async (client: pg.Client): Promise<boolean> =>
	(await client.query<{ readonly may: boolean }>(`select has_database_privilege(current_database(), 'create') as may`)).rows[0]?.may === true

/** Whether every migration has been applied; the application's own login may ask. */
const isUpToDate = async (client: pg.Client): Promise<boolean> => {
	try {
		const { rows } = await client.query<{ readonly name: string }>(`select name from yima_migration`)
		const applied = new Set(rows.map((row) => row.name))
		return readdirSync(MIGRATIONS).every((file) => applied.has(parse(file).name))
	} catch (error) {
		if (error instanceof pg.DatabaseError && UNKNOWN.has(error.code)) return false
		throw error
	}
}

/**
 * Brings the database's schema up to date, forward only: waits for whoever else is doing it (an advisory lock). Needs a role that
 * may create schemas and roles where something is to be done, else fails with `MayNotMigrate`; the application itself runs as `yima_app`, which owns nothing.
 */
export const migrate = async (connectionString: string): Promise<void> => {
	const client = new pg.Client({ connectionString })
	client.on("error", () => undefined)
	await client.connect()
	try {
		if (await isUpToDate(client)) return
		if (!(await mayCreate(client))) throw new MayNotMigrate()
		await runner({
			databaseUrl: connectionString,
			dir: MIGRATIONS,
			direction: "up",
			migrationsTable: "yima_migration",
			lock: true,
			advisoryLockMode: "wait",
			verbose: false,
			logger: { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error },
		} as Parameters<typeof runner>[0])
		// So that a process that may not change the schema can see that there is nothing to change.
		await client.query(`grant select on yima_migration to yima_app`)
	} finally {
		await client.end()
	}
}
