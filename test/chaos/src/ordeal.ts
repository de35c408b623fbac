import { startPostgres } from "@yima/embedded-postgres"
import { startKafka } from "@yima/kafka-brokers"
import { openEmbeddedLog, openKafkaLog } from "@yima/log"
import { openPool } from "@yima/registry"
import { cityAsSent } from "@yima/test-bench"
import { dice } from "@yima/test-convergence"
import { until } from "@yima/test-kit"
import { isWorkedOff, runYima, yima } from "@yima/test-pipeline"
import { Immortal } from "./immortal.ts"
import { outages } from "./outages.ts"
import { replayed } from "./replayed.ts"
import { Sender } from "./sender.ts"

export interface Ordeal {
	readonly log: "embedded" | "kafka"
	readonly events: number
	readonly kills: number
	readonly seed: number
	readonly say?: (line: string) => void
}

export interface Verdict {
	readonly events: number
	readonly kills: Readonly<Record<string, number>>
	readonly attempts: number
	/** Acknowledged, but not in history; must be none. */
	readonly lost: readonly string[]
	/** Identities that history holds more than once; must be none. */
	readonly doubled: number
	readonly strange: number
	readonly hash: string
	readonly cleanHash: string
	readonly seconds: number
}

const PARTITIONS = 6
const KEY = Buffer.alloc(32, 9).toString("base64")
const LINKERS = 2

/** Events flow in through the door while linkers, the door itself, the database and brokers are killed at random; then everything is counted. */
export const ordeal = async ({ log: kind, events: count, kills, seed, say = () => undefined }: Ordeal): Promise<Verdict> => {
	const { pick, int } = dice(seed)
	const started = performance.now()
	const postgres = await startPostgres()
	const kafka = kind === "kafka" ? await startKafka({ brokers: 3 }) : null
	const env = {
		DATABASE_URL: postgres.connectionString,
		YIMA_KEY: KEY,
		YIMA_PARTITIONS: String(PARTITIONS),
		...(kafka === null ? {} : { KAFKA_BROKERS: kafka.brokers }),
	}
	const door = new Immortal(() => runYima(["serve", "--role", "intake"], env))
	const linkers = Array.from({ length: LINKERS }, () => new Immortal(() => runYima(["serve", "--role", "linker"], env)))
	const killed: Record<string, number> = {}
	try {
		await door.begin()
		await Promise.all(linkers.map((each) => each.begin()))
		const all = cityAsSent(Math.ceil(count / 14)).slice(0, count)
		const sender = new Sender(() => door.url)
		let isSent = false
		const sending = sender.send(all, 200, 4).finally(() => {
			isSent = true
		})

		const victims: Readonly<Record<string, () => Promise<void>>> = {
			linker: async () => {
				const linker = pick(linkers)
				await linker.kill()
				await linker.begin()
			},
			intake: async () => {
				await door.kill()
				await door.begin()
			},
			...outages(postgres, kafka, { int }),
		}
		const names = Object.keys(victims)
		// Kills are spread over the events, not over time: the slower the machine, the slower the blows.
		for (let n = 1; n <= kills; n++) {
			const due = Math.floor((n * count) / (kills + 1))
			await until(`${due} events are acknowledged`, () => isSent || sender.acknowledged.size >= due, 600_000)
			const name = names[n % names.length] ?? "linker"
			say(`${sender.acknowledged.size} acknowledged; kill ${n}: ${name}`)
			killed[name] = (killed[name] ?? 0) + 1
			await victims[name]?.()
		}
		await sending
		say(`all sent after ${Math.round((performance.now() - started) / 1000)} s`)

		const log =
			kafka === null
				? await openEmbeddedLog({ connectionString: postgres.connectionString, topic: "yima.events", partitions: PARTITIONS })
				: await openKafkaLog({ brokers: kafka.brokers, topic: "yima.events", partitions: PARTITIONS })
		const pool = openPool({ connectionString: postgres.connectionString, max: 2 })
		try {
			await until("everything is worked off", async () => isWorkedOff(pool, await log.watermarks()).catch(() => false), 900_000)
			say(`all linked after ${Math.round((performance.now() - started) / 1000)} s`)
			const { rows } = await pool.query<{ readonly key: string; readonly bodies: number }>(`select key, count(*)::int as bodies from yima.event group by key`)
			const held = new Set(rows.map((row) => row.key))
			const { out: hash } = await yima(["hash"], env)
			return {
				events: all.length,
				kills: killed,
				attempts: sender.attempts,
				lost: [...sender.acknowledged].filter((key) => !held.has(key)),
				doubled: rows.filter((row) => row.bodies > 1).length,
				strange: sender.strange.length,
				hash,
				cleanHash: await replayed(pool),
				seconds: Math.round((performance.now() - started) / 1000),
			}
		} finally {
			await pool.end()
			await log.close()
		}
	} finally {
		await Promise.all([door, ...linkers].map((each) => each.stop()))
		await kafka?.stop()
		await postgres.stop()
	}
}
