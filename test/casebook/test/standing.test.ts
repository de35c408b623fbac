import { nextDue } from "@yima/lifecycle"
import { judge, nextFinding } from "@yima/rules"
import type { Known, Moment } from "@yima/schemas"
import { viewAt } from "@yima/test-kit"
import fc from "fast-check"
import { expect, it } from "vitest"
import { momentOf, spans } from "../src/spans.ts"

const LATEST = Number.MAX_SAFE_INTEGER as Known
const TEN_YEARS = 10 * 365 * 86_400_000_000

/** Every scope of every story, at any moment. */
const cases = fc.constantFrom(...spans).chain((span) =>
	fc.record({
		world: fc.constant(span.world),
		scope: fc.constantFrom(...span.scopes),
		asOf: momentOf(span),
		part: fc.double({ min: 0, max: 1, noNaN: true }),
	}),
)

it("what is judged stands until the next moment that is due, over all stories", () => {
	fc.assert(
		fc.property(cases, ({ world, scope, asOf, part }) => {
			const view = viewAt(world, scope, asOf, LATEST)
			if (view === null) return
			const { scene, ...judged } = judge(view, asOf)
			const due = [nextDue(scope, world.states, asOf, view), nextFinding(view, scene)].filter((each) => each !== null)
			const until = Math.min(asOf + TEN_YEARS, ...due)
			const between = Math.min(until - 1, Math.floor(asOf + (until - asOf) * part)) as Moment
			const then = viewAt(world, scope, between, LATEST)
			expect(then).toEqual(view)
			if (then === null) return
			const { scene: later, ...again } = judge(then, between)
			expect(again).toEqual(judged)
			expect(later.ruleSet).toEqual(scene.ruleSet)
		}),
		{ numRuns: 3000 },
	)
})
