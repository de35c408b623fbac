import { createHash } from "node:crypto"
import { concernHash, scopeHash } from "@yima/lifecycle"
import type { Entry, Known } from "@yima/schemas"
import { batch, concernsAt, placesAt } from "@yima/test-kit"

const LATEST = Number.MAX_SAFE_INTEGER as Known

/** The hash of everything that a set of entries has by the core's specification: what `yima hash` must print. */
export const expectedHash = (entries: readonly Entry[]): string => {
	const world = batch(entries)
	const all = createHash("sha256")
	for (const [scope, concerns] of [...concernsAt(world, LATEST)].sort(([a], [b]) => (a < b ? -1 : 1)))
		all.update(`${scope} ${scopeHash(concerns.map((each) => ({ key: each.event.key, time: each.event.time, hash: concernHash(each) })))}\n`)
	const parked = [...placesAt(world)].flatMap(([key, place]) => (place.is === "PARKED" ? [`${key} ${place.reason}\n`] : []))
	for (const line of parked.sort()) all.update(line)
	return all.digest("hex")
}
