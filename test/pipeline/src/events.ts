import { logKey } from "@yima/linking"
import type { Message } from "@yima/log"
import { decodeSealed, type Entry, toCloudEvent } from "@yima/schemas"
import { adversity, dice } from "@yima/test-convergence"
import type { Json } from "@yima/test-kit"
import { Result } from "effect"

const decoded = (json: Json): Entry["event"] => Result.getOrThrowWith(decodeSealed(json), (problems) => new Error(JSON.stringify(problems)))

/** The parts of a CloudEvent in which one event names another of its own set. */
const renamed = (json: Json, set: number): Json => {
	const name = (id: unknown) => `${String(id)}.${set}`
	const { data, id, corrects, ...rest } = json as Json & { readonly data: Json; readonly id: string; readonly corrects?: string }
	const named = data["event"] as Json | undefined
	return {
		...rest,
		id: name(id),
		...(corrects === undefined ? {} : { corrects: name(corrects) }),
		data: named === undefined ? data : { ...data, event: { ...named, id: name(named["id"]) } },
	}
}

/**
 * Many adversarial sets as one: their events cross through the same few codes and numbers. No two bodies share an identity, for which of
 * them stands is the log's to say, and the log's order differs from run to run.
 */
export const crossingEvents = (sets: number, seed: number): readonly Entry["event"][] => {
	const { int } = dice(seed)
	const seeds = (count: number) => Array.from({ length: count }, () => int(2 ** 31))
	const found = new Map<string, Entry["event"]>()
	for (let set = 0; set < sets; set++) {
		const { entries } = adversity(seeds(1 + int(4)), seeds(int(8)), int(2 ** 31))
		const clashing = new Set<string>()
		const seen = new Set<string>()
		for (const { event } of entries) (seen.has(event.key) ? clashing : seen).add(event.key)
		for (const { event } of entries) {
			if (clashing.has(event.key)) continue
			const next = decoded(renamed(toCloudEvent(event), set))
			found.set(next.key, next)
		}
	}
	return [...found.values()]
}

export const messageOf = (event: Entry["event"]): Message => ({ key: logKey(event), value: JSON.stringify(toCloudEvent(event)) })
