import { Result } from "effect"
import { describe, expect, test } from "vitest"
import { BOUNDS, decodeSealed, decodeText, decodeWire, type Problem, sealEvent, toCloudEvent } from "../src/index.ts"
import { example, type Json, openSealer } from "./stored.ts"

const codes = (input: unknown): readonly string[] => {
	const read = decodeWire(input)
	return Result.isFailure(read) ? read.failure.map(({ code, pointer }) => `${code} ${pointer}`) : []
}

const sale = (data: Json) => example("sales.contract-filed", {}, data)

/** Only a watchdog: what it guards against takes minutes or for ever. */
const WATCHDOG = 60_000

describe("hostile sizes cost little and are answered", () => {
	test("ten million characters, wherever they stand", { timeout: WATCHDOG }, () => {
		const long = "长".repeat(10_000_000)
		expect(codes(sale({ remark: long }))).toEqual(["too-large "])
		expect(codes({ ...sale({}), subject: `project:${long}` })).toEqual(["too-large "])
		expect(codes({ ...sale({}), [long]: 1 })).toEqual(["too-large "])
		const read = decodeText(JSON.stringify(sale({ remark: long })))
		expect(Result.isFailure(read) && read.failure.map((each: Problem) => each.code)).toEqual(["too-large"])
	})

	test("seven million characters in a field that has room for two hundred", { timeout: WATCHDOG }, () => {
		const long = "9".repeat(7_000_000)
		expect(codes(sale({ contractNo: long }))).toEqual(["text /data/contractNo"])
		for (const field of ["totalPriceCny", "signedOn", "kind"])
			expect(codes(sale({ [field]: long }))[0]).toMatch(new RegExp(`^(?:decimal|date|choice) /data/${field}$`))
		expect(codes({ ...sale({}), subject: long })).toEqual(["code /subject"])
		for (const attribute of ["id", "source", "type", "time"])
			expect(codes({ ...sale({}), [attribute]: long })[0]).toMatch(new RegExp(`^(?:text|source|moment) /${attribute}$`))
		const half = long.slice(3_000_000)
		expect(codes({ ...sale({}), time: half, type: half })).toEqual(["too-large "])
	})

	test("a hundred thousand entries of a list", { timeout: WATCHDOG }, () => {
		const problems = codes(example("registration.first-applied", {}, { units: Array(100_000).fill("410811001002GB00018F00030045") }))
		expect(problems).toEqual(["list /data/units"])
	})

	test("a hundred thousand entries, each wrong", { timeout: WATCHDOG }, () => {
		const problems = codes(example("registration.first-applied", {}, { units: Array(100_000).fill("坏") }))
		expect(problems.length).toBeLessThanOrEqual(100)
		expect(problems[0]).toBe("code /data/units/0")
	})

	test("a million names", { timeout: WATCHDOG }, () => {
		const many = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`n${at}`, 0]))
		expect(codes(many)).toEqual(["too-large "])
		expect(codes(sale(many))).toEqual(["too-large "])
		expect(Array(BOUNDS.values + 1).fill(0).length).toBeGreaterThan(BOUNDS.values)
		expect(codes(sale({ remark: Array(1_000_000).fill(0) }))).toEqual(["too-large "])
	})

	test("ten thousand levels", { timeout: WATCHDOG }, () => {
		const deep = (open: string, close: string) => JSON.parse(open.repeat(10_000) + close.repeat(10_000)) as unknown
		for (const value of [deep("[", "]"), deep('{"a":[', "]}")]) {
			const [problem] = codes({ ...sale({}), data: { remark: value } })
			expect(problem).toMatch(/^too-deep \/data\/remark(?:\/[0a])+$/)
			expect(codes(value)).toHaveLength(1)
		}
		const read = decodeText("[".repeat(1_000_000) + "]".repeat(1_000_000))
		expect(Result.isFailure(read) && read.failure[0]?.code).toBe("too-deep")
	})

	test("the deepest that is read, and one level more", () => {
		const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as unknown
		expect(codes(sale({ remark: nested(BOUNDS.depth - 1) }))).toEqual([])
		expect(codes(sale({ remark: nested(BOUNDS.depth) }))[0]).toMatch(/^too-deep /)
	})
})

