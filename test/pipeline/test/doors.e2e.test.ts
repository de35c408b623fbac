import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { type KafkaCluster, startKafka, whyNoJava } from "@yima/kafka-brokers"
import { openPool } from "@yima/registry"
import { until } from "@yima/test-kit"
import kafkajs from "kafkajs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ask, isWorkedOff, type Running, runYima, yima } from "../src/index.ts"

const noJava = await whyNoJava()
if (noJava !== undefined) {
	console.warn(`\n*** NOT TESTED: the five doors of the derived stream: ${noJava} ***\n`)
	if (process.env["CI"] === "true") test("the five doors of the derived stream", () => expect.fail(noJava))
}

const STORY = readFileSync(join(import.meta.dirname, "../../../seeds/stories/building.ndjson"), "utf8")
	.split("\n")
	.filter((line) => line !== "")
/** What is said at a place; what is parked has none. */
const FAMILIES = ["unit", "readiness", "finding", "deadline", "utility"]

/** Ids of what a door has told behind a cursor, and the cursor behind them. */
interface Heard {
	readonly ids: readonly string[]
	readonly cursor: string
}
type Door = (after: string, count: number) => Promise<Heard>

describe.skipIf(noJava !== undefined)("the five doors of the derived stream", () => {
	let kafka: KafkaCluster
	let postgres: Postgres
	let pool: ReturnType<typeof openPool>
	let running: Running
	let env: Readonly<Record<string, string>>

	const asked = async (query: string, variables: object = {}) => {
		const { data, errors } = (await (await ask(running, query, variables)).json()) as { data: Record<string, never>; errors?: unknown }
		expect(errors).toBeUndefined()
		// biome-ignore lint/suspicious/noExplicitAny: what a question answers has the shape that the test has asked for
		return data as any
	}

	const pulled: Door = async (after) => {
		const query = `query($after: String) { derived(filter: { families: ${JSON.stringify(FAMILIES)} }, after: $after, first: 7) { pageInfo { hasNextPage endCursor } edges { node { id } } } }`
		const ids: string[] = []
		for (let cursor = after; ; ) {
			const { derived } = await asked(query, { after: cursor })
			ids.push(...derived.edges.map((each: { node: { id: string } }) => each.node.id))
			cursor = derived.pageInfo.endCursor
			if (!derived.pageInfo.hasNextPage) return { ids, cursor }
		}
	}

	/** Blocks of a stream of server-sent events, until there are so many with data. */
	const streamed = async (response: Response, count: number): Promise<readonly { readonly id: string; readonly data: string }[]> => {
		const found: { id: string; data: string }[] = []
		let text = ""
		for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
			text += part
			for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
				const block = text.slice(0, end)
				text = text.slice(end + 2)
				const data = /^data: (.+)$/m.exec(block)?.[1]
				if (data !== undefined) found.push({ id: /^id: (.*)$/m.exec(block)?.[1] ?? "", data })
			}
			if (found.length >= count) break
		}
		return found
	}

	const sse: Door = async (after, count) => {
		const found = await streamed(await fetch(`${running.url}/stream?families=${FAMILIES.join(",")}`, { headers: { "last-event-id": after } }), count)
		return { ids: found.map(({ data }) => (JSON.parse(data) as { id: string }).id), cursor: found.at(-1)?.id ?? after }
	}

	const subscribed: Door = async (after, count) => {
		const query = `subscription($after: String) { derived(filter: { families: ${JSON.stringify(FAMILIES)} }, after: $after) { id cursor } }`
		const response = await ask(running, query, { after }, { accept: "text/event-stream" })
		const found = (await streamed(response, count)).map(({ data }) => (JSON.parse(data) as { data: { derived: { id: string; cursor: string } } }).data.derived)
		return { ids: found.map(({ id }) => id), cursor: found.at(-1)?.cursor ?? after }
	}

	/** What the topic holds, by whoever reads its partitions beside each other: the last id of each is their cursor. */
	const fromKafka: Door = async (after, count) => {
		const from = new Map(
			after
				.split(",")
				.filter((each) => each !== "")
				.map((each) => each.split("-").map(Number) as [number, number]),
		)
		const isNew = (id: string) => {
			const [partition = 0, number = 0] = id.split("-").map(Number)
			return number > (from.get(partition) ?? 0)
		}
		const consumer = new kafkajs.Kafka({ brokers: kafka.brokers.split(","), logLevel: kafkajs.logLevel.NOTHING }).consumer({
			groupId: `doors-${Math.random()}`,
			maxWaitTimeInMs: 100,
		})
		const ids: string[] = []
		const all: string[] = []
		await consumer.connect()
		try {
			await consumer.subscribe({ topics: ["yima.derived"], fromBeginning: true })
			await consumer.run({
				autoCommit: false,
				eachMessage: async ({ message, partition }) => {
					const { id, type } = JSON.parse(String(message.value)) as { id: string; type: string }
					expect(id.split("-")[0], "it lies in the partition of its number").toBe(String(partition))
					all.push(id)
					if (isNew(id) && FAMILIES.includes(type.split(".")[1] ?? "") && !ids.includes(id)) ids.push(id)
				},
			})
			await until(`${count} events of Kafka`, () => ids.length >= count, 30_000)
		} finally {
			await consumer.disconnect()
		}
		return { ids, cursor: all.join(",") }
	}

	const pushed: Door = async (after, count) => {
		const ids: string[] = []
		const server = createServer((request, response) => {
			let body = ""
			request.on("data", (part) => (body += part))
			request.on("end", () => {
				ids.push((JSON.parse(body) as { id: string }).id)
				response.end()
			})
		})
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
		try {
			const input = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, families: FAMILIES, after }
			const { createWebhook } = await asked(`mutation($input: WebhookInput!) { createWebhook(input: $input) { id } }`, { input })
			await until(`${count} deliveries`, () => ids.length >= count, 30_000)
			const stands = async () => (await asked(`{ webhooks { id cursor waiting } }`)).webhooks.find((each: { id: string }) => each.id === createWebhook.id)
			await until("its cursor is written", async () => (await stands()).waiting === 0)
			const { cursor } = await stands()
			await asked(`mutation { removeWebhook(id: "${createWebhook.id}") }`)
			return { ids, cursor }
		} finally {
			server.closeAllConnections()
			server.close()
		}
	}

	const DOORS: Readonly<Record<string, Door>> = { pull: pulled, SSE: sse, subscription: subscribed, Kafka: fromKafka, webhook: pushed }

	/** What there is to hear once all of these are linked and so many requests are said. */
	const submit = async (lines: readonly string[], requests: number): Promise<Heard> => {
		const response = await fetch(`${running.url}/events`, { method: "POST", headers: { "content-type": "application/x-ndjson" }, body: lines.join("\n") })
		const answers = await response.text()
		expect(answers).not.toContain('"rejected"')
		const answered = answers.trim().split("\n")
		const highs = answered.map((line) => {
			const [partition = 0, offset = 0] = (JSON.parse(line) as { position: string }).position.split("-").map(Number)
			return { partition, high: BigInt(offset) + 1n }
		})
		await until("all is worked off", () => isWorkedOff(pool, highs))
		await until(`${requests} requests are said`, async () => {
			const { rows } = await pool.query<{ readonly n: number }>(`select count(*)::int as n from yima.account_request`)
			return rows[0]?.n === requests
		})
		return pulled("", 0)
	}

	beforeAll(async () => {
		kafka = await startKafka({ brokers: 1 })
		postgres = await startPostgres()
		pool = openPool({ connectionString: postgres.connectionString, max: 1 })
		env = {
			DATABASE_URL: postgres.connectionString,
			KAFKA_BROKERS: kafka.brokers,
			YIMA_KEY: Buffer.alloc(32, 5).toString("base64"),
			YIMA_PARTITIONS: "3",
			YIMA_WEBHOOK_ALLOW: "127.0.0.1",
			YIMA_INBOX: "0",
		}
		running = await runYima(["serve"], env)
		await until("it is ready", async () => (await fetch(`${running.url}/health/ready`)).status === 200, 60_000)
	}, 180_000)
	afterAll(async () => {
		running?.kill("SIGKILL")
		await pool?.end()
		await postgres?.stop()
		await kafka?.stop()
	}, 60_000)

	test("lead to one stream: whoever changes from any door to any other misses nothing and hears nothing twice", { timeout: 240_000 }, async () => {
		const isLater = (line: string) => /"yima\.(?:registration\.transfer|utility\.account)/.test(line)
		const first = await submit(
			STORY.filter((line) => !isLater(line)),
			0,
		)
		const before: [string, Heard][] = []
		for (const [name, door] of Object.entries(DOORS)) before.push([name, await door("", first.ids.length)])
		for (const [name, { ids }] of before) {
			expect([...ids].sort(), name).toEqual([...first.ids].sort())
			expect(ids, name).toHaveLength(first.ids.length)
		}
		const all = await submit(
			STORY.filter((line) => isLater(line) && !line.includes("account-opened")),
			4,
		)
		const later = all.ids.filter((id) => !first.ids.includes(id))
		expect(later.length).toBeGreaterThan(4)
		for (const [from, { cursor }] of before)
			for (const [to, door] of Object.entries(DOORS)) {
				const { ids } = await door(cursor, later.length)
				expect([...ids].sort(), `from ${from} to ${to}`).toEqual([...later].sort())
			}
		// In the middle, too.
		const half = await sse("", Math.floor(all.ids.length / 2))
		const rest = await pulled(half.cursor, 0)
		expect([...half.ids, ...rest.ids].sort()).toEqual([...all.ids].sort())
	})

	test("in a terminal: what is asked of the water company, and how its endpoints fare", { timeout: 60_000 }, async () => {
		const here = { ...env, YIMA_URL: running.url }
		const heard = await yima(["listen", "--service", "water", "--after", "", "--count", "1"], here)
		expect(heard).toMatchObject({ code: 0, out: expect.stringMatching(/立户 {2}410811001002GB00018F00030045-water 第 1 版 .*张\* .*焦作市水务公司/) })
		expect(await yima(["listen", "--service", "steam"], here)).toMatchObject({ code: 2, err: expect.stringContaining("service 应为") })
		expect(await yima(["deliveries"], here)).toMatchObject({ code: 1, out: "没有订阅端点" })
		const { createWebhook } = await asked(`mutation { createWebhook(input: { url: "http://127.0.0.1:9/nobody", service: WATER, after: "" }) { id } }`)
		await until("it fails", async () => (await yima(["deliveries"], here)).out.includes("不通"))
		expect(await yima(["deliveries"], here)).toMatchObject({ code: 0, out: expect.stringMatching(/不通 .*待投 1 .*扣住 0 .*最早 .*拒绝连接/) })
		expect(await yima(["deliveries", createWebhook.id], here)).toMatchObject({ code: 1, out: "没有投递记录" })
	})
})
