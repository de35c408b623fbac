import type { SeenNode } from "./nodes.ts"
import type { Reading } from "./reading.ts"

/**
 * Made once of a thing as one reading sees it at two times. For what rests on more than its view: on what lies below it, on its past. A view alone may
 * be another question's too (`Shelf`).
 */
export const once = <N extends SeenNode, A>(make: (node: N) => A): ((node: N) => A) => {
	const made = new WeakMap<Reading, Map<string, A>>()
	return (node) => {
		const { view, when, reading } = node
		const all = made.get(reading) ?? new Map<string, A>()
		made.set(reading, all)
		const id = `${view.code} ${when.asOf} ${when.knownAt}`
		const known = all.get(id)
		if (known !== undefined) return known
		const found = make(node)
		all.set(id, found)
		return found
	}
}
