import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "@yima/test-kit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ask, type Running, runYima, yima } from "../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "yima-import-e2e-"))
const KEY = Buffer.alloc(32, 3).toString("base64")
const envOf = (name: string) => ({ YIMA_HOME: join(folder, name), YIMA_PARTITIONS: "4", YIMA_DEMO: "0", YIMA_KEY: KEY })
const env = envOf("a")
let running: Running

beforeAll(async () => {
	running = await runYima(["start"], env)
}, 60_000)
afterAll(async () => {
	running.kill("SIGTERM")
	await running.ended
	rmSync(folder, { recursive: true, force: true })
}, 60_000)

const HEAD = "合同编号,不动产单元号,合同类型,出卖人,出卖人证件号,买受人,买受人证件号,房屋建筑面积（㎡）,成交价格(万元),签约日期,备案日期,合同状态,撤销时间"
const COMPANY = "焦作市示范置业有限公司,91410899MA0000001F"

interface Deal {
	readonly n: number
	readonly area?: string
	readonly end?: string
	readonly code?: string
}
const flatOf = (n: number): string => `410811030001GB00001F${String(1 + Math.floor(n / 100)).padStart(4, "0")}${String(1 + (n % 100)).padStart(4, "0")}`
const rowOf = ({ n, area = "118.50", end = "有效,", code = flatOf(n) }: Deal): string =>
	`HT${String(n).padStart(6, "0")},${code},预售,${COMPANY},某人${n}、某某${n},410800199001010018、410800199202020028,${area},92.43,2023年5月31日,2023-06-01 09:30,${end}`
const sheet = (name: string, deals: readonly Deal[]): string => {
	const path = join(folder, name)
	writeFileSync(path, `网签备案清单\n${HEAD}\n${deals.map(rowOf).join("\n")}\n合计,${deals.length}套\n`)
	return path
}
const deals = (count: number): readonly Deal[] => Array.from({ length: count }, (_, n) => ({ n }))

const asked = async (of: Running, query: string): Promise<unknown> => ((await (await ask(of, query)).json()) as { readonly data: unknown }).data
const contracts = async (n: number) =>
	((await asked(running, `{ unit(code: "${flatOf(n)}") { area { contracted } contracts { status } } }`)) as { readonly unit: unknown }).unit

describe("a sheet that comes every night", () => {
	test("is checked without a word sent", async () => {
		const { code, out } = await yima(["import", sheet("first.csv", deals(300)), "--profile", "contract", "--dry-run"], env)
		expect([code, out]).toEqual([0, expect.stringContaining("将报送 300 个事件")])
		expect(await contracts(0)).toBeNull()
	})

	test("goes in once, however often it is imported", async () => {
		const path = sheet("first.csv", deals(300))
		expect((await yima(["import", path, "--profile", "contract"], env)).out).toContain("报送 300 个事件(其中更正 0),未变 0 行,未导入 0 行,略过合计等 1 行")
		expect((await yima(["import", path, "--profile", "contract"], env)).out).toContain("报送 0 个事件(其中更正 0),未变 300 行")
		await until("the last is linked", async () => (await contracts(299)) !== null)
	})

	test("of which one in a hundred rows has changed sends only these: corrections, and what a status says", async () => {
		const changed = deals(300).map(
			({ n }): Deal => (n === 7 ? { n, area: "120.10" } : n === 107 ? { n, end: "撤销,2023-08-01 10:00" } : n === 207 ? { n, area: "99.00" } : { n }),
		)
		const { code, out } = await yima(["import", sheet("second.csv", changed), "--profile", "contract"], env)
		expect([code, out]).toEqual([0, expect.stringContaining("报送 3 个事件(其中更正 2),未变 297 行")])
		await until(
			"the correction is known",
			async () => JSON.stringify(await contracts(7)) === `{"area":{"contracted":"120.10"},"contracts":[{"status":"LIVE"}]}`,
		)
		await until("the contract is cancelled", async () => JSON.stringify(await contracts(107)).includes("CANCELLED"))
		// A second correction names the first; what is taken back is only told.
		const again = changed.map((deal): Deal => (deal.n === 7 ? { n: 7, area: "121.00" } : deal.n === 107 ? { n: 107 } : deal))
		const last = await yima(["import", sheet("third.csv", again), "--profile", "contract"], env)
		expect([last.code, last.out]).toEqual([1, expect.stringContaining("报送 1 个事件(其中更正 1),未变 298 行,未导入 1 行")])
		expect(last.err).toContain("以前报过「sales.contract-cancelled」,现在的行里没有了")
		await until("the second correction is known", async () => JSON.stringify(await contracts(7)).includes("121.00"))
	})

	test("that is said to be complete tells what is missing from it, and takes nothing back", async () => {
		const { err } = await yima(["import", sheet("fourth.csv", deals(298)), "--profile", "contract", "--complete", "--dry-run"], env)
		expect(err).toContain("以前报过、此次表中没有的行 2 个")
		expect(err).toContain("HT000298(HT000298@1)")
	})
})

