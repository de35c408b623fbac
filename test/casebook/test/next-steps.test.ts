import type { Json } from "@yima/test-kit"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { BUILDING, LIFE, lacking, MISHAPS } from "../src/life.ts"
import { isKnown, report, taken } from "../src/stepping.ts"

const name = (json: Json): string => String(json["id"])
const named = (all: readonly Json[]) => all.map((each) => [name(each), each] as const)

describe("what comes next", () => {
	it("is nothing for a flat that is ready", () => {
		expect(taken({ given: LIFE, late: [] })).toEqual({ wrong: [], log: [] })
	})

	it.each(named(LIFE))("makes it ready that lacks %s, done now or reported late", (_, cut) => {
		expect(report({ given: lacking([cut]), late: [] })).toBe("")
		expect(report({ given: lacking([cut]), late: [cut] })).toBe("")
	})

	it.each(named(MISHAPS))("makes it ready after %s", (_, mishap) => {
		expect(report({ given: [...LIFE, mishap], late: [] })).toBe("")
	})

	it("makes it ready whatever is lacking", { timeout: 120_000 }, () => {
		fc.assert(
			fc.property(fc.subarray([...LIFE], { maxLength: LIFE.length - 3 }), (cut) => {
				fc.pre(isKnown(lacking(cut)))
				expect(report({ given: lacking(cut), late: [] })).toBe("")
			}),
			{ numRuns: Number(process.env["STEPS_RUNS"] ?? 40) },
		)
	})

	it("makes it ready, and its measurement contradicts the one prediction that forgot it", () => {
		const cut = LIFE.filter((each) => ["预测", "实测"].includes(name(each)))
		const { wrong } = taken({ given: [...lacking(cut), ...MISHAPS.filter((each) => name(each) === "又预测")], late: [] })
		expect(wrong).toEqual([`P5 survey.measured 完成实测绘: raises C34 ${BUILDING}`, `leaves C34 ${BUILDING}`])
	})

	it("makes it ready whatever is lacking and whatever came between", { timeout: 120_000 }, () => {
		fc.assert(
			fc.property(fc.subarray([...LIFE], { maxLength: 5 }), fc.subarray([...MISHAPS], { maxLength: 5 }), (cut, mishaps) => {
				fc.pre(!cut.some((each) => name(each) === "预测") || !mishaps.some((each) => name(each) === "又预测"))
				expect(report({ given: [...lacking(cut), ...mishaps], late: [] })).toBe("")
			}),
			{ numRuns: Number(process.env["STEPS_RUNS"] ?? 40) },
		)
	})
})
