import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { until } from "@yima/test-kit"
import { type Running, runYima } from "@yima/test-pipeline"
import { afterAll, beforeAll, expect, test } from "vitest"
import { metricsOf, total } from "../src/metrics-of.ts"

/** Red within ten seconds of what broke (architecture, rule 14). */
const RED_WITHIN = 10_000

let postgres: Postgres
let env: Readonly<Record<string, string>>
beforeAll(async () => {
	postgres = await startPostgres()
	env = { DATABASE_URL: postgres.connectionString, YIMA_KEY: Buffer.alloc(32, 7).toString("base64"), YIMA_PARTITIONS: "3" }
}, 60_000)
afterAll(() => postgres.stop(), 60_000)

const isReady = async ({ url }: Running): Promise<boolean> => (await fetch(`${url}/health/ready`)).status === 200
const isLive = async ({ url }: Running): Promise<boolean> => (await fetch(`${url}/health/live`)).status === 200

const end = async (running: Running): Promise<void> => {
	running.kill("SIGTERM")
	expect(await running.ended).toBe(0)
}

test("a linker that is stuck turns the health of every role red within ten seconds, though all ports answer; it turns green again by itself", {
	timeout: 120_000,
}, async () => {
	const [door, linker] = [await runYima(["serve", "--role", "intake", "--role", "gateway"], env), await runYima(["serve", "--role", "linker"], env)]
	try {
		await until("both are green", async () => (await isReady(door)) && (await isReady(linker)))
		linker.kill("SIGSTOP")
		await until("the door is red", async () => !(await isReady(door)), RED_WITHIN)
		expect(await isLive(door)).toBe(true)
		expect(total(await metricsOf(door), "yima_ready")).toBe(0)
		expect(total(await metricsOf(door), "yima_database_up")).toBe(1)
		linker.kill("SIGCONT")
		await until("both are green again", async () => (await isReady(door)) && (await isReady(linker)), 60_000)
	} finally {
		linker.kill("SIGCONT")
		await Promise.all([end(door), end(linker)])
	}
})

test("no linker at all is red; one that starts makes it green", { timeout: 120_000 }, async () => {
	const door = await runYima(["serve", "--role", "intake", "--role", "gateway"], env)
	try {
		await until("the door says why", async () => (await (await fetch(`${door.url}/health/ready`)).text()).includes("没有挂接完"), 15_000)
		expect(await isReady(door)).toBe(false)
		const linker = await runYima(["serve", "--role", "linker"], env)
		await until("the door is green", () => isReady(door), 60_000)
		await end(linker)
		await until("the door is red", async () => !(await isReady(door)), RED_WITHIN)
	} finally {
		await end(door)
	}
})
