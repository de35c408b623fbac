import { startEmbeddedDatabase } from "@yima/embedded-postgres"
import pg from "pg"
import { configuration } from "./configuration.ts"
import { claim, findRunning } from "./running.ts"

/**
 * Runs `work` as the owner of the tables that this environment means: of `DATABASE_OWNER_URL`, of `DATABASE_URL`, of the process that runs
 * on the data folder; else the embedded database is started for as long as the work takes.
 */
export const withOwner = async <A>(env: NodeJS.ProcessEnv, work: (connectionString: string) => Promise<A>): Promise<A> => {
	const { ownerUrl, databaseUrl, home } = configuration(env)
	const found = ownerUrl ?? databaseUrl ?? findRunning(home)?.connectionString
	if (found !== undefined) return work(found)
	const release = await claim(home)
	const database = await startEmbeddedDatabase(home)
	try {
		return await work(database.connectionString)
	} finally {
		await database.stop()
		release()
	}
}

/** One connection, let go of at the end; a lost one fails what uses it. */
export const connected = async <A>(connectionString: string, work: (client: pg.Client) => Promise<A>): Promise<A> => {
	const client = new pg.Client({ connectionString })
	client.on("error", () => undefined)
	await client.connect()
	try {
		return await work(client)
	} finally {
		await client.end()
	}
}
