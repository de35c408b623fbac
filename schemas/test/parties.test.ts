import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { blinded, decodeWire, isIdNumberValid, normalIdNumber, normalName, sameBody, sealEvent, sealParty, type WireParty } from "../src/index.ts"
import { example, openSealer } from "./stored.ts"

const VALID = "410811190001010016"

describe("a resident id number", () => {
	test.each([VALID, "41081119000102002X", "41081119000102002x", "４１０８１１１９０００１０１００１６", "410811 19000101 0016", "11010519491231002X"])(
		"%s is right",
		(text) => {
			expect(isIdNumberValid("resident-id", text)).toBe(true)
		},
	)

	test.each([
		["another check digit", "410811190001010017"],
		["a month that is none", "410811190013010015"],
		["a day that the month has not", "410811190002300019"],
		["a digit lost", "41081119000101001"],
		["a digit too many", "4108111900010100166"],
		["a letter within", "4108111900X1010016"],
		["nothing", ""],
		["a credit code in its place", "91410800MA9X00101A"],
	])("with %s is wrong, and told so in the seal", (_, idNumber) => {
		expect(isIdNumberValid("resident-id", idNumber)).toBe(false)
		expect(sealParty({ name: "甲三", idKind: "resident-id", idNumber }, openSealer)).toMatchObject({ idNumber: { valid: false } })
	})

	test("every single digit or neighbouring pair mistaken is found by the check digit", () => {
		const digits = [...VALID]
		for (const [at, digit] of digits.entries()) {
			for (const other of "0123456789X")
				if (other !== digit) expect(isIdNumberValid("resident-id", digits.with(at, other).join("")), `${at} ${other}`).toBe(false)
			const next = digits[at + 1]
			if (next !== undefined && next !== digit)
				expect(
					isIdNumberValid(
						"resident-id",
						digits
							.with(at, next)
							.with(at + 1, digit)
							.join(""),
					),
				).toBe(false)
		}
	})

	test("fifteen digits of before 1999 are the eighteen of the same person", () => {
		expect(normalIdNumber("resident-id", "410811000101001")).toBe(VALID)
		expect(isIdNumberValid("resident-id", "410811 000101 001")).toBe(true)
		expect(normalIdNumber("passport", "410811000101001")).toBe("410811000101001")
	})

	test("the eighteenth character is that of GB 11643, computed here the other way round", () => {
		fc.assert(
			fc.property(fc.stringMatching(/^4108\d{2}[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])\d{3}$/), (fifteen) => {
				const normal = normalIdNumber("resident-id", fifteen)
				const value = [...normal].reduce((sum, each, at) => (sum + (each === "X" ? 10 : Number(each)) * 2 ** (17 - at)) % 11, 0)
				expect(value).toBe(1)
				expect(normal).toHaveLength(18)
			}),
		)
	})
})

test("construction permits look like resident ids, and two of these eleven real ones would even pass for one", () => {
	const passing = [
		"340102202506090101",
		"500223202501240101",
		"350582202601040101",
		"360121202512100101",
		"330213202503040101",
		"330327202501060101",
		"130101202501060102",
		"320601202412160102",
		"110107202602030102",
		"320623202004020101",
		"330681201410140101",
	].filter((each) => isIdNumberValid("resident-id", each))
	expect(passing).toEqual(["110107202602030102", "330681201410140101"])
})

describe("a unified social credit code", () => {
	test.each([
		"91410800MA9X00101A",
		"91350100M000100Y43",
		"9132058559862639X9",
		"124128000059477385",
		"９１３５０１００Ｍ０００１００Ｙ４３",
		"91350100m000100y43",
		"913501 00M000100Y 43",
	])("%s is right", (text) => {
		expect(isIdNumberValid("uscc", text)).toBe(true)
	})

	test.each(["91410800MA9X00101B", "91410800MA9X00101", "91410800MAIX00101A", "410811190001010016", "INVENTED0000000001", ""])("%s is wrong", (text) => {
		expect(isIdNumberValid("uscc", text)).toBe(false)
	})

	test("of a passport or another paper nothing can be said", () => {
		expect(isIdNumberValid("passport", "E1")).toBe(true)
		expect(isIdNumberValid("other", "?")).toBe(true)
	})
})

describe("two spellings of one name", () => {
	test.each([
		["spaces", "甲　三", "甲三"],
		["a space at the end that nobody sees", "甲三\u200b", "甲三"],
		["the dot between the parts of a name, in each of its characters", "乙三•买买提・某‧丁･戊", "乙三·买买提·某·丁·戊"],
		["no dot at all", "乙三买买提", "乙三·买买提"],
		["traditional characters", "張國華", "张国华"],
		["another traditional name", "劉備、關羽", "刘备、关羽"],
		["full width and small letters", "ｚｈａｎｇ san", "ZHANG SAN"],
		["a compatibility ideograph", "\uf9e4", "理"],
		["accents put together or apart", "Jose\u0301", "JOSÉ"],
	])("%s", (_, a, b) => {
		expect(normalName(a)).toBe(normalName(b))
	})

	test.each([
		["甲三", "甲四"],
		["王小明", "王晓明"],
		["ZHANG SAN", "ZHANG SHAN"],
	])("%s and %s stay two", (a, b) => {
		expect(normalName(a)).not.toBe(normalName(b))
	})

	test("the normal form of a normal form is itself", () => {
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), (name) => {
				expect(normalName(normalName(name))).toBe(normalName(name))
			}),
			{ numRuns: 3000 },
		)
	})
})

describe("a seal", () => {
	const person: WireParty = { name: "乙三·买买提", idKind: "resident-id", idNumber: "410822000203013", share: "1/2", phone: "139 0000 0001" } as WireParty

	test("holds the normal form under its blind index, the validity of the number, and leaves the share in clear", () => {
		expect(blinded(sealParty(person, openSealer))).toEqual({
			name: "name:乙三买买提",
			idKind: "resident-id",
			idNumber: "idNumber:410822190002030130",
			share: "1/2",
			phone: "phone:13900000001",
		})
		expect(sealParty(person, openSealer)).toMatchObject({ idNumber: { valid: true } })
	})

	test("is not put on an organisation", () => {
		const company = { name: "怀川置业有限公司", idKind: "uscc", idNumber: "91410800MA9X00101A", phone: "0391-0000000" } as WireParty
		expect(sealParty(company, openSealer)).toEqual(company)
	})

	test("two spellings of one event, persons and all, have one body", () => {
		const read = (buyer: object, totalPriceCny: string, time: string) => {
			const found = decodeWire(example("sales.contract-filed", { time }, { buyers: [buyer], totalPriceCny }))
			if (Result.isFailure(found)) throw new Error(JSON.stringify(found.failure))
			return sealEvent(found.success, openSealer)
		}
		const a = read(person, "1", "2023-05-31T00:00:00+08:00")
		const b = read({ ...person, name: "乙三买买提", idNumber: "410822190002030130" }, "1.00", "2023-05-30T16:00:00Z")
		const c = read({ ...person, name: "乙四" }, "1.00", "2023-05-30T16:00:00Z")
		expect(sameBody(a, b)).toBe(true)
		expect(sameBody(a, c)).toBe(false)
	})
})
