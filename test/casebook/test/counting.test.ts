import type { Moment, Scope } from "@yima/schemas"
import fc from "fast-check"
import { expect, it } from "vitest"
import { miscounted } from "../src/counting.ts"
import { readStories, told } from "../src/index.ts"

const DAY = 86_400_000_000

/** Every scope of every story, at any moment from its first event to two years after its last. */
const worlds = readStories().flatMap((story) => {
	const world = told(story)
	const times = [...world.states.values()].flatMap((state) => [...state.values()].flatMap((steps) => steps.flatMap(({ value }) => value?.time ?? [])))
	const units = [...world.states.keys()].filter((scope) => scope.length === 28 && !scope.startsWith("project:"))
	return times.length === 0 || units.length === 0 ? [] : [{ world, units, from: Math.min(...times), to: Math.max(...times) + 730 * DAY }]
})

const cases = fc.constantFrom(...worlds).chain(({ world, units, from, to }) =>
	fc.record({
		world: fc.constant(world),
		unit: fc.constantFrom<Scope>(...units),
		asOf: fc.double({ min: 0, max: 1, noNaN: true }).map((part) => Math.floor(from + part * (to - from)) as Moment),
	}),
)

it("what is kept of a unit for roll-ups says what is decided of it, in every story at any moment", { timeout: 60_000 }, () => {
	fc.assert(
		fc.property(cases, ({ world, unit, asOf }) => {
			expect(miscounted(world, unit, asOf)).toBe("")
		}),
		{ numRuns: 3000 },
	)
})
