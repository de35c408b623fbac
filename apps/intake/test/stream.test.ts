import { once } from "node:events"
import { type ClientRequest, type IncomingMessage, request } from "node:http"
import { setTimeout } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import { LogUnavailable } from "@yima/log"
import { afterEach, describe, expect, test } from "vitest"
import { type Place, place, results, sale, served, type Wire } from "./door.ts"

const LINES = "application/x-ndjson"

const open: Wire[] = []
const over = async (where: Place): Promise<Wire> => {
	const wire = await served(where)
	open.push(wire)
	return wire
}
afterEach(async () => {
	for (const wire of open.splice(0)) await wire.close()
})

const lines = (...events: readonly unknown[]) => events.map((each) => `${JSON.stringify(each)}\n`).join("")
const sales = (from: number, to: number) => lines(...Array.from({ length: to - from }, (_, at) => sale(`${from + at}`)))

const begin = (port: number, headers: Readonly<Record<string, string>> = {}): ClientRequest => {
	const asked = request({ port, host: "127.0.0.1", method: "POST", path: "/events", headers: { "content-type": LINES, ...headers } })
	asked.on("error", () => undefined)
	return asked
}

const answerOf = async (asked: ClientRequest): Promise<IncomingMessage> => {
	const [answer] = (await once(asked, "response")) as [IncomingMessage]
	return answer
}

describe("a stream of lines", () => {
	test("is answered line by line in order; a broken line stops none of the others", async () => {
		const where = place()
		const { post } = await over(where)
		const body = `\ufeff${lines(sale("1"))}{"id":"甲三\n\r\n  \n${lines(sale("2"))}[]\n${JSON.stringify(sale("3"))}`
		const { status, headers, text } = await post(LINES, body)
		expect([status, headers["content-type"]]).toEqual([200, "application/x-ndjson; charset=utf-8"])
		expect(results(text).map((each) => `${each.status} ${each.id} ${each.problems.map(({ code }) => code)}`)).toEqual([
			"accepted 1 ",
			"rejected  json",
			"accepted 2 ",
			"rejected  type",
			"accepted 3 ",
		])
		expect(text).not.toContain("甲三")
	})

	test("of nothing is answered by nothing", async () => {
		const { post } = await over(place())
		expect(await post(LINES, "")).toMatchObject({ status: 200, text: "" })
	})

	test("of any length goes in in pieces, packed or not", async () => {
		const where = place()
		const { post } = await over(where)
		const text = Buffer.from(sales(0, 3000))
		const pieces = Array.from({ length: Math.ceil(text.length / 10_007) }, (_, at) => text.subarray(at * 10_007, (at + 1) * 10_007))
		const plain = results((await post(LINES, pieces)).text)
		expect(plain.map(({ status, id }) => `${status} ${id}`)).toEqual(Array.from({ length: 3000 }, (_, at) => `accepted ${at}`))
		const packed = results((await post(LINES, gzipSync(sales(3000, 6000)), { "content-encoding": "gzip" })).text)
		expect(packed.map(({ status, id }) => `${status} ${id}`)).toEqual(Array.from({ length: 3000 }, (_, at) => `accepted ${3000 + at}`))
		expect(Math.max(...where.appends)).toBeLessThanOrEqual(500)
		expect(where.logged()).toHaveLength(6000)
	})

	test("says of a line that is too long only that, and reads on", async () => {
		const where = place({ limits: { lineBytes: 2000 } })
		const { post } = await over(where)
		const { text } = await post(LINES, [Buffer.from(`${"x".repeat(1500)}`), Buffer.from(`${"x".repeat(150_000)}\n`), Buffer.from(lines(sale("1")))])
		expect(results(text).map((each) => [each.status, ...each.problems.map(({ code, message }) => `${code} ${message}`)])).toEqual([
			["rejected", "too-large 一行共 151500 字节,最多 2000 字节"],
			["accepted"],
		])
	})

	test("is answered while it is still being written", async () => {
		const { port } = await over(place())
		const asked = begin(port)
		asked.write(lines(sale("1")))
		const answer = (await answerOf(asked)).setEncoding("utf8")
		const parts = answer[Symbol.asyncIterator]()
		const next = async () => results(String((await parts.next()).value)).map(({ id }) => id)
		expect(await next()).toEqual(["1"])
		asked.write(lines(sale("2")))
		expect(await next()).toEqual(["2"])
		asked.end(lines(sale("3")))
		expect(await next()).toEqual(["3"])
		expect((await parts.next()).done).toBe(true)
	})
})

