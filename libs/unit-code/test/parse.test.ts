import fc from "fast-check"
import { expect, test } from "vitest"
import { normalise, type Problem, parseBuildingCode, parseCode, parseParcelCode, parseUnitCode } from "../src/index.ts"
import { buildings, parcels, texts, units } from "./arbitrary-codes.ts"

const PARCEL = "410811001002GB00018"
const FLAT = `${PARCEL}F00030045`

const replace = (text: string, position: number, by: string) => text.slice(0, position - 1) + by + text.slice(position - 1 + by.length)
const problemsOf = (text: string, parse: (text: string) => ReturnType<typeof parseCode> = parseUnitCode): readonly Problem[] => {
	const reading = parse(text)
	return reading.ok ? [] : reading.problems
}
const faults = (text: string, parse?: typeof parseCode) => problemsOf(text, parse).map(({ rule, position, found }) => `${rule} ${position} ${found}`)
const warnings = (text: string, parse: typeof parseCode = parseCode) => {
	const reading = parse(text)
	return reading.ok ? reading.warnings.map(({ rule, position, found }) => `${rule} ${position} ${found}`) : ["refused"]
}

test("every code of the structure is read as itself", () => {
	fc.assert(fc.property(units, (code) => void expect(parseUnitCode(code)).toMatchObject({ ok: true, code })))
	fc.assert(fc.property(parcels, (code) => void expect(parseParcelCode(code)).toMatchObject({ ok: true, code })))
	fc.assert(fc.property(buildings, (code) => void expect(parseBuildingCode(code)).toMatchObject({ ok: true, code })))
})

test("the length says which of the three a code is", () => {
	fc.assert(fc.property(fc.oneof(units, parcels, buildings), (code) => void expect(parseCode(code)).toMatchObject({ ok: true, code })))
	expect(faults(PARCEL.slice(1), parseCode)).toContain(`length null ${PARCEL.slice(1)}`)
	expect(problemsOf(FLAT.slice(0, 27), parseCode)[0]?.message).toBe("「410811001002GB00018F0003004」共 27 位,应为 28 位")
})

test("no text makes a reader throw, and what it reads is in normal form", () => {
	fc.assert(
		fc.property(fc.oneof(texts, fc.string({ unit: "binary" })), (text) => {
			for (const parse of [parseUnitCode, parseParcelCode, parseBuildingCode, parseCode]) {
				const reading = parse(text)
				if (reading.ok) expect(reading.code).toBe(normalise(text))
				else expect(reading.problems.length).toBeGreaterThan(0)
			}
		}),
		{ numRuns: 1000 },
	)
})

/** What may stand at a position whatever stands elsewhere. A replacement within the class either gives another valid code or breaks a rule between positions. */
const fits = (position: number, code: string): RegExp => {
	if (position === 13) return /[GJZ]/
	if (position === 14) return /[ABCDEFGHLNSWXY]/
	if (position === 20) return /[FLQW]/
	return position === 25 && code[19] === "F" ? /[0-9a-z]/ : /[0-9]/
}

test("a character that cannot stand where it stands is found at its position", () => {
	const other = fc.oneof(fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz"), fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }))
	fc.assert(
		fc.property(units, fc.integer({ min: 1, max: 28 }), other, (code, position, character) => {
			const spoilt = code.slice(0, position - 1) + character + code.slice(position)
			const seen = [...normalise(spoilt)][position - 1] ?? ""
			// What is not visible or a separator shortens the text, and then no position is to blame; half-width forms are read as what they mean.
			fc.pre([...normalise(spoilt)].length === 28 && !fits(position, code).test(seen))
			const problem = problemsOf(spoilt).find((found) => found.position === position)
			expect(problem).toMatchObject({ position, found: seen })
			expect(problem?.message).toContain(`第 ${position} 位`)
		}),
		{ numRuns: 2000 },
	)
})

test("a replacement that fits its position is either another code or breaks a rule between positions, never a rule of one position", () => {
	fc.assert(
		fc.property(units, fc.integer({ min: 1, max: 28 }), fc.constantFrom(..."0123456789ABCDEFGHJLNQSWXYZax"), (code, position, character) => {
			fc.pre(fits(position, code).test(character) && position !== 20)
			const rules = problemsOf(replace(code, position, character)).map(({ rule }) => rule)
			for (const rule of rules)
				expect(["collective-only", "parcel-serial", "building-number", "unit-serial", "no-fixture-number", "fixture-number"]).toContain(rule)
		}),
		{ numRuns: 1000 },
	)
})

test.each([1, 6, 7, 9, 10, 12, 15, 19, 21, 24, 26, 28])("position %i takes digits only", (position) => {
	for (const digit of "123456789") expect(faults(replace(FLAT, position, digit))).toEqual([])
	for (const letter of "AKZ/:") expect(faults(replace(FLAT, position, letter))).toEqual([`digit ${position} ${letter}`])
})

test("position 13 is G, J or Z", () => {
	for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZ0") {
		expect(faults(replace(FLAT, 13, letter))).toEqual("GJZ".includes(letter) ? [] : [`ownership-letter 13 ${letter}`])
	}
	expect(problemsOf(replace(FLAT, 13, "K"))[0]?.message).toBe("第 13 位「K」不合规则:土地所有权类型应为 G、J、Z 之一")
})

