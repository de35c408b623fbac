import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { AGREED, answers } from "../src/answers.ts"

const agreed = readFileSync(join(import.meta.dirname, "../agreed.txt"), "utf8")
	.trim()
	.split("\n")

// Hashes are kept by others: a change of what events mean must be meant. `npm run agree` writes the new answers down.
describe("what a set of events meant when it was last agreed on, it means today", () => {
	test("the answers that were written down are complete", () => {
		expect(agreed).toHaveLength(AGREED)
	})
	test.each(Array.from({ length: AGREED / 5 }, (_, at) => at * 5))("sets %i and the four after it", (from) => {
		expect(agreed.slice(from, from + 5)).toEqual([1, 2, 3, 4, 5].map((at) => answers(from + at)))
	})
})
