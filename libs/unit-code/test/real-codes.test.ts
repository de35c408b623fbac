import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { checkCounty, explain, isBareLand, isMultiBuilding, isPseudo, isWholeBuilding, parseCode, parseUnitCode } from "../src/index.ts"

// Codes as found in public files, each with what its record says it denotes and what is odd about it.
const [, ...rows] = readFileSync(new URL("real-codes.tsv", import.meta.url), "utf8")
	.trimEnd()
	.split("\n")
const real = rows.map((row) => {
	const [code = "", denotes = "", obeys = "", remarks = ""] = row.split("\t")
	return { code, denotes, obeys, remarks: remarks === "" ? [] : remarks.split("; ") }
})
const having = (remark: string) => real.filter(({ remarks }) => remarks.includes(remark))
const faults = (code: string) => {
	const reading = parseCode(code)
	return reading.ok ? [] : reading.problems.map(({ rule, position }) => `${rule} ${position}`)
}

const UNREADABLE = ["W with a number", "building zero", "letters in the serial", "A without J"]
const unparcelled = having("district and subdistrict zero")
const serialless = having("parcel serial zero").filter((row) => !unparcelled.includes(row))

test("the list has the classes that make it worth keeping", () => {
	expect([real.length, unparcelled.length, serialless.length]).toEqual([889, 299, 1])
	expect(UNREADABLE.map((remark) => having(remark).length)).toEqual([12, 3, 1, 3])
})

test("every code that obeys the structure is read as what its record says it denotes", () => {
	const obeying = real.filter(({ obeys }) => obeys === "yes")
	expect(obeying).toHaveLength(562)
	for (const { code, denotes } of obeying) {
		const { kind, problems } = explain(code)
		expect([code, problems]).toEqual([code, []])
		expect([code, kind]).toEqual([code, denotes === "parcel" ? "parcel" : denotes === "natural building" ? "building" : "unit"])
		const reading = parseUnitCode(code)
		if (!reading.ok) continue
		expect([code, isBareLand(reading.code)]).toEqual([code, denotes.startsWith("bare land") || (denotes === "sea area" && reading.code.includes("W"))])
		expect([code, isWholeBuilding(reading.code)]).toEqual([code, denotes === "whole building"])
		expect([code, isMultiBuilding(reading.code) || reading.code.endsWith("F99999999")]).toEqual([code, denotes.startsWith("multi-building")])
	}
})

test("houses not yet on a parcel are read and marked, whatever their serial, unless their building is impossible", () => {
	const readable = unparcelled.filter(({ remarks }) => !remarks.some((remark) => UNREADABLE.includes(remark)))
	expect(readable).toHaveLength(295)
	for (const { code } of readable) {
		const reading = parseUnitCode(code)
		expect([code, reading.ok && isPseudo(reading.code), reading.ok && reading.warnings.map(({ rule }) => rule)]).toEqual([code, true, ["not-on-a-parcel"]])
	}
	for (const { code } of real.filter((row) => !unparcelled.includes(row))) {
		const reading = parseCode(code)
		if (reading.ok) expect([code, isPseudo(reading.code)]).toEqual([code, code.endsWith("F99999999")])
	}
})

test("bare land with a number, a building 0000, a parcel 00000 and A on state land are refused for that and nothing else", () => {
	for (const { code } of having("W with a number")) expect(faults(code)).toEqual([`no-fixture-number ${20 + code.slice(20).search(/[1-9]/) + 1}`])
	for (const { code } of having("A without J")) expect(faults(code)).toEqual(["collective-only 14"])
	for (const { code } of having("building zero")) expect(faults(code)).toEqual(["building-number 21"])
	for (const { code } of serialless) expect(faults(code)).toEqual(["parcel-serial 15"])
})

test("lost and appended characters are told from the length", () => {
	const odd = real.filter(({ remarks }) => remarks[0]?.endsWith("characters"))
	expect(odd).toHaveLength(13)
	for (const { code, remarks } of odd) {
		expect(remarks).toEqual([`${code.length} characters`])
		expect(faults(code)[0]).toBe("length null")
		const { kind, suggestions } = explain(code)
		expect([code, kind]).toEqual([code, code.length < 28 ? "truncated" : "too-long"])
		for (const { code: meant } of suggestions) expect([code.startsWith(meant), parseCode(meant).ok]).toEqual([true, true])
	}
})

test("letters in the serial are each found", () => {
	for (const { code } of having("letters in the serial")) {
		expect(faults(code)).toEqual(["digit 15", "digit 16", "digit 17", "digit 18", "building-number 21"])
		expect(explain(code).kind).toBe("malformed")
	}
})

test("the prefixes that no list has are those of cities, 市辖区 and zones that number parcels under digits of their own", () => {
	const unlisted = new Set(real.filter(({ code }) => checkCounty(code) !== null).map(({ code }) => code.slice(0, 6)))
	expect([...unlisted].sort()).toEqual(["320604", "320805", "340100", "440101", "441903", "460100"])
})
