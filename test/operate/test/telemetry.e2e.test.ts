import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { openEmbeddedLog } from "@yima/log"
import { until } from "@yima/test-kit"
import { ask, type Running, runYima } from "@yima/test-pipeline"
import { afterAll, beforeAll, expect, test } from "vitest"
import { metricsOf, total } from "../src/metrics-of.ts"

const KEY = Buffer.alloc(32, 5).toString("base64")
const NAME = "张三丰"
const NUMBER = "410811199001011239"
const PHONE = "13800138765"
const PERSON = `${NAME} ${NUMBER} ${PHONE}`

/** Spans that the process has sent, as a collector gets them. */
const spans: string[] = []
const collector = createServer((request, response) => {
	request.on("data", (chunk: Buffer) => spans.push(chunk.toString()))
	request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"))
})

let postgres: Postgres
let running: Running
beforeAll(async () => {
	await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve))
	postgres = await startPostgres()
	running = await runYima(["serve"], {
		DATABASE_URL: postgres.connectionString,
		YIMA_KEY: KEY,
		YIMA_PARTITIONS: "3",
		OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
	})
}, 60_000)
afterAll(async () => {
	running.kill("SIGTERM")
	await running.ended
	await postgres.stop()
	collector.close()
}, 60_000)

const contract = (id: string, data: object = {}) => ({
	specversion: "1.0",
	id,
	source: "urn:jz:housing",
	type: "yima.sales.contract-filed.v1",
	subject: "410811001002GB00018F00030045",
	time: "2023-03-01T10:00:00+08:00",
	data: {
		contractNo: `HT-${id}`,
		signedOn: "2023-03-01",
		totalPriceCny: "847981.65",
		kind: "presale",
		areaM2: "118.50",
		seller: { name: "焦作市示范置业有限公司", idKind: "uscc", idNumber: "91410800MA3X00001A" },
		buyers: [{ name: NAME, idKind: "resident-id", idNumber: NUMBER, phone: PHONE }],
		...data,
	},
})

const post = (body: unknown, type: string, headers: Readonly<Record<string, string>> = {}) =>
	fetch(`${running.url}/events`, {
		method: "POST",
		headers: { "content-type": type, ...headers },
		body: typeof body === "string" ? body : JSON.stringify(body),
	})

/** Personal data, in every way in which a request can go wrong while everything works. */
const misbehave = async (): Promise<void> => {
	const json = "application/json"
	await post(`{"name":"${PERSON}`, json)
	await post(contract("bad", { totalPriceCny: PERSON, contractNo: PERSON.repeat(50) }), json)
	await post(contract(PERSON), json)
	await post([contract("same"), contract("same", { totalPriceCny: "1.00" })], json)
	await post(`${JSON.stringify(contract("line"))}\n{"${PERSON}\n${PERSON}\n`, "application/x-ndjson")
	await post(PERSON, `text/${encodeURIComponent(NAME)}`)
	await post(JSON.stringify(contract("zipped")), json, { "content-encoding": "gzip" })
	await post(contract(`nul-${"\u0000"}${PERSON}`), json)
	await fetch(`${running.url}/${encodeURIComponent(NAME)}?${new URLSearchParams({ of: PERSON }).toString()}`)
	await ask(running, `{ unit(code: "${PERSON}") { code } }`)
	await ask(running, `{ ${NAME} `)
	await ask(running, "query ($code: UnitCode!, $after: String) { unit(code: $code) { timeline(after: $after) { totalCount } } }", {
		code: "410811001002GB00018F00030045",
		after: PERSON,
	})
}

