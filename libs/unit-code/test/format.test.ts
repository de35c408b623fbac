import fc from "fast-check"
import { expect, test } from "vitest"
import { formatUnitCode, parseCode, parseUnitCode } from "../src/index.ts"
import { buildings, parcels, units } from "./arbitrary-codes.ts"

const formatted = (text: string) => {
	const reading = parseCode(text)
	return reading.ok ? formatUnitCode(reading.code) : null
}

test("what is printed is read back as the same code", () => {
	fc.assert(fc.property(fc.oneof(units, parcels, buildings), (code) => void expect(parseCode(formatted(code) ?? "")).toMatchObject({ ok: true, code })))
})

test("certificates print groups of 6-6-7-9; a parcel and a building are the beginning of that", () => {
	expect(formatted("410811001002GB00018F00030045")).toBe("410811 001002 GB00018 F00030045")
	expect(formatted("410811001002GB00018F0003")).toBe("410811 001002 GB00018 F0003")
	expect(formatted("410811001002GB00018")).toBe("410811 001002 GB00018")
	expect(parseUnitCode("410811 001002 GB00018 F00030045").ok).toBe(true)
})
