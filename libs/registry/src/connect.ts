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
		// What is asked of one connection is sent at once and answered in order: a turn waits for a few flights, not for thirty.
		pipeline: true,
		// Every read is by key: on young tables without statistics the planner would rather read them whole.
		options: `-c role=${ROLE} -c search_path=${schema} -c statement_timeout=60s -c enable_seqscan=off -c jit=off`,
	})

const names = new Map<string, string>()

/**
 * A statement that each connection parses and plans once. For texts that are written down, of which there are few, and whose best plan
 * does not depend on what is asked: the planner stops looking at the values.
 */
export const prepared = (text: string, values: readonly unknown[] = []): pg.QueryConfig => {
	const name = names.get(text) ?? `yima-${names.size}`
	names.set(text, name)
	return { name, text, values: [...values] }
}

/** Runs `work` on one connection; where that is broken afterwards it is dropped. What `work` asks it has waited for when it ends. */
export const together = async <A>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<A>): Promise<A> => {
	const client = await pool.connect()
	let broken: Error | undefined
	const note = (error: Error) => {
		broken = error
	}
	client.on("error", note)
	try {
		return await work(client)
	} finally {
		client.off("error", note)
		client.release(broken)
	}
}

/** All that `ask` asks at once leaves in one piece: a statement that is sent alone wakes the server alone. */
export const atOnce = <A>({ connection: { stream } }: pg.PoolClient, ask: () => Promise<A>): Promise<A> => {
	stream.cork()
	try {
		return ask()
	} finally {
		stream.uncork()
	}
}

/** Runs `work` in one transaction on one connection; a failure rolls back. What `work` asks first flies along with the beginning. */
export const transaction = <A>(
	pool: pg.Pool,
	begin: string,
	work: (client: pg.PoolClient) => Promise<A>,
	keeps: (answer: A) => boolean = () => true,
): Promise<A> =>
	together(pool, async (client) => {
		try {
			// Where the beginning fails, so does all that flew with it: of these failures it is the reason.
			const [begun, worked] = await atOnce(client, () => Promise.allSettled([client.query(begin), work(client)]))
			if (begun.status === "rejected") throw begun.reason
			if (worked.status === "rejected") throw worked.reason
			await client.query(keeps(worked.value) ? "commit" : "rollback")
			return worked.value
		} catch (error) {
			await client.query("rollback").catch(() => undefined)
			throw error
		}
	})
