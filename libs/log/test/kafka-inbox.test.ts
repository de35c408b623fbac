import fc from "fast-check"
import { expect, test } from "vitest"
import { piecesOf } from "../src/kafka-inbox.ts"

test("records are taken in pieces of at most 500 and a megabyte, in order, none left out; a larger one goes alone", () => {
	const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 1_500_000 })), { maxLength: 1200 })
	const most = Buffer.alloc(1_500_000)
	fc.assert(
		fc.property(sizes, (given) => {
			const records = given.map((size, at) => ({
				topic: "t",
				partition: 0,
				offset: BigInt(at),
				key: null,
				value: size === 0 ? null : most.subarray(0, size),
				headers: new Map(),
			}))
			const pieces = piecesOf(records)
			expect(pieces.flat()).toEqual(records)
			for (const piece of pieces) {
				expect(piece.length).toBeGreaterThan(0)
				expect(piece.length).toBeLessThanOrEqual(500)
				if (piece.length > 1) expect(piece.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)).toBeLessThanOrEqual(1_000_000)
			}
		}),
		{ numRuns: 50 },
	)
})
