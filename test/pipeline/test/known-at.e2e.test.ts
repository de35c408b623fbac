import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { cityAsSent } from "@yima/test-bench"
import { dice } from "@yima/test-convergence"
import { until } from "@yima/test-kit"
import { afterAll, beforeAll, expect, test } from "vitest"
import { ask, type Running, runYima } from "../src/index.ts"

const SEED = Number(process.env["YIMA_SEED"] ?? 1)
let postgres: Postgres
let running: Running

beforeAll(async () => {
	postgres = await startPostgres()
	running = await runYima(["serve"], { DATABASE_URL: postgres.connectionString, YIMA_KEY: Buffer.alloc(32, 5).toString("base64"), YIMA_PARTITIONS: "12" })
	await until("the health is green", async () => (await fetch(`${running.url}/health/ready`)).status === 200)
}, 60_000)
afterAll(async () => {
	running.kill("SIGTERM")
	await running.ended
	await postgres.stop()
}, 60_000)

const QUERY = `query ($code: UnitCode!, $asOf: DateTime!, $knownAt: DateTime!) {
	unit(code: $code, asOf: $asOf, knownAt: $knownAt) {
		contentHash stage status holders { name } contracts { contractNo status } timeline(first: 200) { edges { node { id inForce } } }
		readiness { ready ruleSet conditions { id status since responsible because { statement holds } } blockingFindings { code subject } nextSteps { condition finding eventType dueAt } }
		findings(open: null) { code subject severity explanation raisedAt clearedAt }
		deadlines(open: null) { id subject startedAt dueAt pausedSince metAt overdue }
	}
}`

const deskSaid = (type: string, id: string, data: object, subject?: string) => ({
	specversion: "1.0",
	id,
	source: "urn:yima:desk",
	type: `yima.registrar.${type}.v1`,
	// Of before any day that is asked about: only when it was learned keeps it out of an answer.
	time: "2020-12-01T10:00:00+08:00",
	...(subject === undefined ? {} : { subject }),
	data,
})

interface Asked {
	readonly code: string
	readonly asOf: string
	readonly knownAt: string
}

const answer = async (variables: Asked): Promise<string> => (await ask(running, QUERY, variables)).text()

// Twelve partitions: the flats' own parcels lie on a few of them, contracts' and receipts' numbers are spread, some hear nothing but ticks.
test("what was answered for a moment of knowledge under traffic is answered again, to the letter, when all is quiet", { timeout: 180_000 }, async () => {
	const { shuffle, pick, int } = dice(SEED)
	const city = shuffle(cityAsSent(24))
	const codes = [...new Set(city.flatMap((each) => (typeof each["subject"] === "string" && each["subject"].length === 28 ? [each["subject"]] : [])))]
	const adopted = { ruleSet: { name: "another", version: "1", contentHash: "0" }, fromOn: "2020-12-01", content: { conditions: { U3: { off: true } } } }
	const half = city.length >> 1
	const events = [
		...city.slice(0, half),
		deskSaid("ruleset-adopted", "adopted", adopted),
		...codes.map((code) => deskSaid("condition-waived", `waived-${code}`, { condition: "U4", reason: "试", by: "登记员" }, code)),
		...city.slice(half),
	]
	const asked: (Asked & { readonly said: string })[] = []
	let isSent = false

	const send = async (): Promise<void> => {
		for (let at = 0; at < events.length; ) {
			const count = 1 + int(6)
			const body = events.slice(at, at + count)
			const response = await fetch(`${running.url}/events`, {
				method: "POST",
				headers: { "content-type": "application/cloudevents-batch+json" },
				body: JSON.stringify(body),
			})
			expect(response.status).toBe(200)
			at += count
		}
		isSent = true
	}
	const watch = async (): Promise<void> => {
		const from = Date.now()
		while (!isSent || asked.length < 40) {
			// Moments that lie back a little, down to this very one.
			const known = Math.max(from, Date.now() - int(1500))
			const question = {
				code: pick(codes),
				asOf: new Date(Date.UTC(2021, 0, 1) + int(900) * 86_400_000).toISOString(),
				knownAt: new Date(known).toISOString(),
			}
			const said = await answer(question)
			expect(said).not.toContain("errors")
			asked.push({ ...question, said })
		}
	}
	await Promise.all([send(), watch(), watch()])

	const now = await Promise.all(asked.map(async ({ said, ...question }) => ({ question, said, again: await answer(question) })))
	for (const { question, said, again } of now) expect(again, JSON.stringify(question)).toBe(said)
	// The test would prove nothing if all were answered before anything was known.
	expect(new Set(asked.map((each) => each.said)).size).toBeGreaterThan(10)
	const byDefault = asked.filter(({ said }) => said.includes('"ruleSet":"default@1"'))
	expect(byDefault.length).toBeGreaterThan(0)
	const today = await Promise.all(byDefault.map(({ code, asOf }) => answer({ code, asOf, knownAt: new Date().toISOString() })))
	for (const each of today) expect(each).toContain('"ruleSet":"another@1"')
	expect(today.filter((each) => each.includes('"id":"U4","status":"WAIVED"')).length).toBeGreaterThan(0)
})
