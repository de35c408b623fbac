import pg from "pg"

/** What is done to history runs as this role, which may not update or delete it, whatever the login may. */
const ROLE = "yima_app"

export interface Connect {
	readonly connectionString: string
	/** The most connections that are open at once. */
	readonly max?: number
	/** How long to wait for a free connection, ms. */
	readonly patience?: number
	/** Where the tables are: a replay has some of its own. */
	readonly schema?: string
}

/**
 * A pool that outlives what happens to its connections: an idle one reports a restart of the database, and one that is being closed its
 * shutdown; unheard, either would end the process.
 */
export const openPool = (config: pg.PoolConfig): pg.Pool => {
	const pool = new pg.Pool(config)
	const unheard = () => undefined
	pool.on("error", unheard)
	pool.on("connect", (client) => client.on("error", unheard))
	return pool
}

/** A pool whose every connection is the application's role. A lost connection fails the call that uses it, and no other. */
export const connect = ({ connectionString, max = 10, patience = 5000, schema = "yima" }: Connect): pg.Pool =>
	openPool({
		connectionString,
		max,
		connectionTimeoutMillis: patience,
		// Every read is by key: on young tables without statistics the planner would rather read them whole.
		options: `-c role=${ROLE} -c search_path=${schema} -c statement_timeout=60s -c enable_seqscan=off -c jit=off`,
	})

/** Runs `work` in one transaction on one connection; a failure rolls back and, where the connection itself is broken, drops it. */
export const transaction = async <A>(
	pool: pg.Pool,
	begin: string,
	work: (client: pg.PoolClient) => Promise<A>,
	keeps: (answer: A) => boolean = () => true,
): Promise<A> => {
	const client = await pool.connect()
	let broken: Error | undefined
	const note = (error: Error) => {
		broken = error
	}
	client.on("error", note)
	try {
		await client.query(begin)
		const answer = await work(client)
		await client.query(keeps(answer) ? "commit" : "rollback")
		return answer
	} catch (error) {
		await client.query("rollback").catch(note)
		throw error
	} finally {
		client.off("error", note)
		client.release(broken)
	}
}
