import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import { cityAsSent } from "@yima/test-bench"
import { until } from "@yima/test-kit"
import { type Running, runYima, yima } from "@yima/test-pipeline"
import { afterEach, beforeEach, expect, test } from "vitest"
import { metricsOf, total } from "../src/metrics-of.ts"

let folder: string
let running: Running | null
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "yima-backup-"))
	running = null
})
afterEach(async () => {
	running?.kill("SIGTERM")
	await running?.ended
	rmSync(folder, { recursive: true, force: true })
}, 60_000)

const envOf = (home: string) => ({ YIMA_HOME: join(folder, home), YIMA_PARTITIONS: "3", YIMA_DEMO: "0" })

const start = async (home: string): Promise<Running> => {
	const begun = await runYima(["start"], envOf(home))
	running = begun
	return begun
}

const stop = async (): Promise<void> => {
	running?.kill("SIGTERM")
	expect(await running?.ended).toBe(0)
	running = null
}

/** A house of its own: nothing is left of the old one but the master key, which is kept apart. */
const wipe = (from: string, to: string): void => {
	mkdirSync(join(folder, to))
	cpSync(join(folder, from, "key"), join(folder, to, "key"))
	rmSync(join(folder, from), { recursive: true, force: true })
}

const post = async ({ url }: Running, events: readonly unknown[]): Promise<readonly string[]> => {
	const response = await fetch(`${url}/events`, {
		method: "POST",
		headers: { "content-type": "application/cloudevents-batch+json" },
		body: JSON.stringify(events),
	})
	expect(response.status).toBe(200)
	return ((await response.json()) as readonly { readonly status: string }[]).map((each) => each.status)
}

const workedOff = (of: Running) =>
	until(
		"everything is worked off",
		async () => {
			const samples = await metricsOf(of)
			return total(samples, "yima_partition_lag_records") === 0 && total(samples, "yima_mailbox_letters") === 0
		},
		60_000,
	)

/** What a command prints, when it ends well. */
const told = async (args: readonly string[], home: string): Promise<string> => {
	const { code, out, err } = await yima(args, envOf(home))
	expect(err).toBe("")
	expect(code).toBe(0)
	return out
}

const events = cityAsSent(60)

test("back up, wipe, restore: the hash is the same, and the system goes on", { timeout: 120_000 }, async () => {
	const file = join(folder, "backup.gz")
	const first = await start("old")
	await post(first, events.slice(0, 200))
	await workedOff(first)
	const before = await told(["hash"], "old")
	expect(await told(["backup", file], "old")).toContain("已备份到")
	expect(statSync(file).mode & 0o077).toBe(0)
	await stop()
	wipe("old", "new")
	expect(await told(["restore", file], "new")).toContain("已恢复")
	const second = await start("new")
	expect(await told(["hash"], "new")).toBe(before)
	expect(new Set(await post(second, events.slice(0, 50)))).toEqual(new Set(["duplicate"]))
	expect(new Set(await post(second, events.slice(200, 260)))).toEqual(new Set(["accepted"]))
	await workedOff(second)
	expect(await told(["hash"], "new")).not.toBe(before)
	expect((await yima(["doctor"], envOf("new"))).out).not.toContain("✗")
	expect(await told(["replay", "--expect", "same"], "new").catch(String)).toContain("与原来的相同")
})

test("a backup under traffic is of one moment: once the senders have sent again what came later, everything is as it was", { timeout: 180_000 }, async () => {
	const file = join(folder, "backup.gz")
	const first = await start("old")
	let sent = 0
	let isBackedUp = false
	const traffic = async (): Promise<void> => {
		for (; sent < events.length && !isBackedUp; sent += 5) await post(first, events.slice(sent, sent + 5))
	}
	const sending = traffic()
	await until("some are on their way", () => sent > 60)
	await told(["backup", file], "old")
	isBackedUp = true
	await sending
	expect(sent).toBeLessThan(events.length)
	await workedOff(first)
	const before = await told(["hash"], "old")
	await stop()
	wipe("old", "new")
	await told(["restore", file], "new")
	const second = await start("new")
	for (let from = 0; from < sent; from += 100) await post(second, events.slice(from, Math.min(from + 100, sent)))
	await workedOff(second)
	expect(await told(["hash"], "new")).toBe(before)
})

test("what is not an empty registry, or not a whole backup, is refused, and nothing is changed", { timeout: 120_000 }, async () => {
	const file = join(folder, "backup.gz")
	const first = await start("old")
	await post(first, events.slice(0, 60))
	await workedOff(first)
	const before = await told(["hash"], "old")
	await told(["backup", file], "old")
	const filled = await yima(["restore", file], envOf("old"))
	expect(filled).toMatchObject({ code: 1, err: expect.stringContaining("已有内容") })
	expect(await told(["hash"], "old")).toBe(before)
	await stop()
	wipe("old", "new")
	const whole = readFileSync(file)
	const lines = gunzipSync(whole).toString().split("\n")
	const head = JSON.parse(lines[0] ?? "") as object
	const broken: readonly (readonly [string, Buffer])[] = [
		["读不出", whole.subarray(0, whole.length / 2)],
		["不完整", gzipSync(lines.slice(0, -30).join("\n"))],
		["行,实有", gzipSync([...lines.slice(0, -2), JSON.stringify({ rows: 1 }), ""].join("\n"))],
		["不是一码的备份", gzipSync("hello\n")],
		["读不出", Buffer.from("hello")],
		["不同", gzipSync([JSON.stringify({ ...head, schema: ["000_other"] }), ...lines.slice(1)].join("\n"))],
		["不认识的表", gzipSync([...lines.slice(0, 1), JSON.stringify({ table: "pg_class", columns: [] }), ...lines.slice(2)].join("\n"))],
	]
	for (const [why, bytes] of broken) {
		writeFileSync(join(folder, "broken.gz"), bytes)
		expect(await yima(["restore", join(folder, "broken.gz")], envOf("new"))).toMatchObject({ code: 1, err: expect.stringContaining(why) })
	}
	expect(await yima(["restore", join(folder, "nowhere.gz")], envOf("new"))).toMatchObject({ code: 1 })
	expect(await told(["restore", file], "new")).toContain("已恢复")
	await start("new")
	expect(await told(["hash"], "new")).toBe(before)
})
