import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { text } from "node:stream/consumers"
import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { openPool } from "@yima/registry"
import { until } from "@yima/test-kit"
import { ask, yima as command, type Running, runYima } from "@yima/test-pipeline"
import { afterAll, beforeAll, expect, test } from "vitest"
import { fencesIn } from "../src/page.ts"
import { ROOT, read } from "../src/project.ts"

const WATER = "焦作市水务公司"
const FLAT = "410811001002GB00018F00030045"
const REQUEST = `${FLAT}-water`
const examples = fencesIn(read("docs/subscribe.zh.md"))

let folder: string
let postgres: Postgres
let yima: Running
let env: Readonly<Record<string, string>>
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "yima-subscribe-"))
	postgres = await startPostgres()
	env = { DATABASE_URL: postgres.connectionString, YIMA_KEY: Buffer.alloc(32, 7).toString("base64"), YIMA_PARTITIONS: "3" }
	const roles = ["intake", "gateway", "linker", "courier"].flatMap((role) => ["--role", role])
	yima = await runYima(["serve", ...roles], env)
	const story = read("seeds/stories/building.ndjson").split("\n")
	const body = story.filter((line) => !line.includes("account-opened")).join("\n")
	const answer = await fetch(`${yima.url}/events`, { method: "POST", headers: { "content-type": "application/x-ndjson" }, body })
	expect(await answer.text()).not.toContain('"rejected"')
	await until("the request is said", async () => (await pull("look")).length === 1, 60_000)
}, 120_000)
afterAll(async () => {
	yima?.kill("SIGTERM")
	await yima?.ended
	await postgres.stop()
	rmSync(folder, { recursive: true, force: true })
}, 60_000)

/** Runs a shell script as a company would, in a folder of its own. */
const shell = async (script: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
	const path = [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter)
	const child = spawn("sh", ["-euc", script], { cwd: folder, env: { PATH: path, YIMA_URL: yima.url, ...env }, stdio: ["ignore", "pipe", "pipe"] })
	const [out, err] = [text(child.stdout), text(child.stderr)]
	const code = await new Promise<number | null>((resolve) => child.once("exit", resolve))
	expect(code, await err).toBe(0)
	return out
}

/** What the example pulls behind the cursor that it keeps in `file`. */
const pull = async (file: string): Promise<readonly { readonly requestId: string; readonly kind: string; readonly request: object }[]> => {
	const out = await shell(read("docs/receiver/pull.sh"), { CURSOR_FILE: file })
	return out
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line))
}

/** An example of the page, with what it leaves out put in. */
const example = (name: string): string => {
	const found = examples.filter(({ text }) => text.includes(name))
	expect(found).toHaveLength(1)
	return (found[0]?.text ?? "").replaceAll("…-water", REQUEST).replaceAll("某某水务", WATER)
}

const answerOf = async (query: string) =>
	(await (await ask(yima, query)).json()) as { readonly data: Readonly<Record<string, object>>; readonly errors?: object }
const tokenOf = async (): Promise<string> => {
	const { data } = await answerOf(`{ accountRequests(service: WATER) { edges { node { request { contactToken } } } } }`)
	const { edges } = data["accountRequests"] as { readonly edges: readonly { readonly node: { readonly request: { readonly contactToken: string } } }[] }
	return edges[0]?.node.request.contactToken ?? ""
}

test("pulling: each request once, from where the cursor was left", async () => {
	expect(await pull("cursor")).toMatchObject([{ requestId: REQUEST, kind: "OPEN", request: { company: WATER } }])
	expect(await pull("cursor")).toEqual([])
	expect(readFileSync(join(folder, "cursor"), "utf8")).toMatch(/^\d+-\d+(,\d+-\d+)*$/)
})

test("the stream: what it says, with its place", async () => {
	const out = await shell(example("/stream"))
	expect(out).toMatch(/^id: \d+-\d+/m)
	expect(out).toContain(REQUEST)
	expect((await fetch(`${yima.url}/stream?company=${encodeURIComponent(WATER)}`)).status, "a company of no service").toBe(400)
})

test("an endpoint is made, its secret shown this once", async () => {
	const { data, errors } = await answerOf(example("createWebhook"))
	expect(errors).toBeUndefined()
	expect(data).toMatchObject({ createWebhook: { secret: expect.stringMatching(/^whsec_/) } })
})

test("a report by GraphQL, and the same one as an event", async () => {
	expect(await answerOf(example("reportAccount"))).toMatchObject({ data: { reportAccount: { status: "ACCEPTED", problems: [] } } })
	// Before the first is linked it is taken once more, and is the same event.
	await until("once more is a double", async () => JSON.stringify(await answerOf(example("reportAccount"))).includes('"DUPLICATE"'))
	expect(await answerOf(example("reportAccount").replace("W001", "W002"))).toMatchObject({ data: { reportAccount: { status: "CONFLICT" } } })
	const pool = openPool({ connectionString: postgres.connectionString, max: 1 })
	try {
		expect((await pool.query(`select * from yima.rejected`)).rows).toEqual([])
	} finally {
		await pool.end()
	}
	expect(JSON.parse(await shell(example("account-opened")))).toMatchObject({ status: "accepted", problems: [] })
	const overview = `{ accountOverview(filter: { unit: "${FLAT}" }) { edges { node { accounts { service accountNo status } } } } }`
	await until("it is shown as opened", async () =>
		JSON.stringify(await answerOf(overview)).includes('{"service":"WATER","accountNo":"W001","status":"OPENED"}'),
	)
})