describe("names that programs use themselves", () => {
	test("__proto__ is refused wherever it stands", () => {
		const at = (text: string) => codes(JSON.parse(text))
		expect(at('{"__proto__":{}}')).toEqual(["forbidden-key /__proto__"])
		expect(codes({ ...sale({}), data: JSON.parse('{"buyers":[{"__proto__":{"idKind":"uscc"}}]}') })).toEqual(["forbidden-key /data/buyers/0/__proto__"])
	})

	test("constructor, toString and the like are fields that the contract does not know: kept, whether anything else is normalised or not", () => {
		const unknown = { constructor: "a", toString: { valueOf: 1 }, hasOwnProperty: null }
		for (const totalPriceCny of ["1.00", "1"]) {
			const read = decodeWire({ ...sale({ totalPriceCny, ...unknown }), constructor: "b" })
			expect(Result.isSuccess(read) && read.success.data).toMatchObject({ totalPriceCny: "1.00", ...unknown })
			expect(Result.isSuccess(read) && read.success.extensions).toEqual({ constructor: "b" })
			expect(Result.isSuccess(read) && toCloudEvent(sealEvent(read.success, openSealer))).toMatchObject({ constructor: "b", data: unknown })
		}
		expect(codes({ ...sale({}), type: "constructor" })).toEqual(["unknown-type /type"])
		expect(codes(sale({ kind: "constructor" }))).toEqual(["choice /data/kind"])
	})
})

describe("characters that nothing can store", () => {
	test.each([
		["half of a surrogate pair", "\ud83c"],
		["the other half", "\udfe0x"],
		["NUL", "a\u0000b"],
	])("%s is refused, in a value or in a name", (_, text) => {
		expect(codes({ ...sale({}), id: text })).toEqual(["characters /id"])
		expect(codes(sale({ remark: [{ text }] }))).toEqual(["characters /data/remark/0/text"])
		expect(codes(sale({ [text]: 1 }))).toEqual(["characters /data"])
	})

	test("a number that JSON can say and nothing can say again", () => {
		const read = decodeText(JSON.stringify(sale({ remark: "?" })).replace('"?"', "1e400"))
		expect(Result.isFailure(read) && read.failure.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(["number /data/remark"])
	})

	test("characters beyond the first plane are not among them", () => {
		expect(codes(sale({ remark: "𠮷野家🏠" }))).toEqual([])
	})
})

test("fields that nobody knows make no person of what has a name of its own: the log can be read again", () => {
	const strays = { idKind: "护照", idNumber: "E00000001", phone: "13900000001" }
	for (const [name, data] of [
		["project.approved", strays],
		["registrar.ruleset-adopted", { ruleSet: { name: "焦作市试行", version: "1", contentHash: "x", ...strays } }],
	] as const) {
		const read = decodeWire(example(name, {}, data))
		if (Result.isFailure(read)) throw new Error(JSON.stringify(read.failure))
		const logged = JSON.stringify(toCloudEvent(sealEvent(read.success, (kind) => ({ cipher: kind, blind: kind }))))
		expect(logged).not.toMatch(/E00000001|13900000001/)
		expect(Result.isSuccess(decodeSealed(JSON.parse(logged))), name).toBe(true)
	}
})

test("a person in a field that the contract does not know is sealed, whatever else stands there", () => {
	const witness = { name: "张无名", idKind: "军官证", idNumber: "军字第1号", phone: 13900000001 }
	const read = decodeWire({ ...sale({ witness, more: [[witness]] }), agent: witness })
	if (Result.isFailure(read)) throw new Error(JSON.stringify(read.failure))
	expect(JSON.stringify(toCloudEvent(sealEvent(read.success, (kind) => ({ cipher: kind, blind: kind }))))).not.toMatch(/张无名|军字第1号|13900000001/)
})
