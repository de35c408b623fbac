import { connect, Reader } from "@yima/registry"
import { ConfigurationWrong, configuration } from "./configuration.ts"
import { findRunning } from "./running.ts"

/** Where the data is: `DATABASE_URL`, else the database of the process that runs on the data folder. */
export const databaseUrl = (env: NodeJS.ProcessEnv): string => {
	const { databaseUrl: given, home } = configuration(env)
	const found = given ?? findRunning(home)?.connectionString
	if (found === undefined) throw new ConfigurationWrong(`没有 DATABASE_URL,数据目录 ${home} 上也没有运行中的一码;请先 yima start,或写明 DATABASE_URL`)
	return found
}

/** Runs reads against the registry that this environment means, and lets go of it. */
export const withReader = async <A>(env: NodeJS.ProcessEnv, work: (reader: Reader) => Promise<A>): Promise<A> => {
	const pool = connect({ connectionString: databaseUrl(env), max: 2 })
	try {
		const { rows } = await pool.query<{ readonly value: string }>(`select value from setting where name = 'partitions'`)
		return await work(new Reader(pool, Number(rows[0]?.value ?? 1)))
	} finally {
		await pool.end()
	}
}
