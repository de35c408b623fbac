import { request } from "node:http"
import { setTimeout } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import { LogBusy, LogUnavailable } from "@yima/log"
import { afterEach, describe, expect, test } from "vitest"
import { type Answer, type Place, place, sale, served, type Wire } from "./door.ts"

const ONE = "application/cloudevents+json"
const LIST = "application/cloudevents-batch+json"
const JSON_TYPE = "application/json"

const open: Wire[] = []
const over = async (where: Place): Promise<Wire> => {
	const wire = await served(where)
	open.push(wire)
	return wire
}
afterEach(async () => {
	for (const wire of open.splice(0)) await wire.close()
})

const problem = ({ status, headers, text }: Answer) => {
	expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8")
	const said = JSON.parse(text) as { status: number; code: string; title: string; detail: string; type: string }
	expect(said.status).toBe(status)
	expect(said.type).toBe(`urn:yima:problem:${said.code}`)
	expect(`${said.title}${said.detail}`).toMatch(/^\p{Script=Han}/u)
	return `${status} ${said.code}`
}

describe("a single event", () => {
	test("is answered by its result, and the status says which", async () => {
		const where = place()
		const { post } = await over(where)
		const accepted = await post(ONE, JSON.stringify(sale("1")))
		expect([accepted.status, JSON.parse(accepted.text)]).toEqual([202, expect.objectContaining({ status: "accepted", id: "1" })])
		await where.link()
		expect((await post(`${ONE}; charset=UTF-8`, JSON.stringify(sale("1")))).status).toBe(200)
		expect((await post(JSON_TYPE, JSON.stringify(sale("1", {}, { totalPriceCny: "1" })))).status).toBe(409)
		const refused = await post(ONE, JSON.stringify(sale("2", { time: "昨天" })))
		expect(refused.status).toBe(422)
		expect(JSON.parse(refused.text)).toMatchObject({ status: "rejected", position: null, problems: [{ code: "moment", pointer: "/time" }] })
		expect((await post(ONE, "[]")).status).toBe(422)
	})

	test("may be packed", async () => {
		const where = place()
		const { post } = await over(where)
		expect((await post(ONE, gzipSync(JSON.stringify(sale("1"))), { "content-encoding": "gzip" })).status).toBe(202)
		expect(where.logged()).toHaveLength(1)
	})
})

describe("a batch", () => {
	test("with one bad event: the others go in, results in order", async () => {
		const where = place()
		const { post } = await over(where)
		for (const type of [LIST, JSON_TYPE]) {
			const { status, text } = await post(type, JSON.stringify([sale(`a${type}`), { id: "b" }, sale(`c${type}`)]))
			expect(status).toBe(200)
			expect((JSON.parse(text) as { status: string; id: string }[]).map((each) => `${each.status} ${each.id}`)).toEqual([
				`accepted a${type}`,
				"rejected b",
				`accepted c${type}`,
			])
		}
		expect(where.appends).toEqual([2, 2])
		expect((await post(LIST, "[]")).text).toBe("[]")
	})
})

describe("a request that gets no results says why", () => {
	test.each([
		["broken JSON", JSON_TYPE, '{"data":{"name":"甲三"', {}, "400 json"],
		["another character set", JSON_TYPE, Buffer.from([0x7b, 0xbc, 0xd7, 0x7d]), {}, "400 json"],
		["nothing at all", JSON_TYPE, "", {}, "400 json"],
		["one event where a batch is named", LIST, "{}", {}, "400 json"],
		["another content type", "text/csv", "a,b", {}, "415 media-type"],
		["a content type of the object's prototype", "constructor", "{}", {}, "415 media-type"],
		["a declared character set", `${JSON_TYPE}; charset=gbk`, "{}", {}, "415 media-type"],
		["another packing", JSON_TYPE, "{}", { "content-encoding": "br" }, "415 content-encoding"],
		["what is no gzip", JSON_TYPE, "{}", { "content-encoding": "gzip" }, "400 encoding"],
		["gzip cut off", JSON_TYPE, gzipSync(JSON.stringify(sale("1"))).subarray(0, -20), { "content-encoding": "gzip" }, "400 encoding"],
		["gzip of far more than it seems", JSON_TYPE, gzipSync(Buffer.alloc(30_000_000, 32)), { "content-encoding": "gzip" }, "413 too-large"],
		["10,001 events", LIST, `[${"0,".repeat(10_000)}0]`, {}, "413 too-many"],
	] as const)("%s", async (_, type, body, headers, expected) => {
		const where = place()
		const { post } = await over(where)
		const answer = await post(type, body, headers)
		expect(problem(answer)).toBe(expected)
		expect(answer.text).not.toContain("甲三")
		expect(where.logged()).toEqual([])
		expect((await post(ONE, JSON.stringify(sale("1")))).status).toBe(202)
	})

	test("50 MB, announced or not", async () => {
		const { post } = await over(place())
		const pieces = Array.from({ length: 50 }, () => Buffer.alloc(1_000_000, 32))
		expect(problem(await post(JSON_TYPE, pieces, { "content-length": "50000000" }))).toBe("413 too-large")
		expect(problem(await post(JSON_TYPE, pieces))).toBe("413 too-large")
		expect((await post(ONE, JSON.stringify(sale("1")))).status).toBe(202)
	})

	test.each(["GET", "PUT", "DELETE"])("%s", async (method) => {
		const answer = await (await over(place())).post(JSON_TYPE, method === "PUT" ? "{}" : [], {}, method)
		expect(problem(answer)).toBe("405 method")
		expect(answer.headers["allow"]).toBe("POST")
	})
})

