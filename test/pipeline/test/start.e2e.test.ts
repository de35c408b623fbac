import { randomBytes } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { get } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "@yima/test-kit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ask, type Running, runYima, yima } from "../src/index.ts"

const home = mkdtempSync(join(tmpdir(), "yima-start-"))
const env = { YIMA_HOME: home, YIMA_PARTITIONS: "4", YIMA_DEMO: "building" }
const UNIT = "410811001002GB00018F00030045"
/** As a library does that reconnects for nobody: something stays open, for ever. */
const LEFT_OPEN = { NODE_OPTIONS: "--import=data:text/javascript,setInterval(()=>{},1e6)" }
let running: Running

beforeAll(async () => {
	running = await runYima(["start"], { ...env, ...LEFT_OPEN })
}, 60_000)
afterAll(async () => {
	running.kill("SIGTERM")
	await running.ended
	rmSync(home, { recursive: true, force: true })
}, 60_000)

const ready = async (): Promise<boolean> => (await fetch(`${running.url}/health/ready`)).status === 200

const asked = async (query: string, variables: object = {}, headers: Readonly<Record<string, string>> = {}) =>
	(await (await ask(running, query, variables, headers)).json()) as {
		readonly data: Readonly<Record<string, unknown>>
		readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
	}

const post = (body: unknown, type = "application/cloudevents+json") =>
	fetch(`${running.url}/events`, { method: "POST", headers: { "content-type": type }, body: typeof body === "string" ? body : JSON.stringify(body) })

