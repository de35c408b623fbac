import { at, stageOf, type Unit } from "@yima/lifecycle"
import type { Known, Moment, Scope } from "@yima/schemas"
import { entryOf, incremental } from "@yima/test-kit"
import { describe, expect, test } from "vitest"
import { city, DEMO_CITY } from "../src/index.ts"

const reports = [...city(DEMO_CITY)]

test("the same numbers give the same bytes, another seed another city", () => {
	const start = (seed: number) => JSON.stringify([...city({ ...DEMO_CITY, seed }).take(500)])
	expect(start(1)).toBe(JSON.stringify(reports.slice(0, 500)))
	expect(start(2)).not.toBe(start(1))
})

test("a city of a million flats begins at once, and a small one is as small as asked", () => {
	expect([...city({ ...DEMO_CITY, units: 1_000_000 }).take(1000)]).toHaveLength(1000)
	const flats = new Set(
		[...city({ ...DEMO_CITY, planted: false, units: 30 })].flatMap((each) => (each.type === "yima.survey.predicted.v1" ? codesOf(each.data["units"]) : [])),
	)
	expect(flats.size).toBe(30)
})

const codesOf = (units: unknown): readonly string[] => (units as readonly { readonly code: string }[]).map((each) => each.code)

describe("the demo city", () => {
	const entries = reports.map((json, at) => entryOf({ ...json }, at + 1, 0, at))
	const { settled, states } = incremental({ batches: [entries] })
	const now = (Date.parse("2026-11-25T00:00:00Z") * 1000) as Moment
	const units = [...states.keys()].flatMap((scope) => {
		// What is planted has a test of its own.
		const view = scope.length === 28 && !scope.startsWith("410822") ? at(scope as Scope, states, now, Number.MAX_SAFE_INTEGER as Known) : null
		return view?.is === "unit" ? [view] : []
	})

	test("is as big as it says, and every report is one that the door takes", () => {
		expect(reports.length).toBeGreaterThan(38_000)
		expect(units.filter((unit) => unit.predecessors.length === 0)).toHaveLength(DEMO_CITY.units)
	})

	test("comes out of order, doubled, corrected, half of it without a code", () => {
		const ids = reports.map((each) => `${each.source} ${each.id}`)
		expect(ids.length - new Set(ids).size).toBeGreaterThan(300)
		expect(reports.filter((each) => each.corrects !== undefined).length).toBeGreaterThan(10)
		const backwards = reports.filter((each, at) => at > 0 && each.time < (reports[at - 1]?.time ?? "")).length
		expect(backwards / reports.length).toBeGreaterThan(0.3)
		const without = reports.filter((each) => each.subject === undefined).length
		expect(without / reports.length).toBeGreaterThan(0.5)
	})

	test("nearly all of it finds its place; what does not waits for what has not come", () => {
		const parked = [...settled.values()].filter((steps) => steps.at(-1)?.value.place.is === "PARKED")
		expect(parked.length).toBeGreaterThan(0)
		expect(parked.length).toBeLessThan(60)
	})

	test("one development is finished, one is before its keys, one phase is still sold", () => {
		const stages = Map.groupBy(units, (unit) => stageOf(unit, false, ["water", "power", "gas", "heat"]).stage)
		for (const stage of ["PRESALE", "FIRST_REGISTERED", "SOLD", "SERVED"] as const) expect(stages.get(stage)?.length ?? 0, stage).toBeGreaterThan(100)
	})

	test("a flat is sold twice, two became one, seizures wait, contracts were cancelled", () => {
		const live = (unit: Unit) => unit.contracts.filter((each) => each.status === "LIVE").length
		expect(units.filter((unit) => unit.predecessors.length === 0 && live(unit) > 1)).toHaveLength(1)
		expect(units.filter((unit) => unit.predecessors.some((edge) => edge.kind === "MERGED")).length).toBeGreaterThan(1)
		expect(units.filter((unit) => unit.seizures.length > 1).length).toBeGreaterThan(1)
		expect(units.filter((unit) => unit.contracts.some((each) => each.status === "CANCELLED")).length).toBeGreaterThan(20)
	})

	test("nobody in it is real: no id number that could be issued, no phone that could ring", () => {
		const text = JSON.stringify(reports)
		expect([...text.matchAll(/"resident-id","idNumber":"(\d{6})/g)].every((found) => found[1] === "410800")).toBe(true)
		expect([...text.matchAll(/"phone":"(\d\d)/g)].every((found) => found[1] === "12")).toBe(true)
	})
})
