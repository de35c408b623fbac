import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "@yima/test-kit"
import { afterAll, expect, test } from "vitest"
import { ask, type Running, runYima, yima } from "../src/index.ts"

const home = mkdtempSync(join(tmpdir(), "yima-demo-"))
const env = { YIMA_HOME: home, YIMA_PARTITIONS: "4" }
let running: Running | null = null

afterAll(async () => {
	running?.kill("SIGTERM")
	await running?.ended
	rmSync(home, { recursive: true, force: true })
}, 60_000)

const asked = async (query: string): Promise<unknown> => {
	if (running === null) throw new Error("nobody is running to be asked")
	return ((await (await ask(running, query)).json()) as { readonly data: unknown }).data
}

const projects = async (): Promise<number> =>
	((await asked("{ projects { totalCount } }")) as { readonly projects: { readonly totalCount: number } }).projects.totalCount

test("the demo city is loaded while everything is in use; killed on the way, the next start goes on", { timeout: 180_000 }, async () => {
	running = await runYima(["start"], env)
	expect(await asked(`{ unit(code: "410811001002GB00018F00030045") { stage } }`)).toEqual({ unit: { stage: "SERVED" } })
	// The first of the city's projects is there, the last is not.
	await until("a part of the city is there", async () => (await projects()) > 1)
	running.kill("SIGKILL")
	await running.ended

	running = await runYima(["start"], env)
	await until("the city is there", async () => /演示城市已装入:\d{2},\d{3} 条事件/.test(running?.said() ?? ""), 120_000)
	expect(await projects()).toBe(5)
	expect(await asked(`{ rejected { totalCount } }`)).toEqual({ rejected: { totalCount: 0 } })
	const sold = `{ unit(code: "410803012001GB00001F00030009") { contracts { status } } }`
	expect(await asked(sold)).toEqual({ unit: { contracts: [{ status: "LIVE" }, { status: "LIVE" }] } })

	running.kill("SIGTERM")
	expect(await running.ended).toBe(0)
	running = await runYima(["start"], env)
	expect((await yima(["doctor"], env)).code).toBe(0)
	expect(running.said()).not.toContain("演示城市已装入")
})