describe("a stream that fails midway", () => {
	test("keeps the answers given, ends with one line that says what happened, and the rest may be sent again", async () => {
		const where = place()
		const { port, post } = await over(where)
		const asked = begin(port)
		asked.write(sales(0, 3))
		const answer = await answerOf(asked)
		let text = ""
		answer.setEncoding("utf8").on("data", (part: string) => {
			text += part
		})
		while (results(text).length < 3) await setTimeout(5)
		where.weather.log = new LogUnavailable("gone")
		asked.write(sales(3, 5))
		await once(answer, "end")
		asked.end()
		const said = results(text)
		expect(said.slice(0, 3).map(({ status }) => status)).toEqual(["accepted", "accepted", "accepted"])
		expect(said.slice(3)).toEqual([
			{ status: "unavailable", problems: [{ code: "unavailable", pointer: "", message: "事件日志暂时不可用,请稍后重发" }], retryAfter: 5 },
		])
		where.weather.log = null
		expect(results((await post(LINES, sales(3, 5))).text).map(({ status }) => status)).toEqual(["accepted", "accepted"])
		expect(where.logged()).toHaveLength(5)
	})

	test("so does one whose packing breaks", async () => {
		const where = place()
		const { post } = await over(where)
		const packed = gzipSync(sales(0, 2000), { level: 0 })
		const said = results((await post(LINES, packed.subarray(0, packed.length / 2), { "content-encoding": "gzip" })).text)
		const accepted = said.slice(0, -1)
		expect(said.at(-1)).toMatchObject({ status: "encoding" })
		expect(accepted.every(({ status }) => status === "accepted")).toBe(true)
		expect(where.logged().length).toBeGreaterThanOrEqual(accepted.length)
	})

	test("and one that is there when the process is to stop", async () => {
		const where = place()
		const { port } = await over(where)
		const asked = begin(port)
		asked.write(`${sales(0, 2)}{"half`)
		const answer = await answerOf(asked)
		let text = ""
		answer.setEncoding("utf8").on("data", (part: string) => {
			text += part
		})
		while (results(text).length < 2) await setTimeout(5)
		await where.door.stop()
		await once(answer, "end")
		expect(results(text).map(({ status }) => status as string)).toEqual(["accepted", "accepted", "stopping"])
		asked.destroy()
	})
})

test("a sender that goes away midway leaves no half event, no failure and no held memory", async () => {
	const where = place({ limits: { heldBytes: 9_000_000 } })
	const { port, post } = await over(where)
	for (let at = 0; at < 5; at++) {
		const asked = begin(port)
		asked.write(`${sales(at * 10, at * 10 + 2)}${JSON.stringify(sale("never"))}`)
		const answer = await answerOf(asked)
		answer.on("error", () => undefined).resume()
		asked.destroy()
		await setTimeout(30)
	}
	expect(where.logged().some((value) => value.includes('"never"'))).toBe(false)
	expect(where.failures).toEqual([])
	expect(results((await post(LINES, sales(100, 102))).text)).toHaveLength(2)
})

test("a sender that does not read its answers is not read from without bound", async () => {
	const { port } = await over(place({ limits: { unreadBytes: 10_000 } }))
	const asked = begin(port)
	const answer = answerOf(asked)
	const piece = Buffer.from(lines(...Array(100).fill("x".repeat(500))))
	let written = 0
	const pour = () => {
		if (written >= 2000) return void asked.end()
		written += 1
		asked.write(piece, pour)
	}
	pour()
	const stalled = await answer
	for (let before = -1; before !== written; await setTimeout(500)) before = written
	expect(written).toBeLessThan(2000)
	let answers = 0
	for await (const part of stalled) answers += String(part).split("\n").length - 1
	expect(answers).toBe(200_000)
})
