import { startPostgres } from "@yima/embedded-postgres"
import { type Message, openEmbeddedLog } from "@yima/log"
import { migrate, openPool } from "@yima/registry"
import { until } from "@yima/test-kit"
import { isWorkedOff, runYima, yima } from "@yima/test-pipeline"
import type pg from "pg"

const PARTITIONS = 6
const AT_ONCE = 500

/** The hash that the same events have in a registry of their own, through which they went in peace. */
export const replayed = async (from: pg.Pool): Promise<string> => {
	const postgres = await startPostgres()
	const env = { DATABASE_URL: postgres.connectionString, YIMA_KEY: Buffer.alloc(32, 9).toString("base64"), YIMA_PARTITIONS: String(PARTITIONS) }
	await migrate(postgres.connectionString)
	const log = await openEmbeddedLog({ connectionString: postgres.connectionString, topic: "yima.events", partitions: PARTITIONS })
	const linker = await runYima(["serve", "--role", "linker"], env)
	const pool = openPool({ connectionString: postgres.connectionString, max: 2 })
	try {
		for (let at = 0; ; at += AT_ONCE) {
			const { rows } = await from.query<Message>(`select key, body as value from yima.event order by key, known limit $1 offset $2`, [AT_ONCE, at])
			if (rows.length === 0) break
			await log.append(rows)
		}
		await until("the replay is worked off", async () => isWorkedOff(pool, await log.watermarks()), 900_000)
		return (await yima(["hash"], env)).out
	} finally {
		await pool.end()
		linker.kill("SIGTERM")
		await linker.ended
		await log.close()
		await postgres.stop()
	}
}
