import { isDeepStrictEqual } from "node:util"
import { Ajv2020 } from "ajv/dist/2020.js"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { schemaOf, submitResultSchema } from "../src/generate.ts"
import { decodeWire, TYPE_NAMES, type TypeName, typeNameOf } from "../src/index.ts"
import { mutated } from "./mutated.ts"
import { example, type Json, stored } from "./stored.ts"

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false, formats: { date: true, "date-time": true } })
for (const word of ["x-defines", "x-uses", "x-scope"]) ajv.addKeyword(word)

const checks = new Map(TYPE_NAMES.map((name) => [name, ajv.compile(schemaOf(name))]))

const accepts = (name: TypeName, event: Json): boolean => checks.get(name)?.(event) === true

describe("the published JSON Schemas", () => {
	test("are valid under the rules of draft 2020-12", () => {
		for (const name of TYPE_NAMES) expect(ajv.validateSchema(schemaOf(name)), name).toBe(true)
		expect(ajv.validateSchema(submitResultSchema())).toBe(true)
	})

	test.each(stored)("accept $where", ({ event }) => {
		const check = checks.get(typeNameOf(String(event["type"])) as TypeName)
		check?.(event)
		expect(check?.errors ?? []).toEqual([])
	})

	test("never refuse what the decoder takes, apart from spellings that it normalises first", () => {
		fc.assert(
			fc.property(mutated, (event) => {
				const read = decodeWire(event)
				if (Result.isFailure(read)) return
				const { type: name, data, subject } = read.success
				if (!isDeepStrictEqual(data, event["data"]) || (event["subject"] ?? null) !== subject) return
				expect(accepts(name, event), JSON.stringify([event, checks.get(name)?.errors])).toBe(true)
			}),
			{ numRuns: 2000 },
		)
	})

	test.each([
		["a code with a letter too many", example("sales.handed-over", { subject: "410811001002GB00018F000300455" })],
		["a date without its zeros", example("sales.handed-over", {}, { handedOverOn: "2023-8-1" })],
		["an amount with three places", example("sales.paid-in-full", {}, { amountCny: "1.005" })],
		["an amount as a JSON number", example("sales.paid-in-full", {}, { amountCny: 1 })],
		["a time without offset", example("sales.paid-in-full", { time: "2023-05-31T00:00:00" })],
		["a missing number", example("sales.paid-in-full", {}, { contractNo: undefined })],
		["a recorded time", example("sales.paid-in-full", { recordedtime: "2023-05-31T00:00:00Z" })],
		["a correction of a retraction", example("sales.retracted", { corrects: "1" })],
		["nothing that says where it belongs", example("land.handed-over", { subject: undefined })],
		["a building that is neither called nor coded", example("planning.works-permitted", {}, { perBuilding: [{ floors: 3 }] })],
		["half a year of floors", example("land.granted", {}, { termYears: 0.5 })],
	] as const)("refuse %s", (_, event) => {
		expect(Result.isFailure(decodeWire(event))).toBe(true)
		expect(accepts(typeNameOf(String(event["type"])) as TypeName, event)).toBe(false)
	})
})
