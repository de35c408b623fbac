import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Checked, decodeSealed, decodeText, decodeWire, PROBLEM_CODES, sealEvent, toCloudEvent, type WireEvent } from "../src/index.ts"
import { mutated } from "./mutated.ts"
import { type Json, openSealer } from "./stored.ts"

const json = fc.oneof(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), fc.jsonValue({ stringUnit: "binary" }), fc.anything({ withNullPrototype: true }))

/** Whether each step of a pointer but the last leads somewhere, and the last is there or could have been. */
const leads = (pointer: string, input: unknown): boolean => {
	const names = pointer.split("/").slice(1)
	const names1 = names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"))
	let at = input
	for (const name of names1) {
		if (typeof at !== "object" || at === null) return false
		at = (at as Json)[name]
	}
	return pointer === "" || pointer.startsWith("/")
}

const isAnswer = (read: Checked<unknown>, input: unknown) => {
	if (Result.isSuccess(read)) return
	expect(read.failure.length).toBeGreaterThan(0)
	for (const { code, pointer, message } of read.failure) {
		expect(Object.hasOwn(PROBLEM_CODES, code), code).toBe(true)
		expect(leads(pointer, input), `${pointer} in ${JSON.stringify(input)}`).toBe(true)
		expect(message).toMatch(/\p{Script=Han}/u)
		expect(message.length).toBeLessThan(600)
		expect(message.isWellFormed()).toBe(true)
	}
}

describe("whatever comes, the answer is an event or its problems", () => {
	test("for any value at all", () => {
		fc.assert(
			fc.property(json, (input) => {
				isAnswer(decodeWire(input), input)
				isAnswer(decodeSealed(input), input)
			}),
			{ numRuns: 2000 },
		)
	})

	test("for any text", () => {
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (text) => {
				const read = decodeText(text)
				expect(Result.isFailure(read) && read.failure.length > 0).toBe(true)
			}),
			{ numRuns: 1000 },
		)
	})

	test("for what a department nearly got right; and what is read is read again as the same, sealed too", () => {
		let events = 0
		fc.assert(
			fc.property(mutated, (input) => {
				const before = JSON.stringify(input)
				const read = decodeWire(input)
				expect(JSON.stringify(input), "the input is left as it was").toBe(before)
				isAnswer(read, input)
				isAnswer(decodeSealed(input), input)
				if (Result.isFailure(read)) return
				events++
				const again = (event: unknown): unknown => JSON.parse(JSON.stringify(toCloudEvent(event as Parameters<typeof toCloudEvent>[0])))
				const second = decodeWire(again(read.success))
				// JSON has one zero: -0 is written as 0.
				expect(second).toEqual(Result.succeed(JSON.parse(JSON.stringify(read.success))))
				const sealed = sealEvent(read.success as WireEvent, openSealer)
				expect(decodeSealed(again(sealed))).toEqual(Result.succeed(JSON.parse(JSON.stringify(sealed))))
			}),
			{ numRuns: 4000 },
		)
		expect(events).toBeGreaterThan(400)
	})
})
