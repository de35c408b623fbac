import { isEarlier } from "@yima/linking"
import type { Recorded, Registry } from "@yima/registry"
import { type AnyEvent, decodeSealed, type EventKey, formatPosition } from "@yima/schemas"
import { Result } from "effect"
import { Unavailable } from "./outage.ts"

/** The body that stands under an identity, and its place. */
export interface Standing {
	readonly event: AnyEvent
	readonly position: string
}

/** What the registry knows under these identities: one read for all. Fails with `Unavailable`. */
export const standingUnder = async (registry: Pick<Registry, "load">, keys: readonly EventKey[]): Promise<ReadonlyMap<EventKey, Standing>> => {
	if (keys.length === 0) return new Map()
	const { entries } = await registry.load({ entries: keys }).catch((cause: unknown) => {
		throw new Unavailable("registry", cause)
	})
	const first = new Map<EventKey, Recorded>()
	for (const entry of entries) {
		const other = first.get(entry.key)
		if (other === undefined || isEarlier(entry, other)) first.set(entry.key, entry)
	}
	const standing = new Map<EventKey, Standing>()
	for (const [key, entry] of first) {
		const read = decodeSealed(JSON.parse(entry.body))
		// A body that this version cannot read is left to the linker to compare.
		if (Result.isSuccess(read)) standing.set(key, { event: read.success, position: formatPosition(entry) })
	}
	return standing
}
