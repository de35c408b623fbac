import { createHash } from "node:crypto"
import { restore, scopeHash } from "@yima/lifecycle"
import type { Snapshot } from "@yima/registry"
import type { Known, Scope } from "@yima/schemas"

const LATEST = Number.MAX_SAFE_INTEGER as Known
const SCOPES_AT_ONCE = 500
const PARKED_AT_ONCE = 1000

/**
 * The hash of everything (总哈希): over each scope's own hash in order of scopes, then each parked event with its reason in order of
 * keys. Equal sets of events under equal keys give the same, whatever the order, the log or the number of linkers.
 */
export const hashOfEverything = async (snapshot: Snapshot): Promise<string> => {
	const all = createHash("sha256")
	for (let after: Scope | null = null; ; ) {
		const rows = await snapshot.allConcerns(after, SCOPES_AT_ONCE)
		if (rows.length === 0) break
		const scopes = [...Map.groupBy(rows, (row) => row.scope)].sort(([a], [b]) => (a < b ? -1 : 1))
		for (const [scope, concerns] of scopes) {
			const hashes = concerns.flatMap((row) => restore(row.steps).hashAt(row.key, LATEST) ?? [])
			if (hashes.length > 0) all.update(`${scope} ${scopeHash(hashes)}\n`)
		}
		after = scopes.at(-1)?.[0] ?? null
	}
	const parked: string[] = []
	for (let after: Parameters<Snapshot["parked"]>[1] = null; ; ) {
		const page = await snapshot.parked({}, after, PARKED_AT_ONCE)
		for (const { key, reason } of page.rows) parked.push(`${key} ${reason}\n`)
		after = page.rows.at(-1) ?? null
		if (!page.isMore) break
	}
	for (const line of parked.sort()) all.update(line)
	return all.digest("hex")
}