test("position 14 is one of the fourteen rights, and A belongs to collectives", () => {
	for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZ8") {
		const fault = "BCDEFGHLNSWXY".includes(letter) ? [] : [letter === "A" ? "collective-only 14 A" : `right-letter 14 ${letter}`]
		expect(faults(replace(FLAT, 14, letter))).toEqual(fault)
		expect(faults(replace(FLAT, 13, `Z${letter}`))).toEqual(fault)
		expect(faults(replace(FLAT, 13, `J${letter}`))).toEqual(letter === "A" ? [] : fault)
	}
	expect(problemsOf(replace(FLAT, 14, "A"))[0]?.message).toBe("第 14 位「A」不合规则:集体土地所有权宗地(A)只能与 J 连用")
})

test("position 20 is F, L, Q or W, and F alone in a building", () => {
	for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZ0") {
		const expected = letter === "W" ? ["no-fixture-number 24 3"] : "FLQ".includes(letter) ? [] : [`fixture-letter 20 ${letter}`]
		expect(faults(replace(FLAT, 20, letter))).toEqual(expected)
		if (letter !== "F" && letter !== "W") expect(faults(`${PARCEL}${letter}0003`, parseBuildingCode)).toEqual([`fixture-letter 20 ${letter}`])
	}
	expect(problemsOf(`${PARCEL}L0003`, parseBuildingCode)[0]?.message).toBe("第 20 位「L」不合规则:定着物特征码应为 F")
})

test.each([
	["parcels are numbered from 1", "410811001002GB00000F00030045", "parcel-serial 15 0"],
	["buildings are numbered from 1", `${PARCEL}F00000045`, "building-number 21 0"],
	["without buildings, no number: the last digit", `${PARCEL}W00000001`, "no-fixture-number 28 1"],
	["without buildings, no number: the first digit", `${PARCEL}W90000000`, "no-fixture-number 21 9"],
	["trees have a number", `${PARCEL}L00000000`, "fixture-number 21 0"],
	["other fixtures have a number", `${PARCEL}Q00000000`, "fixture-number 21 0"],
	["a unit over several buildings is numbered from 1", `${PARCEL}F99990000`, "unit-serial 25 0"],
	["after a letter the overflow starts at 001", `${PARCEL}F0003a000`, "unit-serial 26 0"],
	["overflow letters are small", `${PARCEL}F0003A001`, "digit 25 A"],
	["only houses overflow", `${PARCEL}L0003a001`, "digit 25 a"],
])("%s", (_, text, fault) => {
	expect(faults(text)).toEqual([fault])
})

test.each([
	"410811001002GB00001F00010000",
	"410811001002GB10000F10000001",
	"410811001002GB99999F99980001",
	`${PARCEL}F99990001`,
	`${PARCEL}F99991000`,
	`${PARCEL}L10000000`,
	`${PARCEL}Q00000001`,
	`${PARCEL}W00000000`,
	"000000999999ZY00001F00019999",
])("%s stands at an edge and is read without a warning", (text) => {
	expect(parseUnitCode(text)).toEqual({ ok: true, code: text, warnings: [] })
})

test("the building over several buildings is no building", () => {
	expect(faults(`${PARCEL}F9999`, parseBuildingCode)).toEqual(["several-buildings 21 9"])
	expect(faults(`${PARCEL}F0000`, parseBuildingCode)).toEqual(["building-number 21 0"])
	expect(faults(`${PARCEL}F9998`, parseBuildingCode)).toEqual([])
	expect(faults(`${PARCEL}F1000`, parseBuildingCode)).toEqual([])
	expect(problemsOf(`${PARCEL}F9999`, parseBuildingCode)[0]?.message).toBe("第 21 位「9」不合规则:幢号 9999 表示多幢合为一个单元,不是一幢")
})

test("codes of no parcel are read with a warning, and need no serial", () => {
	expect(warnings("340104000000GB00000F07880003")).toEqual(["not-on-a-parcel 7 0"])
	expect(warnings("340104000000GB00000")).toEqual(["not-on-a-parcel 7 0"])
	expect(warnings("340104000000GB01000F1932")).toEqual(["not-on-a-parcel 7 0"])
	expect(warnings("340104000000GB00000F99999999")).toEqual(["not-on-a-parcel 7 0", "virtual-unit 21 9"])
	expect(warnings(`${PARCEL}F99999999`)).toEqual(["virtual-unit 21 9"])
	expect(warnings("340104000001GB00018F07880003")).toEqual([])
	expect(warnings("340104100000GB00018F07880003")).toEqual([])
	const reading = parseUnitCode("340104000000GB00000F07880003")
	expect(reading.ok && reading.warnings[0]?.message).toBe("第 7 位「0」须留意:地籍区和地籍子区全为 0,是尚未落宗的虚拟代码,不能据此关联宗地")
})

