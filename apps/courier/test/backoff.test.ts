import fc from "fast-check"
import { expect, test } from "vitest"
import { backoff } from "../src/index.ts"

const bounds = fc
	.tuple(fc.integer({ min: 10, max: 60_000 }), fc.integer({ min: 0, max: 24 * 3600_000 }))
	.map(([least, more]) => ({ least, most: least + more }))
const failures = fc.integer({ min: 1, max: 100_000 })
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test("a wait is in the upper half of what doubles with each failure, up to its cap, however many there were", () => {
	fc.assert(
		fc.property(failures, bounds, random, (n, { least, most }, at) => {
			const whole = Math.min(most, least * 2 ** (n - 1))
			const wait = backoff(n, { least, most }, at)
			expect(wait).toBeGreaterThanOrEqual(Math.floor(whole / 2))
			expect(wait).toBeLessThanOrEqual(Math.ceil(whole))
			expect(Number.isSafeInteger(wait)).toBe(true)
		}),
	)
})

test("with the same luck no wait is shorter than the one before it, and none that is below its cap is the same", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 60 }), bounds, random, (n, limits, at) => {
			const [before, after] = [backoff(n, limits, at), backoff(n + 1, limits, at)]
			expect(after).toBeGreaterThanOrEqual(before)
			if (limits.least * 2 ** n <= limits.most) expect(after).toBeGreaterThan(before)
		}),
	)
})

test("the whole upper half is used: who failed together does not come back together", () => {
	const waits = Array.from({ length: 1000 }, (_, n) => backoff(4, { least: 1000, most: 300_000 }, n / 1000))
	expect([Math.min(...waits), Math.max(...waits)]).toEqual([4000, 7996])
	expect(new Set(waits).size).toBe(1000)
})
