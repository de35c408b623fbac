import { join } from "node:path"
import { runner } from "node-pg-migrate"

/** The SQL files in order; each is applied once, in its own transaction. */
const MIGRATIONS = join(import.meta.dirname, "../migrations")

/**
 * Brings the database's schema up to date, forward only: waits for whoever else is doing it (an advisory lock). Needs a role that
 * may create schemas and roles; the application itself runs as `yima_app`, which owns nothing.
 */
export const migrate = async (connectionString: string): Promise<void> => {
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
}