test("rows that cannot go in are in a report, and go in from there once it is repaired", async () => {
	const path = sheet("wrong.csv", [
		{ n: 400 },
		{ n: 401, code: flatOf(401).replace("GB", "G8") },
		{ n: 402, area: "常房新字00050538" },
		{ n: 403, code: "999999030001GB00001F00050004" },
	])
	const { code, out, err } = await yima(["import", path, "--profile", "contract"], env)
	expect([code, out]).toEqual([1, expect.stringContaining("报送 1 个事件(其中更正 0),未变 0 行,未导入 3 行")])
	expect(err).toContain("第 4 行:不动产单元号「410811030001G800001F00050002」")
	const report = `${path}.未导入.csv`
	const repaired = readFileSync(report, "utf8")
		.replaceAll("G800001", "GB00001")
		.replaceAll("常房新字00050538", "118.5")
		.replaceAll("999999030001", "410811030001")
	writeFileSync(report, repaired)
	expect((await yima(["import", report, "--profile", "contract"], env)).out).toContain("报送 3 个事件(其中更正 0),未变 0 行,未导入 0 行")
})

test("events go in by lines, refused ones are left in a file", async () => {
	const path = join(folder, "events.ndjson")
	const event = {
		specversion: "1.0",
		id: "E1",
		source: "urn:jz:tax",
		type: "yima.tax.deed-tax-paid.v1",
		time: "2023-06-02T00:00:00+08:00",
		data: { receiptNo: "334166200100000006", amountCny: "1.00", contractNo: "HT000001" },
	}
	writeFileSync(path, `${JSON.stringify(event)}\n\n${JSON.stringify({ ...event, id: "E2", time: "?" })}\n{\n`)
	const { code, out } = await yima(["import", path], env)
	expect([code, out]).toEqual([1, "导入完毕:3 个事件,报送 1,重复 0,未导入 2"])
	expect(readFileSync(`${path}.未导入.ndjson`, "utf8")).toBe(`${JSON.stringify({ ...event, id: "E2", time: "?" })}\n{\n`)
})

test("what cannot be imported says why", async () => {
	const path = sheet("x.csv", deals(1))
	expect((await yima(["import", path], env)).err).toContain("--profile")
	expect((await yima(["import", path, "--profile", "no-such"], env)).err).toContain("没有映射方案「no-such」")
	expect((await yima(["import", path, "--profile", "../../README"], env)).code).toBe(2)
	expect((await yima(["import", path, "--profile", "deed-tax"], env)).err).toContain("缺少列")
	expect((await yima(["import", join(folder, "nowhere.csv"), "--profile", "contract"], env)).err).toContain("没有文件")
	writeFileSync(path, Buffer.from([1, 0, 2, 0]))
	expect((await yima(["import", path, "--profile", "contract"], env)).err).toContain("不是文本文件")
})

test("profiles are listed, checked, and proposed from a sheet", async () => {
	expect((await yima(["profile", "list"], env)).out).toContain("网签备案(住房保障中心)")
	expect((await yima(["profile", "check", "contract"], env)).code).toBe(0)
	const made = await yima(["profile", "new", sheet("y.csv", deals(2))], env)
	expect(made.out).toContain("# 由「网签备案」(contract)拟成")
	const path = join(folder, "own.yaml")
	writeFileSync(path, made.out)
	expect(await yima(["profile", "check", path], env)).toMatchObject({ code: 0 })
})

test("an import that is killed five times and begun again gives what one clean run gives", { timeout: 180_000 }, async () => {
	const path = sheet("large.csv", deals(6000))
	const clean = await runYima(["start"], envOf("clean"))
	expect((await yima(["import", path, "--profile", "contract"], envOf("clean"))).out).toContain("报送 6,000 个事件")
	const hashOf = async (name: string, of: Running): Promise<string> => {
		const last = async () => ((await asked(of, `{ unit(code: "${flatOf(5999)}") { code } }`)) as { readonly unit: unknown }).unit
		await until("the last row is linked", async () => (await last()) !== null)
		// A dry run waits until all is linked.
		await yima(["import", path, "--profile", "contract", "--dry-run"], envOf(name))
		return (await yima(["hash"], envOf(name))).out
	}
	const expected = await hashOf("clean", clean)
	clean.kill("SIGTERM")
	await clean.ended

	let killed = 0
	for (let rows = 500; killed < 5; rows += 1000, killed++) {
		const victim = await runYima(["start"], envOf("killed"))
		const response = await fetch(`${victim.url}/imports?profile=contract`, { method: "POST", body: readFileSync(path) })
		const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
		for (let said = ""; ; ) {
			const { value, done } = (await reader?.read().catch(() => ({ value: undefined, done: true }))) ?? { value: undefined, done: true }
			said += value ?? ""
			const far = Math.max(0, ...[...said.matchAll(/"rows":(\d+)/g)].map((found) => Number(found[1])))
			if (done || far >= rows) break
		}
		victim.kill("SIGKILL")
		await victim.ended
	}
	const last = await runYima(["start"], envOf("killed"))
	expect((await yima(["import", path, "--profile", "contract"], envOf("killed"))).code).toBe(0)
	expect(await hashOf("killed", last)).toBe(expected)
	last.kill("SIGTERM")
	await last.ended
})
