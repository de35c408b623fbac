import type { Recorded, Registry } from "@yima/registry"
import { type AnyEvent, decodeSealed, type EventKey } from "@yima/schemas"
import { Result } from "effect"
import { Unavailable } from "./outage.ts"

/** A place in the log as answers show it. */
export const positionOf = ({ partition, offset }: { readonly partition: number; readonly offset: bigint }): string => `${partition}-${offset}`

/** The body that stands under an identity, and its place. */
export interface Standing {
	readonly event: AnyEvent
	readonly position: string
}

/** Of several bodies under one identity the one with the least (recordedtime, partition, offset) stands (architecture, rule 1). */
const isBefore = (a: Recorded, b: Recorded): boolean => (a.known - b.known || a.partition - b.partition || Number(a.offset - b.offset)) < 0

/** What the registry knows under these identities: one read for all. Fails with `Unavailable`. */
export const standingUnder = async (registry: Pick<Registry, "load">, keys: readonly EventKey[]): Promise<ReadonlyMap<EventKey, Standing>> => {
	if (keys.length === 0) return new Map()
	const { entries } = await registry.load({ entries: keys, acts: [], definitions: [], users: [], links: [] }).catch((cause: unknown) => {
		throw new Unavailable("registry", cause)
	})
	const first = new Map<EventKey, Recorded>()
	for (const entry of entries) {
		const other = first.get(entry.key)
		if (other === undefined || isBefore(entry, other)) first.set(entry.key, entry)
	}
	const standing = new Map<EventKey, Standing>()
	for (const [key, entry] of first) {
		const read = decodeSealed(JSON.parse(entry.body))
		// A body that this version cannot read is left to the linker to compare.
		if (Result.isSuccess(read)) standing.set(key, { event: read.success, position: positionOf(entry) })
	}
	return standing
}
