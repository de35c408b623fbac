import { incremental } from "@yima/test-kit"
import fc from "fast-check"
import { afterAll, expect, test } from "vitest"
import { FEATURES, featuresOf } from "../src/features.ts"
import { knownTimes, orderFree } from "../src/property.ts"
import { anySet, dayOf2023, settings } from "../src/sets.ts"

const counts = new Map<string, number>()
let runs = 0

test("any order, doubling and batching of a set of events gives one result, that of the specification", () => {
	fc.assert(
		fc.property(anySet, fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), dayOf2023, (set, schedules, asOf) => {
			expect(orderFree(set.entries, schedules, asOf)).toBeNull()
			runs++
			for (const feature of featuresOf(set, incremental({ batches: [set.entries] }))) counts.set(feature, (counts.get(feature) ?? 0) + 1)
		}),
		settings(),
	)
})

test("what was known at k, read from the last facts, is what the specification says of the events known by k", () => {
	fc.assert(
		fc.property(anySet, fc.nat(), dayOf2023, (set, schedule, asOf) => {
			expect(knownTimes(set.entries, schedule, asOf)).toBeNull()
		}),
		settings(0.5),
	)
})

test("every crossing that the generator is made for came up in at least 2 % of the runs", () => {
	if (runs >= 200) expect(FEATURES.filter((feature) => (counts.get(feature) ?? 0) < runs * 0.02)).toEqual([])
})

afterAll(() => {
	const table = [...counts].sort(([, a], [, b]) => b - a).map(([feature, times]) => `${((100 * times) / runs).toFixed(1).padStart(6)} %  ${feature}`)
	console.log(`what came up in ${runs} sets of events:\n${table.join("\n")}`)
})
