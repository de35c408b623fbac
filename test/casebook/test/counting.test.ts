import fc from "fast-check"
import { expect, it } from "vitest"
import { miscounted } from "../src/counting.ts"
import { momentOf, spans } from "../src/spans.ts"

/** Every unit of every story, at any moment. */
const units = spans.flatMap((span) => {
	const found = span.scopes.filter((scope) => scope.length === 28 && !scope.startsWith("project:"))
	return found.length === 0 ? [] : [{ span, found }]
})

const cases = fc
	.constantFrom(...units)
	.chain(({ span, found }) => fc.record({ world: fc.constant(span.world), unit: fc.constantFrom(...found), asOf: momentOf(span) }))

it("what is kept of a unit for roll-ups says what is decided of it, in every story at any moment", { timeout: 60_000 }, () => {
	fc.assert(
		fc.property(cases, ({ world, unit, asOf }) => {
			expect(miscounted(world, unit, asOf)).toBe("")
		}),
		{ numRuns: 3000 },
	)
})
