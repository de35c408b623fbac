import { expect, test } from "vitest"
import { logger } from "../src/index.ts"

const NOW = new Date("2026-11-20T08:00:00Z")

const lines = (isReadable: boolean) => {
	const written: string[] = []
	const log = logger({
		write: (line) => written.push(line),
		isReadable,
		now: () => NOW,
		trace: () => ({ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" }),
	})
	return { log, written }
}

test("a line is one JSON object with its event and the trace it belongs to", () => {
	const { log, written } = lines(false)
	log.say("error", "request.failed", { route: "/events", status: 503 })
	expect(written).toHaveLength(1)
	expect(JSON.parse(written[0] ?? "")).toEqual({
		time: "2026-11-20T08:00:00.000Z",
		level: "error",
		event: "request.failed",
		trace_id: "0af7651916cd43dd8448eb211c80319c",
		span_id: "b7ad6b7169203331",
		route: "/events",
		status: 503,
	})
})

test("a field that is not listed does not get out, whoever puts it there", () => {
	const { log, written } = lines(false)
	const fields = { route: "/events", body: "张三", name: "张三" }
	log.say("warn", "request.failed", fields)
	expect(written.join("")).not.toContain("张三")
})

test("at a terminal it is words, and only what is not as it should be", () => {
	const { log, written } = lines(true)
	log.say("info", "process.started")
	log.say("warn", "partition.fails", { partition: 3, error: new Error("x") })
	expect(written).toHaveLength(1)
	expect(written[0]).toMatch(/^08:00:00 warn partition\.fails .*partition=3 error=Error\n {2}at /)
})

test("whoever reads the lines may go away", () => {
	const log = logger({
		write: () => {
			throw new Error("EPIPE")
		},
		isReadable: false,
	})
	expect(() => log.say("info", "process.started")).not.toThrow()
})