test("a code of no parcel still obeys the rules of its building", () => {
	expect(faults("340100000000GB00000F00000001")).toEqual(["building-number 21 0"])
	expect(faults("340102000000GB00000W00004280")).toEqual(["no-fixture-number 25 4"])
})

test("sea areas and islands lie in no district, and there 000000 is no sign of a pseudo code", () => {
	for (const letter of "GH") {
		expect(warnings(`460302000000G${letter}00001`)).toEqual([])
		expect(faults(`460302000000G${letter}00000`, parseParcelCode)).toEqual(["parcel-serial 15 0"])
	}
})

test("serials beyond 9999 are read from a001 to z999, with a warning", () => {
	for (const serial of ["a001", "a100", "m010", "z999"]) expect(warnings(`${PARCEL}F0003${serial}`)).toEqual([`overflow-serial 25 ${serial[0]}`])
	const reading = parseUnitCode(`${PARCEL}F0003a001`)
	expect(reading.ok && reading.warnings[0]?.message).toBe("第 25 位「a」须留意:户号超出 9999 后的字母写法不在国家标准内")
})

test("everything that is wrong is said at once, from left to right, then what positions say together", () => {
	expect(faults("41O811001002KI00000V0003_045")).toEqual([
		"digit 3 O",
		"ownership-letter 13 K",
		"right-letter 14 I",
		"fixture-letter 20 V",
		"digit 25 _",
		"parcel-serial 15 0",
	])
	expect(faults("410811001002GA00000F00000045")).toEqual(["collective-only 14 A", "parcel-serial 15 0", "building-number 21 0"])
})

test("a look-alike is proposed where it would fit, and not applied", () => {
	const suggestions = (text: string) => problemsOf(text).map(({ suggestion }) => suggestion)
	expect(suggestions(replace(FLAT, 14, "8"))).toEqual(["B"])
	expect(suggestions(replace(FLAT, 3, "O"))).toEqual(["0"])
	expect(problemsOf(replace(FLAT, 3, "K"))[0]).not.toHaveProperty("suggestion")
})

test("a wrong length is said with the first misfit only, since all behind it is shifted", () => {
	expect(faults(FLAT.slice(0, 20))).toEqual([`length null ${FLAT.slice(0, 20)}`])
	expect(faults(`${FLAT}0`)).toEqual([`length null ${FLAT}0`])
	expect(faults(FLAT.slice(1))).toEqual([`length null ${FLAT.slice(1)}`, "digit 12 G"])
	expect(faults(PARCEL, parseBuildingCode)).toEqual([`length null ${PARCEL}`])
	expect(faults(FLAT, parseParcelCode)).toEqual([`length null ${FLAT}`])
	expect(problemsOf("")).toEqual([{ rule: "length", position: null, found: "", message: "没有内容,应为 28 位" }])
	expect(problemsOf("", parseParcelCode)[0]?.message).toBe("没有内容,应为 19 位")
})

test("ten megabytes are refused at once, in a short message", () => {
	for (const unit of ["4", " ", "\ud800", "𝟘", "\u3000", FLAT]) {
		const text = unit.repeat(10_000_000 / unit.length)
		text.charCodeAt(5)
		const begun = performance.now()
		const problems = problemsOf(text)
		expect(performance.now() - begun).toBeLessThan(100)
		expect(problems[0]).toMatchObject({ rule: "length", position: null })
		expect(JSON.stringify(problems).length).toBeLessThan(1000)
	}
})

test("what does not print is shown by its number, and half a character as its replacement", () => {
	expect(problemsOf(replace(FLAT, 3, "\u0007"))[0]?.message).toBe("第 3 位「U+0007」不合规则:县级行政区划应为数字 0–9")
	expect(problemsOf(replace(FLAT, 3, "\u001b"))[0]?.message).toContain("「U+001B」")
	expect(faults(replace(FLAT, 3, "\ud800"))).toEqual(["digit 3 \ufffd"])
	expect(faults(`${FLAT.slice(0, 2)}😀${FLAT.slice(3)}`)).toEqual([`length null ${FLAT.slice(0, 2)}😀${FLAT.slice(3)}`, "digit 3 😀"])
	expect(problemsOf("x".repeat(50))[0]?.message).toBe(`「${`${"X".repeat(20)}${"x".repeat(20)}`}…」共 50 位,应为 28 位`)
	expect(problemsOf("x".repeat(40))[0]?.message).toBe(`「${`${"X".repeat(20)}${"x".repeat(20)}`}」共 40 位,应为 28 位`)
})
