import fc from "fast-check"
import { expect, test } from "vitest"
import { isBuildingCode, isParcelCode, isUnitCode, normalise, parseBuildingCode, parseParcelCode, parseUnitCode } from "../src/index.ts"
import { buildings, parcels, texts, units } from "./arbitrary-codes.ts"

test("the quick check and the reader agree on every text in normal form", () => {
	fc.assert(
		fc.property(fc.oneof(texts, parcels, buildings, units), (raw) => {
			const text = normalise(raw)
			expect(isUnitCode(text)).toBe(parseUnitCode(text).ok)
			expect(isParcelCode(text)).toBe(parseParcelCode(text).ok)
			expect(isBuildingCode(text)).toBe(parseBuildingCode(text).ok)
		}),
		{ numRuns: 5000 },
	)
})

test("the quick check knows no spelling but the normal one", () => {
	const flat = "410811001002GB00018F00030045"
	expect(isUnitCode(flat)).toBe(true)
	for (const text of [flat.toLowerCase(), `${flat}\n`, ` ${flat}`, "410811 001002 GB00018 F00030045", flat.replace("4", "４"), `${flat}0`, flat.slice(1)])
		expect(isUnitCode(text)).toBe(false)
	expect(isParcelCode(`${flat.slice(0, 19)}\n`)).toBe(false)
	expect(isBuildingCode(`${flat.slice(0, 24)}\n`)).toBe(false)
})

test("a hundred thousand codes are checked in less than a second", () => {
	const begun = performance.now()
	for (let i = 0; i < 100_000; i++) isUnitCode(normalise("410811001002GB00018F00030045"))
	expect(performance.now() - begun).toBeLessThan(1000)
})
