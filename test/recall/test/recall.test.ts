import { existsSync, readFileSync } from "node:fs"
import { FINDING_RULES } from "@yima/rules"
import { GROWN, PLANTED } from "@yima/seeds"
import { describe, expect, test } from "vitest"
import { judgedDemo } from "../src/judged.ts"
import { pages } from "../src/pages.ts"
import { recallOf } from "../src/recall.ts"

describe("what is planted", () => {
	test("covers every rule, with a contradiction and a near miss beside it", () => {
		const codes = (isNear: boolean) => [...new Set(PLANTED.filter((each) => (each.severity === undefined) === isNear).map((each) => each.code))].sort()
		const rules = FINDING_RULES.map((rule) => rule.code)
		expect(codes(false)).toEqual(rules)
		expect(codes(true)).toEqual(rules)
	})

	test("stands on parcels of its own", () => {
		const lots = GROWN.map((each) => each.parcels[0])
		expect(new Set(lots).size).toBe(GROWN.length)
		const others = new Set(GROWN.flatMap((each) => each.parcels.slice(1)))
		expect(lots.filter((lot) => others.has(lot ?? ""))).toEqual([])
	})
})

describe("the demo city at the end of its time", () => {
	const judged = judgedDemo()
	const rows = recallOf(judged.findings)

	test("all that is planted is found, where it stands and as severe as it is", () => expect(rows.flatMap((row) => row.missed)).toEqual([]))

	test("nothing else is raised: neither near misses nor ordinary lives", () => expect(rows.flatMap((row) => row.false)).toEqual([]))

	test.each([...pages(judged)])("docs/%s says so", (name, text) => {
		const file = new URL(`../../../docs/${name}`, import.meta.url)
		expect(existsSync(file) ? readFileSync(file, "utf8") : "", "stale: run `npm run docs`").toBe(text)
	})
})