describe("when something is away, the sender is told to come again", () => {
	test.each([
		["the log is busy", { log: new LogBusy("held") }, "429 busy"],
		["the log is away", { log: new LogUnavailable("gone") }, "503 unavailable"],
		["the registry is away", { registry: new Error("connect ECONNREFUSED 10.0.0.7") }, "503 unavailable"],
		["something broke that should not", { log: new TypeError("张三 of undefined") }, "500 internal"],
	] as const)("%s", async (_, weather, expected) => {
		const where = place()
		Object.assign(where.weather, weather)
		const { post } = await over(where)
		for (const [type, body] of [
			[ONE, JSON.stringify(sale("1"))],
			[LIST, JSON.stringify([sale("1")])],
			["application/x-ndjson", JSON.stringify(sale("1"))],
		] as const) {
			const answer = await post(type, body)
			expect(problem(answer)).toBe(expected)
			expect(answer.text).not.toMatch(/张三|10\.0\.0\.7/)
			if (!expected.startsWith("500")) expect(answer.headers["retry-after"]).toMatch(/^\d+$/)
		}
		expect(where.failures).toHaveLength(3)
	})

	test("more at once than may be held", async () => {
		const where = place({ limits: { heldBytes: 2_000 } })
		let go: (value: unknown) => void = () => undefined
		where.weather.until = new Promise((resolve) => {
			go = resolve
		})
		const { post } = await over(where)
		const first = post(LIST, JSON.stringify([sale("1"), sale("2")]))
		while (where.appends.length === 0) await setTimeout(5)
		const answer = await post(LIST, JSON.stringify([sale("3"), sale("4")]))
		expect(problem(answer)).toBe("429 busy")
		expect(answer.headers["retry-after"]).toBe("1")
		expect(problem(await post("application/x-ndjson", JSON.stringify(sale("5"))))).toBe("429 busy")
		go(null)
		expect((await first).status).toBe(200)
		expect((await post(LIST, JSON.stringify([sale("3"), sale("4")]))).status).toBe(200)
	})
})

test("a sender that is gone before its event is whole leaves nothing behind", async () => {
	const where = place()
	const { port, post } = await over(where)
	const asked = request({ port, host: "127.0.0.1", method: "POST", path: "/events", headers: { "content-type": ONE } })
	asked.on("error", () => undefined)
	asked.write(JSON.stringify(sale("1")))
	await setTimeout(50)
	asked.destroy()
	await setTimeout(50)
	expect(where.logged()).toEqual([])
	expect(where.failures).toEqual([])
	expect((await post(ONE, JSON.stringify(sale("1")))).status).toBe(202)
})

describe("stopping", () => {
	test("answers what is taken, and takes nothing more", async () => {
		const where = place()
		let go: (value: unknown) => void = () => undefined
		where.weather.until = new Promise((resolve) => {
			go = resolve
		})
		const { post, port } = await over(where)
		const taken = post(ONE, JSON.stringify(sale("1")))
		while (where.appends.length === 0) await setTimeout(5)
		const slow = request({ port, host: "127.0.0.1", method: "POST", path: "/events", headers: { "content-type": ONE } })
		slow.on("error", () => undefined)
		const told = new Promise((resolve) => slow.on("response", ({ statusCode }) => resolve(statusCode)))
		slow.write("{")
		await setTimeout(20)
		let stopped = false
		const stopping = where.door.stop().then(() => {
			stopped = true
		})
		expect(problem(await post(ONE, JSON.stringify(sale("2"))))).toBe("503 stopping")
		expect(await told).toBe(503)
		await expect(where.door.submit([sale("3")])).rejects.toThrow("正在停止")
		expect(stopped).toBe(false)
		go(null)
		expect((await taken).status).toBe(202)
		await stopping
		slow.destroy()
	})
})
