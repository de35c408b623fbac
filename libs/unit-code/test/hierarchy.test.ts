import fc from "fast-check"
import { expect, test } from "vitest"
import {
	bareLandUnitOf,
	buildingOf,
	type Code,
	cadastralDistrictOf,
	cadastralSubdistrictOf,
	countyOf,
	isBareLand,
	isBuildingCode,
	isMultiBuilding,
	isOverflowSerial,
	isParcelCode,
	isPseudo,
	isUnitCode,
	isWholeBuilding,
	parcelOf,
	parseBuildingCode,
	parseCode,
	parseParcelCode,
	parseUnitCode,
	type Reading,
	wholeBuildingUnitOf,
} from "../src/index.ts"
import { buildings, parcels, units } from "./arbitrary-codes.ts"

const sure = <C extends Code>(reading: Reading<C>): C => {
	if (!reading.ok) throw new Error(reading.problems[0]?.message)
	return reading.code
}
const PARCEL = "410811001002GB00018"
const unit = (tail: string) => sure(parseUnitCode(PARCEL + tail))

test("a flat lies in its building, parcel, subdistrict, district and county", () => {
	const flat = unit("F00030045")
	expect(buildingOf(flat)).toBe("410811001002GB00018F0003")
	expect(parcelOf(flat)).toBe(PARCEL)
	expect(cadastralSubdistrictOf(flat)).toBe("410811001002")
	expect(cadastralDistrictOf(flat)).toBe("410811001")
	expect(countyOf(flat)).toBe("410811")
})

test("whatever lies above a code is well formed, and the code begins with it", () => {
	fc.assert(
		fc.property(fc.oneof(units, parcels, buildings), (text) => {
			const code = sure(parseCode(text))
			expect(isParcelCode(parcelOf(code))).toBe(true)
			expect(parcelOf(parcelOf(code))).toBe(parcelOf(code))
			const building = buildingOf(code)
			if (building !== null) expect(isBuildingCode(building) && code.startsWith(building)).toBe(true)
		}),
	)
})

test("what stands in no single building has none", () => {
	for (const tail of ["W00000000", "L00000001", "Q00000001", "F99990001", "F99999999"]) expect(buildingOf(unit(tail))).toBeNull()
	expect(buildingOf(sure(parseParcelCode(PARCEL)))).toBeNull()
	expect(buildingOf(sure(parseBuildingCode(`${PARCEL}F0003`)))).toBe(`${PARCEL}F0003`)
	expect(buildingOf(unit("F00030000"))).toBe(`${PARCEL}F0003`)
	expect(buildingOf(unit("L99980001"))).toBeNull()
})

test("a parcel has its bare-land unit and a building the unit of its whole, and back", () => {
	fc.assert(
		fc.property(parcels, buildings, (p, b) => {
			const land = bareLandUnitOf(sure(parseParcelCode(p)))
			const whole = wholeBuildingUnitOf(sure(parseBuildingCode(b)))
			expect([land, isUnitCode(land), isBareLand(land), parcelOf(land)]).toEqual([`${p}W00000000`, true, true, p])
			expect([whole, isUnitCode(whole), isWholeBuilding(whole), buildingOf(whole)]).toEqual([`${b}0000`, true, true, b])
		}),
	)
})

test.each([
	["F00030045", []],
	["F00030000", ["whole"]],
	["F00031000", []],
	["F0003a001", ["overflow"]],
	["F99990001", ["multi"]],
	["F9999z999", ["multi", "overflow"]],
	["F99999998", ["multi"]],
	["F99999999", ["pseudo"]],
	["W00000000", ["bare"]],
	["L00010000", []],
	["Q99999999", []],
	["L99990001", []],
])("%s is %j", (tail, expected) => {
	const is = { bare: isBareLand, whole: isWholeBuilding, multi: isMultiBuilding, overflow: isOverflowSerial, pseudo: isPseudo }
	expect(Object.entries(is).flatMap(([name, test]) => (test(unit(tail)) ? [name] : []))).toEqual(expected)
})

test("a pseudo code is exactly one that is read with a warning of no parcel or of a virtual unit", () => {
	fc.assert(
		fc.property(fc.oneof(units, parcels, buildings), (text) => {
			const reading = parseCode(text)
			const warned = reading.ok && reading.warnings.some(({ rule }) => rule === "not-on-a-parcel" || rule === "virtual-unit")
			expect(isPseudo(sure(reading))).toBe(warned)
			if (text.length === 28) expect(isOverflowSerial(unitOf(text))).toBe(reading.ok && reading.warnings.some(({ rule }) => rule === "overflow-serial"))
		}),
	)
})

const unitOf = (text: string) => sure(parseUnitCode(text))

test("six zeros make a pseudo code on land, not at sea", () => {
	for (const [text, pseudo] of [
		["340104000000GB00000", true],
		["340104000000GB00001F0001", true],
		["340104000000GH00001", false],
		["340104000000GG00001", false],
		["340104000001GB00001", false],
		["000000100000GB00001", false],
	] as const)
		expect(isPseudo(sure(parseCode(text)))).toBe(pseudo)
})