test("the metrics tell what came and what became of it", { timeout: 60_000 }, async () => {
	await until("the process is ready", async () => total(await metricsOf(running), "yima_ready") === 1)
	const sent = await post(contract("one"), "application/json")
	expect(sent.status).toBe(202)
	const { position } = (await sent.json()) as { readonly position: string }
	await ask(running, "{ __typename }", {}, { "yima-at-least": position })
	expect((await post(contract("one"), "application/json")).status).toBe(200)
	expect((await post({ ...contract("two"), time: "yesterday" }, "application/json")).status).toBe(422)
	await ask(running, "{ nothing }")
	const samples = await metricsOf(running)
	for (const result of ["accepted", "duplicate", "rejected"]) expect(total(samples, "yima_events_total", { result }), result).toBe(1)
	expect(total(samples, "yima_http_requests_total", { route: "/events", status: "422" })).toBe(1)
	expect(total(samples, "yima_http_request_duration_seconds_count", { route: "/graphql" })).toBe(2)
	for (const outcome of ["answered", "refused"]) expect(total(samples, "yima_queries_total", { outcome }), outcome).toBe(1)
	await until("the event is linked", async () => {
		const now = await metricsOf(running)
		return (
			total(now, "yima_partition_lag_records") === 0 &&
			total(now, "yima_mailbox_letters") === 0 &&
			(total(now, "yima_turns_total", { outcome: "done" }) ?? 0) > 0
		)
	})
	expect(total(await metricsOf(running), "yima_linker_partitions", { state: "working" })).toBe(3)
})

test("a record that nobody can read is seen in the metrics", { timeout: 60_000 }, async () => {
	const log = await openEmbeddedLog({ connectionString: postgres.connectionString, topic: "yima.events", partitions: 3 })
	await log.append([{ key: "x", value: `{"name":"${PERSON}` }])
	await log.close()
	await until("it is counted", async () => total(await metricsOf(running), "yima_rejected_records", { kind: "unreadable" }) === 1)
})

test("one trace leads from the sender's POST to the turn that wrote the row", { timeout: 60_000 }, async () => {
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	const response = await post(contract("traced"), "application/json", { traceparent: `00-${trace}-00f067aa0ba902b7-01` })
	expect(response.status).toBe(202)
	const seen = () =>
		spans
			.flatMap(
				(body) =>
					(JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: { name: string; traceId: string; links?: { traceId: string }[] }[] }[] }[] })
						.resourceSpans,
			)
			.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans))
	await until("the request's span is sent", () => seen().some((each) => each.name === "POST /events" && each.traceId === trace))
	await until("a turn's span is linked to it", () => seen().some((each) => each.name === "turn" && each.links?.some((link) => link.traceId === trace) === true))
})

test("the database goes away: a scrape still answers, and says so; personal data that failed in every way is in no line", { timeout: 120_000 }, async () => {
	await misbehave()
	await postgres.kill()
	const refused = await post(contract("away"), "application/json")
	expect(refused.status).toBe(503)
	await ask(running, `{ unit(code: "410811001002GB00018F00030045") { code } }`)
	await until("the log of the process tells of it", () => running.said().includes('"event":"request.failed"'))
	const before = performance.now()
	const samples = await metricsOf(running)
	expect(performance.now() - before).toBeLessThan(5000)
	expect(total(samples, "yima_database_up")).toBe(0)
	expect(total(samples, "yima_partition_lag_records")).toBeNull()
	await until("the health is red", async () => total(await metricsOf(running), "yima_ready") === 0, 10_000)
	await misbehave()
	await until("the log of the process tells that it is red", () => running.said().includes('"event":"health.fails"'), 10_000)
	await postgres.restart()
	await until("the database is seen again", async () => total(await metricsOf(running), "yima_database_up") === 1)
	await until("the health is green", async () => total(await metricsOf(running), "yima_ready") === 1, 60_000)
	const said = running.said()
	for (const each of [NAME, NUMBER, PHONE]) expect(said).not.toContain(each)
	const lines = said.split("\n").filter((line) => line.startsWith("{"))
	const events = lines.map((line) => (JSON.parse(line) as { readonly event: string }).event)
	expect(events).toEqual(expect.arrayContaining(["process.started", "partition.works", "request.failed", "health.fails", "health.works"]))
	expect(lines.some((line) => (JSON.parse(line) as { trace_id?: string }).trace_id !== undefined)).toBe(true)
	expect(spans.join("")).not.toMatch(new RegExp(`${NAME}|${NUMBER}|${PHONE}`))
})