describe("yima start, on embedded parts", () => {
	test("shows the demo flat's whole life as soon as it says where to look", async () => {
		const { data } = await asked(`query ($code: UnitCode!) { unit(code: $code) { stage timeline { totalCount } holders { name } } }`, { code: UNIT })
		expect(data["unit"]).toEqual({ stage: "SERVED", timeline: { totalCount: 39 }, holders: [{ name: expect.not.stringContaining("张三") }] })
	})

	test("answers the README's question as the README says", async () => {
		const readme = readFileSync(join(import.meta.dirname, "../../../README.md"), "utf8")
		const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? ""
		const { data } = await asked(block("graphql"))
		expect(data["unit"]).toEqual(JSON.parse(block("json")))
	})

	test("is healthy, and says so by having tried", async () => {
		await until("the health is green", ready)
	})

	test("an event without a code is seen at its flat by whoever asks for at least its position", async () => {
		const event = {
			specversion: "1.0",
			id: `late-${randomBytes(4).toString("hex")}`,
			source: "urn:jz:tax",
			type: "yima.tax.deed-tax-paid.v1",
			time: "2023-07-01T10:00:00+08:00",
			data: { receiptNo: "341086230700000046", baseCny: "847981.65", amountCny: "8479.82", contractNo: "HT2022000046", assessed: false },
		}
		const response = await post(event)
		expect(response.status).toBe(202)
		const { position } = (await response.json()) as { readonly position: string }
		const { data } = await asked(`{ unit(code: "410811001002GB00018F00030046") { taxReceipts { receiptNo } } }`, {}, { "yima-at-least": position })
		expect(data["unit"]).toEqual({ taxReceipts: [{ receiptNo: "341086230700000046" }] })
	})

	test("what is parked is shown, placed by a registrar, and then stands at its flat", async () => {
		const { data: before } = await asked(`{ parked { edges { node { reason event { id source } } } } }`)
		const [edge] = (before["parked"] as { readonly edges: readonly { readonly node: { readonly event: { readonly id: string; readonly source: string } } }[] })
			.edges
		const { id = "", source = "" } = edge?.node.event ?? {}
		const { data } = await asked(
			`mutation ($source: String!, $id: String!, $subject: String!) { placeEvent(source: $source, id: $id, subjects: [$subject], reason: "合同号抄错,经核对") { status position } }`,
			{ source, id, subject: "410811001002GB00018F00030046" },
		)
		const { position } = data["placeEvent"] as { readonly position: string }
		const { data: after } = await asked(
			`query ($source: String!, $id: String!) { event(source: $source, id: $id) { state links { subject rule } } }`,
			{ source, id },
			{ "yima-at-least": position },
		)
		expect(after["event"]).toEqual({
			state: "PLACED",
			links: expect.arrayContaining([{ subject: "410811001002GB00018F00030046", rule: expect.stringMatching(/decision/i) }]),
		})
	})

	test("bad input is named, and stops nothing", async () => {
		expect((await post("{", "application/json")).status).toBe(400)
		expect((await post({}, "text/plain")).status).toBe(415)
		expect((await post({ specversion: "1.0", id: "x", source: "urn:jz:a", type: "yima.no.such.v1", time: "2023-01-01T00:00:00Z", data: {} })).status).toBe(422)
		const { errors } = await asked(`{ unit(code: "410811001002GB00018F0003004") { code } }`)
		expect(errors?.[0]?.extensions.code).toBe("BAD_CODE")
		const { errors: future } = await asked(`{ unit(code: "${UNIT}", knownAt: "2999-01-01T00:00:00Z") { code } }`)
		expect(future?.[0]?.extensions.code).toBe("BAD_INPUT")
		expect((await fetch(`${running.url}/nowhere`)).status).toBe(404)
		expect(await ready()).toBe(true)
	})

	test("what a foreign page sends, or what came by a foreign name, is refused", async () => {
		const answered = (headers: Readonly<Record<string, string>>): Promise<number | undefined> =>
			new Promise((resolve, reject) => {
				get(`${running.url}/health/live`, { headers }, (response) => resolve(response.resume().statusCode)).once("error", reject)
			})
		const { host } = new URL(running.url)
		expect(await answered({ origin: "https://evil.example" })).toBe(403)
		expect(await answered({ origin: "null" })).toBe(403)
		expect(await answered({ host: "evil.example" })).toBe(421)
		expect(await answered({ host: "[" })).toBe(400)
		expect(await answered({ origin: `http://${host}` })).toBe(200)
		expect(
			(await fetch(`${running.url}/graphql`, { method: "POST", headers: { "content-type": "text/plain" }, body: JSON.stringify({ query: "{ __typename }" }) }))
				.status,
		).toBe(415)
	})

	test("a question may be long, in one piece or in many, but not without end", async () => {
		const question = (bytes: number) => JSON.stringify({ query: "{ __typename }", variables: { padding: "长".repeat(bytes / 3) } })
		const whole = (body: string) => ({ body })
		const chunked = (text: string) => ({ body: new Blob([text]).stream(), duplex: "half" })
		const answered = async (sent: object) => {
			const response = await fetch(`${running.url}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, ...sent })
			const { errors } = (await response.json()) as { readonly errors?: readonly { readonly extensions: { readonly code: string } }[] }
			return [response.status, errors?.[0]?.extensions.code]
		}
		for (const sent of [whole, chunked]) {
			expect(await answered(sent(question(4_000_000)))).toEqual([200, undefined])
			expect(await answered(sent(question(6_000_000)))).toEqual([413, "TOO_COMPLEX"])
		}
	})

	test("the command line says the same: unit, event, hash, doctor", async () => {
		const shown = await yima(["unit", UNIT], env)
		expect(shown.code).toBe(0)
		expect(shown.out).toContain("水电气暖已开户")
		expect((await yima(["unit", "410811001002GB00018F00039999"], env)).code).toBe(1)
		expect((await yima(["event", "urn:jz:nobody", "1"], env)).code).toBe(1)
		expect((await yima(["hash"], env)).out).toMatch(/^[0-9a-f]{64}$/)
		const doctor = await yima(["doctor"], env)
		expect(doctor.out).toContain("应用角色不能改动历史")
		expect(doctor.code).toBe(0)
	})

	test("the command line shows a flat as a checklist, a project as a grid, and what another rule set would change", async () => {
		const flat = (await yima(["unit", "--as-of", "2023-05-01", UNIT], env)).out
		expect(flat).toContain("交房即交证:还不行")
		expect(flat).toMatch(/✗ U3 {2}契税已缴或免征 {2}税务局\n\s+合同 HT2022000045 没有契税完税或免征凭证/)
		expect(flat).toMatch(/→ U3 为合同 HT2022000045 缴纳契税 {2}买受人,2023-06-30 前/)
		expect((await yima(["unit", "--as-of", "2023-06-17", UNIT], env)).out).toContain("交房即交证:可以")
		const project = await yima(["project", "2101-410811-04-01-000018"], env)
		expect(project.code).toBe(0)
		expect(project.out).toMatch(/共 4 户,已售 3 户,可即交证 1 户/)
		expect(project.out).toMatch(/11 {2}◆ ▣\n\s+10 {2}□ ▣/)
		expect((await yima(["project", "2101-410811-04-01-999999"], env)).code).toBe(1)
		const rulesets = join(import.meta.dirname, "../../../seeds/rulesets")
		expect(await yima(["ruleset", "preview", join(rulesets, "default.yaml")], env)).toMatchObject({ code: 0, out: expect.stringContaining("0 户有变化") })
		const other = await yima(["ruleset", "preview", join(rulesets, "jiaozuo.yaml")], env)
		expect(other).toMatchObject({ code: 1, out: expect.stringMatching(/U12 交房日期已定 满足 → 未满足/) })
		expect(await yima(["ruleset", "check", join(import.meta.dirname, "../package.json")], env)).toMatchObject({ code: 1 })
	})

	test("a replay gives the same, is refused where another was expected, and a second process on the same data is refused", async () => {
		const { out: before } = await yima(["hash"], env)
		expect(await yima(["replay", "--expect", "same"], env)).toMatchObject({ code: 0 })
		expect((await yima(["hash"], env)).out).toBe(before)
		expect(await yima(["replay", "--expect", "different"], env)).toMatchObject({ code: 1 })
		const second = await yima(["start"], env)
		expect(second).toMatchObject({ code: 2 })
		expect(second.err).toContain("已由进程")
	})

	test("stops at SIGTERM with 0 within ten seconds, whatever is left open, and comes back with all it had; another key is refused", {
		timeout: 90_000,
	}, async () => {
		const { out: before } = await yima(["hash"], env)
		const since = performance.now()
		running.kill("SIGTERM")
		expect(await running.ended).toBe(0)
		expect(performance.now() - since).toBeLessThan(10_000)
		const wrong = await yima(["start"], { ...env, PORT: "0", YIMA_KEY: randomBytes(32).toString("base64") })
		expect(wrong).toMatchObject({ code: 2 })
		expect(wrong.err).toContain("YIMA_KEY")
		expect(await yima(["start"], { ...env, PORT: "0", YIMA_KEY: "short" })).toMatchObject({ code: 2 })
		expect((await yima(["start"], { ...env, PORT: "no" })).err).toContain("PORT")
		running = await runYima(["start"], env)
		expect((await yima(["hash"], env)).out).toBe(before)
	})
})
