import fc from "fast-check"
import { expect, test } from "vitest"
import { formatUnitCode, normalise, parseCode, parseUnitCode } from "../src/index.ts"
import { buildings, parcels, texts, units } from "./arbitrary-codes.ts"

const FLAT = "410811001002GB00018F00030045"

const wide = (text: string) => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
const SPACES = [" ", "\t", "\n", "\r", "\u00a0", "\u2003", "\u202f", "\u3000", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e"]

test("a code comes back as itself", () => {
	fc.assert(fc.property(fc.oneof(units, parcels, buildings), (code) => void expect(normalise(code)).toBe(code)))
})

test("full-width forms, spaces of any kind and small letters in the first twenty positions change nothing", () => {
	const spelling = fc.array(fc.record({ widen: fc.boolean(), lower: fc.boolean(), space: fc.constantFrom("", "", "", ...SPACES) }), {
		minLength: 28,
		maxLength: 28,
	})
	fc.assert(
		fc.property(fc.oneof(units, parcels, buildings), spelling, (code, spellings) => {
			const printed = [...code].map((character, index) => {
				const { widen = false, lower = false, space = "" } = spellings[index] ?? {}
				const cased = lower && index < 20 ? character.toLowerCase() : character
				return (widen ? wide(cased) : cased) + space
			})
			expect(normalise(printed.join(""))).toBe(code)
			expect(parseCode(printed.join(""))).toEqual(parseCode(code))
		}),
	)
})

test("printed groups are one code, with spaces or with dashes", () => {
	fc.assert(
		fc.property(fc.oneof(units, parcels, buildings), fc.constantFrom(" ", "-", "–", "—", "−", "-", "\u3000"), (code, separator) => {
			const printed = formatUnitCode(code as never).replaceAll(" ", separator)
			expect(normalise(printed)).toBe(code)
		}),
	)
})

test("a dash elsewhere, or two kinds of dash, is no printed group", () => {
	for (const text of ["4108-11001002GB00018", "410811-001002GB00018", "410811-001002–GB00018", "410811-001002-GB00018-F0003-0045", "410811-001002-GB00018-F00"])
		expect(normalise(text)).toBe(text)
})

test("capitals end at position 20, because overflow serials are small", () => {
	expect(normalise("410811001002gb00018f0003a001")).toBe("410811001002GB00018F0003a001")
	expect(normalise("410811001002gb00018f0003A001")).toBe("410811001002GB00018F0003A001")
	expect(normalise("410811001002GB0001ff")).toBe("410811001002GB0001FF")
	expect(normalise("410811001002GB00018Ff")).toBe("410811001002GB00018Ff")
})

test("look-alikes and other scripts are left alone", () => {
	for (const text of ["41O811", "⑷", "٤", "ß", "ﬁ", "б"]) expect(normalise(text)).toBe(text)
	expect(normalise("！～")).toBe("!~")
	expect(normalise("\uff00\uff5f")).toBe("\uff00\uff5f")
})

test("what is normal stays normal", () => {
	fc.assert(fc.property(fc.oneof(texts, fc.string({ unit: "binary" })), (text) => void expect(normalise(normalise(text))).toBe(normalise(text))))
})

test("text longer than any print is not looked at, and so never becomes a code", () => {
	expect(normalise(FLAT + " ".repeat(228))).toBe(FLAT)
	const long = FLAT + " ".repeat(229)
	expect(normalise(long)).toBe(long)
	expect(parseUnitCode(long).ok).toBe(false)
})
