import { Result } from "effect"
import { describe, expect, test } from "vitest"
import {
	type AnyEvent,
	type Checked,
	decodeSealed,
	decodeText,
	decodeWire,
	familyOf,
	sameBody,
	sealEvent,
	TYPE_NAMES,
	toCloudEvent,
	typeNameOf,
	type WireEvent,
	wire,
} from "../src/index.ts"
import { openSealer, stored } from "./stored.ts"

const right = <A>(read: Checked<A>): A => {
	if (Result.isFailure(read)) throw new Error(JSON.stringify(read.failure))
	return read.success
}

const again = (event: WireEvent | AnyEvent): unknown => JSON.parse(JSON.stringify(toCloudEvent(event as AnyEvent)))

describe("what was sent once is read for ever", () => {
	test.each(stored)("$where", ({ where, event }) => {
		const read = right(decodeWire(event))
		expect(familyOf(read.type)).toBe(where.slice(0, where.indexOf(".")))
		expect(right(decodeText(JSON.stringify(event)))).toEqual(read)

		const second = right(decodeWire(again(read)))
		expect(second).toEqual(read)
		expect(toCloudEvent(second as unknown as AnyEvent)).toEqual(toCloudEvent(read as unknown as AnyEvent))

		const sealed = sealEvent(read, openSealer)
		const logged = right(decodeSealed(again(sealed)))
		expect(logged).toEqual(sealed)
		expect(sameBody(logged, sealEvent(second, openSealer))).toBe(true)
	})
})

test("every type is stored at its least and at its fullest", () => {
	for (const name of TYPE_NAMES) {
		const events = stored
			.filter(({ event }) => typeNameOf(String(event["type"])) === name)
			.map(({ event }) => event["data"] as Readonly<Record<string, unknown>>)
		const { fields } = wire[name]
		const optional = Object.keys(fields).filter((field) => !(name === "utility.account-opened" && field.startsWith("reason")))
		expect(
			events.some((data) => Object.keys(data).every((field) => field in fields)),
			`${name}, least`,
		).toBe(true)
		expect(
			events.some((data) => [...optional, "refs", "documents"].every((field) => field in data)),
			`${name}, fullest`,
		).toBe(true)
	}
})

test("no natural person's values are left in clear when an event is sealed", () => {
	const secrets: string[] = []
	const gather = (value: unknown): void => {
		if (typeof value !== "object" || value === null) return
		const { name, idKind, idNumber, phone } = value as Readonly<Record<string, string>>
		if (idKind !== undefined && idKind !== "uscc") secrets.push(...[name, idNumber, phone].filter((each) => each !== undefined))
		for (const each of Object.values(value)) gather(each)
	}
	for (const { event } of stored) gather(event)
	expect(new Set(secrets).size).toBeGreaterThan(5)
	const logged = stored
		.map(({ event }) => JSON.stringify(toCloudEvent(sealEvent(right(decodeWire(event)), (kind) => ({ cipher: kind, blind: kind })))))
		.join("\n")
	expect(secrets.filter((secret) => logged.includes(secret))).toEqual([])
})
