import { type AnyEvent, decodeWire, type Entry, type Known, sealEvent } from "@yima/schemas"
import { Result } from "effect"
import { testSealer } from "./seal.ts"

/** A CloudEvent as a department would send it. */
export type Json = Readonly<Record<string, unknown>>

/** Decodes and seals, or throws with every problem: tests' own events must be right. */
export const eventOf = (json: Json): AnyEvent => {
	const read = decodeWire(json)
	if (Result.isFailure(read))
		throw new Error(`${JSON.stringify(json)}\n${read.failure.map((each) => `${each.code} ${each.pointer} ${each.message}`).join("\n")}`)
	return sealEvent(read.success, testSealer)
}

/** An event as the log gives it back. */
export const entryOf = (json: Json, known: number, partition = 0, offset = 0): Entry => ({
	event: eventOf(json),
	known: known as Known,
	partition,
	offset: BigInt(offset),
})
