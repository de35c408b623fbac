import { startPostgres } from "@yima/embedded-postgres"
import { openEmbeddedLog } from "@yima/log"
import { openPool } from "@yima/registry"
import { until } from "@yima/test-kit"
import { isWorkedOff, runYima } from "@yima/test-pipeline"
import { Sender } from "./sender.ts"
import { SERVICES, townOf } from "./town.ts"

/** The last day before 联动开户 began, by the seeded rule set. */
const BEFORE = "2022-12-31"

/** Flats that were registered before 联动开户 began are sent in; then every fifth is sold again. How many requests each half has said. */
export const oldRegistrations = async (units: number): Promise<{ readonly ofOld: number; readonly ofNew: number; readonly wanted: number }> => {
	const postgres = await startPostgres()
	const env = { DATABASE_URL: postgres.connectionString, YIMA_KEY: Buffer.alloc(32, 9).toString("base64"), YIMA_PARTITIONS: "6" }
	const yima = await runYima(["serve", "--role", "intake", "--role", "linker"], env)
	const pool = openPool({ connectionString: postgres.connectionString, max: 2 })
	const log = await openEmbeddedLog({ connectionString: postgres.connectionString, topic: "yima.events", partitions: 6 })
	try {
		const { ground, first, later } = townOf(units, BEFORE)
		const wanted = SERVICES.length * Math.ceil(units / 5)
		const sender = new Sender(() => yima.url)
		const said = async () => Number((await pool.query<{ readonly n: string }>(`select count(*) as n from yima.account_request`)).rows[0]?.n)
		for (const events of [ground, first]) await sender.send(events, 200, 4)
		await until("all old ones are worked off", async () => isWorkedOff(pool, await log.watermarks()), 1_800_000)
		const ofOld = await said()
		await sender.send(later, 200, 4)
		await until(`${wanted} requests are said`, async () => (await said()) >= wanted, 1_800_000)
		return { ofOld, ofNew: await said(), wanted }
	} finally {
		yima.kill("SIGTERM")
		await yima.ended
		await Promise.all([pool.end(), log.close()])
		await postgres.stop()
	}
}
