import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, expect, test } from "vitest"
import { NO_TRACING, startTracing, type Tracing } from "../src/index.ts"

interface Sent {
	readonly name: string
	readonly traceId: string
	readonly spanId: string
	readonly parentSpanId?: string
	readonly links?: readonly { readonly traceId: string }[]
}

/** A collector that keeps the spans it is sent. */
const spans: Sent[] = []
const collector = createServer((request, response) => {
	const chunks: Buffer[] = []
	request.on("data", (chunk: Buffer) => chunks.push(chunk))
	request.on("end", () => {
		const body = JSON.parse(Buffer.concat(chunks).toString()) as { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] }
		spans.push(...body.resourceSpans.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans)))
		response.writeHead(200, { "content-type": "application/json" }).end("{}")
	})
})

let tracing: Tracing
beforeAll(async () => {
	await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve))
	process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
	tracing = await startTracing(process.env)
})
afterAll(() => {
	delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"]
	collector.close()
})

const SENDER = "0af7651916cd43dd8448eb211c80319c"

test("without a collector there is no tracing, and nothing to carry on", async () => {
	const off = await startTracing({})
	expect(off).toBe(NO_TRACING)
	expect(off.here()).toBeNull()
})

test("from the POST to the row: the request lies under the sender's span, the turn is linked to it, the commit lies under the turn", async () => {
	let carried: string | undefined
	const headers = new Headers({ traceparent: `00-${SENDER}-b7ad6b7169203331-01` })
	await tracing.request("POST /events", headers, async () => {
		await Promise.resolve()
		carried = tracing.here()?.traceparent
		expect(tracing.ids()?.traceId).toBe(SENDER)
		return new Response()
	})
	expect(carried).toMatch(new RegExp(`^00-${SENDER}-`))
	const events = function* () {
		for (let n = 0; n < 1000; n++) yield carried ?? ""
		for (let n = 0; n < 1000; n++) yield `00-${SENDER}-${String(n + 1).padStart(16, "0")}-01`
		throw new Error("more were asked for than are linked")
	}
	tracing.turn({ partition: 3, startedAt: 1000, committingAt: 1010, endedAt: 1020, records: 2000, outcome: "done", events })
	await tracing.stop()
	const [request, turn, commit] = ["POST /events", "turn", "commit"].map((name) => spans.find((each) => each.name === name))
	expect(request).toMatchObject({ traceId: SENDER, parentSpanId: "b7ad6b7169203331" })
	expect(turn?.links).toHaveLength(32)
	expect(turn?.links?.[0]).toMatchObject({ traceId: SENDER })
	expect(commit).toMatchObject({ traceId: turn?.traceId, parentSpanId: turn?.spanId })
})
