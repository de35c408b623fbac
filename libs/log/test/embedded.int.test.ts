import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { Client } from "pg"
import { expect, test } from "vitest"
import { createEmbeddedLog, openEmbeddedLog } from "../src/index.ts"
import { contract, PARTITIONS } from "./contract.ts"
import { survive } from "./survival.ts"

const connect = async ({ connectionString }: Postgres): Promise<Client> => {
	const client = new Client({ connectionString })
	client.on("error", () => {})
	await client.connect()
	return client
}

/** Runs something on a connection of its own. */
const once = async <A>(postgres: Postgres, run: (client: Client) => Promise<A>): Promise<A> => {
	const client = await connect(postgres)
	try {
		return await run(client)
	} finally {
		await client.end()
	}
}

const TOPIC = "topic = (SELECT id FROM log.topic WHERE name = $1)"

contract("the log in PostgreSQL", async () => {
	const postgres = await startPostgres()
	return {
		open: (topic) => openEmbeddedLog({ connectionString: postgres.connectionString, topic, partitions: PARTITIONS, retryMs: 200, redMs: 500 }),
		recreate: (topic) =>
			once(postgres, async (client) => {
				await client.query("DELETE FROM log.topic WHERE name = $1", [topic])
				await createEmbeddedLog(client, topic, PARTITIONS)
			}),
		lose: (topic, partition) =>
			once(postgres, async (client) => {
				await client.query(`DELETE FROM log.record WHERE ${TOPIC} AND partition = $2 AND "offset" >= 3`, [topic, partition])
				await client.query(`UPDATE log.partition SET next = 3 WHERE ${TOPIC} AND partition = $2`, [topic, partition])
			}),
		hold: async (topic, partition) => {
			const client = await connect(postgres)
			await client.query("BEGIN")
			await client.query(`UPDATE log.partition SET next = next + 1 WHERE ${TOPIC} AND partition = $2`, [topic, partition])
			return async () => {
				await client.query("ROLLBACK")
				await client.end()
			}
		},
		stop: () => postgres.stop(),
	}
})

test("a topic keeps its partitions and its incarnation, however often and from wherever it is created", async () => {
	const postgres = await startPostgres()
	const created = await Promise.all([4, 4, 8].map((partitions) => once(postgres, (client) => createEmbeddedLog(client, "events", partitions))))
	expect(new Set(created.map(({ incarnation }) => incarnation)).size).toBe(1)
	const log = await openEmbeddedLog({ connectionString: postgres.connectionString, topic: "events", partitions: 16 })
	expect(log.partitions).toBe(created[0]?.partitions)
	expect(await log.incarnation()).toBe(created[0]?.incarnation)
	await log.close()
	await postgres.stop()
})

test("100,000 messages while PostgreSQL is killed twice: what was acknowledged is read, in order", async () => {
	const postgres = await startPostgres()
	const open = (topic: string) => openEmbeddedLog({ connectionString: postgres.connectionString, topic, partitions: PARTITIONS, retryMs: 200 })
	const powerCut = async () => {
		await postgres.kill()
		await postgres.restart()
	}
	console.log(await survive(open, [powerCut, powerCut]))
	await postgres.stop()
}, 180_000)

test("without a database opening says that it may be tried again, and closing ends", async () => {
	const postgres = await startPostgres()
	const options = { connectionString: postgres.connectionString, topic: "events", partitions: PARTITIONS }
	const log = await openEmbeddedLog(options)
	await log.join("linker", { assigned: async (_, { low }) => low, records: async () => {}, revoked: async () => {} })
	await postgres.kill()
	await expect(openEmbeddedLog(options)).rejects.toMatchObject({ _tag: "LogUnavailable", retry: true })
	await expect(log.append([{ key: "k", value: "{}" }])).rejects.toMatchObject({ _tag: "LogUnavailable", retry: true })
	await log.close()
	await postgres.stop()
})
