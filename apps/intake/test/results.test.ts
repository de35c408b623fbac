import { LogBusy, LogUnavailable } from "@yima/log"
import { decodeSealed } from "@yima/schemas"
import { Result } from "effect"
import { describe, expect, test } from "vitest"
import { Busy, Unavailable } from "../src/index.ts"
import { place, sale } from "./door.ts"

const brief = (all: readonly { status: string; position: string | null; problems: readonly { code: string; pointer: string }[] }[]) =>
	all.map(({ status, problems }) => [status, ...problems.map(({ code, pointer }) => `${code} ${pointer}`)].join(" "))

describe("an event that is right", () => {
	test("is in the log, sealed and readable, when it is answered", async () => {
		const { door, logged } = place()
		const [result] = await door.submit([sale("1", { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", tracestate: "a=b", deskno: "7" })])
		expect(result).toEqual({ status: "accepted", source: "jz/410811/sales", id: "1", position: expect.stringMatching(/^\d-0$/), problems: [] })
		const [value = ""] = logged()
		expect(value).toContain('"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"')
		expect(value).toContain('"tracestate":"a=b"')
		expect(value).not.toMatch(/甲三|甲四|410811190001010016|41081119000102002X|13912345678/)
		expect(value).toContain("怀川置业有限公司")
		const read = decodeSealed(JSON.parse(value))
		expect(Result.isSuccess(read) && read.success.extensions).toEqual({ deskno: "7" })
	})

	test("lies in the log under its parcel", async () => {
		const { door, log } = place()
		await door.submit([sale("1"), sale("2"), sale("3")])
		const keys = [0, 1, 2].flatMap((partition) => log.held(partition).map(({ key, offset }) => `${key} ${offset}`))
		expect(keys).toEqual(["410811001002GB00018 0", "410811001002GB00018 1", "410811001002GB00018 2"])
	})
})

describe("an identity that is taken", () => {
	test("by the same body is a duplicate with the place of the first, whatever the spelling", async () => {
		const { door, link, appends } = place()
		const [first] = await door.submit([sale("1")])
		await link()
		const [again] = await door.submit([sale("1", { time: "2023-05-31T01:30:00Z", subject: "410811 001002 gb00018 F00030045" })])
		expect(again).toEqual({ ...first, status: "duplicate" })
		expect(appends).toEqual([1])
	})

	test("by a body with another person is a conflict without a place", async () => {
		const { door, link, logged } = place()
		await door.submit([sale("1")])
		await link()
		const other = sale("1", {}, { buyers: [{ name: "甲五", idKind: "resident-id", idNumber: "410811190001010016" }] })
		const results = await door.submit([other])
		expect(brief(results)).toEqual(["conflict conflict /id"])
		expect(results[0]?.position).toBeNull()
		expect(results[0]?.problems[0]?.message).not.toMatch(/甲/)
		expect(logged()).toHaveLength(1)
	})

	test("within one batch counts once, though nobody has linked it yet", async () => {
		const { door, logged } = place()
		const results = await door.submit([sale("1"), sale("1"), sale("1", {}, { totalPriceCny: "1" }), sale("2")])
		expect(brief(results)).toEqual(["accepted", "duplicate", "conflict conflict /id", "accepted"])
		expect(results[1]?.position).toBe(results[0]?.position)
		expect(logged()).toHaveLength(2)
	})

	test("not yet linked is accepted again: the linker absorbs it", async () => {
		const { door } = place()
		await door.submit([sale("1")])
		expect(brief(await door.submit([sale("1")]))).toEqual(["accepted"])
	})
})

describe("what is wrong is said at once, and stops none of the others", () => {
	test.each([
		["a type that nobody knows", sale("x", { type: "yima.sales.contract-signed.v1" }), ["unknown-type /type"]],
		["a code with one wrong character", sale("x", { subject: "4108110010028B00018F00030045" }), ["code /subject"]],
		[
			"a code in a list with one wrong character",
			sale("x", { type: "yima.finance.mortgage-discharged.v1", data: { proofNo: "1", units: ["410811001002GB00018F0003O045"] } }),
			["code /data/units/0"],
		],
		["a time more than a day ahead", sale("x", { time: "2024-06-02T10:00:01+08:00" }), ["future /time"]],
		["a county that no list has", sale("x", { subject: "419911001002GB00018F00030045" }), ["county /subject"]],
		["no object", "甲三", ["type "]],
		["a recorded time of the sender's own", sale("x", { recordedtime: "2023-05-31T09:30:00Z" }), ["recordedtime /recordedtime"]],
	])("%s", async (_, event, problems) => {
		const { door, logged } = place()
		const results = await door.submit([sale("1"), event, sale("2")])
		expect(results.map(({ status }) => status)).toEqual(["accepted", "rejected", "accepted"])
		expect(results[1]?.position).toBeNull()
		expect(results[1]?.problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(expect.arrayContaining(problems))
		expect(logged()).toHaveLength(2)
	})

	test("a time exactly a day ahead is let in", async () => {
		expect(brief(await place().door.submit([sale("1", { time: "2024-06-02T10:00:00+08:00" })]))).toEqual(["accepted"])
	})

	test("an unlisted county is let in where the installation names it", async () => {
		const { door } = place({ localCounties: new Set(["419911"]) })
		expect(brief(await door.submit([sale("1", { subject: "419911001002GB00018F00030045" })]))).toEqual(["accepted"])
	})

	test("another department's family or source", async () => {
		const { door } = place()
		const sender = { families: ["tax"], sources: ["jz/tax"] }
		expect(brief(await door.submit([sale("1"), sale("2", { time: "?" })], sender))).toEqual([
			"rejected forbidden-family /type forbidden-source /source",
			"rejected forbidden-family /type forbidden-source /source moment /time",
		])
		expect(brief(await door.submit([sale("1")], { families: ["sales"], sources: ["jz/410811/sales"] }))).toEqual(["accepted"])
	})

	test("names of any length or shape are not thrown back", async () => {
		const [result] = await place().door.submit([sale("1", { id: "x".repeat(201), source: 7 })])
		expect(result).toMatchObject({ status: "rejected", id: "", source: "" })
	})
})

describe("when something is away, the batch as a whole is to be sent again", () => {
	test.each([
		["the log is busy", { log: new LogBusy("held") }, Busy],
		["the log is away", { log: new LogUnavailable("gone") }, Unavailable],
		["the registry is away", { registry: new Error("ECONNREFUSED") }, Unavailable],
		["the keys are away", { keys: new Error("ECONNREFUSED") }, Unavailable],
	] as const)("%s", async (_, weather, kind) => {
		const { door, weather: held } = place()
		Object.assign(held, weather)
		await expect(door.submit([sale("1"), {}])).rejects.toThrow(kind)
		Object.assign(held, { log: null, registry: null, keys: null })
		expect(brief(await door.submit([sale("1")]))).toEqual(["accepted"])
	})

	test("nothing is said before the log has it", async () => {
		const { door, weather } = place()
		let open: (value: unknown) => void = () => undefined
		weather.until = new Promise((resolve) => {
			open = resolve
		})
		let answered = false
		const submitted = door.submit([sale("1")]).then(() => {
			answered = true
		})
		await new Promise((resolve) => setTimeout(resolve, 30))
		expect(answered).toBe(false)
		open(null)
		await submitted
	})
})
