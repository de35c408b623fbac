import type { Who } from "./fact.ts"
import { type Line, linesOf } from "./line.ts"

/** Whether two statements speak of one party: equal id numbers, or joined by 企业更名 (`registrar.party-renamed`). */
export type SameParty = (a: Who, b: Who) => boolean

export const sameParty = (lines: readonly Line[]): SameParty => {
	const names = new Map<string, string>()
	const root = (id: string): string => {
		let at = id
		for (let next = names.get(at); next !== undefined; next = names.get(at)) at = next
		return at
	}
	for (const { says } of linesOf(lines, "registrar.party-renamed")) {
		const [from, to] = [root(says.from.id), root(says.to.id)]
		if (from !== to) names.set(from, to)
	}
	return (a, b) => root(a.id) === root(b.id)
}

/** Whether two lists share a party. */
export const share = (same: SameParty, a: readonly Who[], b: readonly Who[]): boolean => a.some((left) => b.some((right) => same(left, right)))