test("name and telephone for the token of the newest request", async () => {
	const query = example("redeemContact").replace(`token: "…"`, `token: "${await tokenOf()}"`)
	expect(await answerOf(query)).toMatchObject({ data: { redeemContact: { name: "张三", phone: "13803910001" } } })
})

test("a replay asks nobody again", async () => {
	const before = await pull("before")
	const { code, out, err } = await command(["replay", "--expect", "same"], env)
	expect(code, `${out}\n${err}`).toBe(0)
	expect(await pull("after")).toEqual(before)
	expect(await pull("before")).toEqual([])
}, 60_000)

test("a report with a slip of the year is refused, and does not stand in the way of what was meant", async () => {
	const report = async (occurredAt: string) => {
		const input = `{ requestId: "${FLAT}-gas", service: GAS, company: "焦作中燃公司", status: FAILED, reasonCode: OFFLINE, occurredAt: "${occurredAt}" }`
		const { data } = await answerOf(`mutation { reportAccount(input: ${input}) { status problems { code } } }`)
		return data["reportAccount"]
	}
	expect(await report("2099-06-20T09:00:00+08:00")).toMatchObject({ status: "REJECTED", problems: [{ code: "future" }] })
	expect(await report("2023-06-20T09:00:00+08:00")).toMatchObject({ status: "ACCEPTED" })
})

test("the receiver to copy from reports later steps", async () => {
	const event = { data: { requestId: `${FLAT}-power`, revision: 1, service: "power", company: "国网焦作供电公司" } }
	const script = `const { report } = await import(${JSON.stringify(join(ROOT, "docs/receiver/receiver.mjs"))})
		console.log(JSON.stringify(await report(${JSON.stringify(event)}, "OPENED", { accountNo: "P001" })))
		process.exit()`
	const out = await shell(`node --input-type=module -e '${script}'`, { PORT: "0" })
	expect(JSON.parse(out.split("\n").find((line) => line.startsWith("{")) ?? "")).toEqual({ status: "ACCEPTED", problems: [] })
})

test("a listener from now on knows its place before anything is said: what is said while it is away it hears when it is back, once, and reports", async () => {
	const file = join(folder, "listened")
	const args = ["listen", "--service", "heat", "--json", "--cursor", file]
	const first = spawn(process.execPath, [join(ROOT, "apps/yima/src/main.ts"), ...args], {
		env: { PATH: process.env["PATH"] ?? "", YIMA_URL: yima.url },
		stdio: ["ignore", "pipe", "inherit"],
	})
	const printed = text(first.stdout)
	await until("it knows its place", () => existsSync(file))
	first.kill("SIGTERM")
	expect(await printed).toBe("")
	const said = async (id: string, type: string, data: object) => {
		const event = {
			specversion: "1.0",
			id,
			source: "urn:jz:registry",
			type: `yima.registration.${type}.v1`,
			subject: FLAT,
			time: "2023-06-20T09:00:00+08:00",
			data,
		}
		const answer = await fetch(`${yima.url}/events`, {
			method: "POST",
			headers: { "content-type": "application/cloudevents+json" },
			body: JSON.stringify(event),
		})
		expect(await answer.text()).toContain('"accepted"')
	}
	const kinds = async () => {
		const { data } = await answerOf(`{ accountRequests(service: HEAT) { edges { node { kind } } } }`)
		return (data["accountRequests"] as { readonly edges: readonly { readonly node: { readonly kind: string } }[] }).edges.map(({ node }) => node.kind)
	}
	await said("withdrawn", "consent-withdrawn", { applicationNo: "SL20230618045" })
	await until("it is withdrawn", async () => (await kinds()).length === 2)
	await said("no-withdrawn", "retracted", { event: { id: "withdrawn" }, reason: "误录" })
	await until("it is asked for again", async () => (await kinds()).length === 3)
	const heard = async (...more: readonly string[]) => {
		const { code, out, err } = await command([...args, ...more], { YIMA_URL: yima.url })
		expect(code, err).toBe(0)
		return { revisions: out.split("\n").map((line) => (JSON.parse(line) as { data: { revision: number } }).data.revision), err }
	}
	expect(await heard("--count", "1")).toMatchObject({ revisions: [2] })
	expect(await heard("--count", "1", "--report")).toMatchObject({ revisions: [3], err: expect.stringContaining("回报受理:ACCEPTED") })
}, 60_000)

test("no example of the page is left untried", () => {
	const tried = ["createWebhook", "/stream", "reportAccount", "account-opened", "redeemContact"]
	expect(examples.filter(({ text }) => !tried.some((name) => text.includes(name)))).toEqual([])
})
