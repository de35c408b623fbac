import type { Known } from "./moment.ts"

/** A step function of knownAt: each value holds from its `from` until the next one's; neighbours differ. Before the first: nothing was known. */
export type Steps<A> = readonly { readonly from: Known; readonly value: A }[]

/**
 * The one combinator that knows of knownAt: lifts `f`, a function of what is known at one moment, to all moments at which
 * something that it rests on begins or ends. The cause or the time of the work never enters (architecture rule 3).
 */
export const steps = <A>(when: Iterable<Known>, f: (known: Known) => A, same: (a: A, b: A) => boolean): Steps<A> => {
	const found: { from: Known; value: A }[] = []
	for (const from of [...new Set(when)].sort((a, b) => a - b)) {
		const value = f(from)
		const last = found.at(-1)
		if (last === undefined || !same(last.value, value)) found.push({ from, value })
	}
	return found
}

/** What was known at `known`; undefined before anything was. */
export const stepAt = <A>(all: Steps<A>, known: Known): A | undefined => {
	for (let at = all.length - 1; at >= 0; at--) {
		const step = all[at]
		if (step !== undefined && step.from <= known) return step.value
	}
	return undefined
}

/** Splits steps of lists by a key of their items: each key has the steps of its own items, empty where it has none. */
export const splitSteps = <A, K>(all: Steps<readonly A[]>, keyOf: (item: A) => K): ReadonlyMap<K, Steps<readonly A[]>> => {
	const [only] = all
	if (only === undefined || (all.length === 1 && only.value.length === 0)) return new Map()
	const grouped = all.map(({ from, value }) => {
		const byKey = new Map<K, A[]>()
		for (const item of value) {
			const list = byKey.get(keyOf(item))
			if (list === undefined) byKey.set(keyOf(item), [item])
			else list.push(item)
		}
		return { from, value: byKey }
	})
	const [first] = grouped
	if (grouped.length === 1 && first !== undefined) return new Map([...first.value].map(([key, value]) => [key, [{ from: first.from, value }]]))
	const keys = new Set(grouped.flatMap((step) => [...step.value.keys()]))
	const froms = all.map((step) => step.from)
	return new Map([...keys].map((key) => [key, steps(froms, (known): readonly A[] => stepAt(grouped, known)?.get(key) ?? [], equal)]))
}

/** Structural equality of plain data. */
export const equal = (a: unknown, b: unknown): boolean => {
	if (a === b) return true
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
	const keys = Object.keys(a)
	return (
		keys.length === Object.keys(b).length &&
		keys.every((key) => Object.hasOwn(b, key) && equal((a as Readonly<Record<string, unknown>>)[key], (b as Readonly<Record<string, unknown>>)[key]))
	)
}

/** The steps of what `f` makes of each value. */
export const mapSteps = <A, B>(all: Steps<A>, f: (value: A) => B): Steps<B> =>
	all.length === 1
		? all.map(({ from, value }) => ({ from, value: f(value) }))
		: steps(
				all.map((step) => step.from),
				(known) => f((all.find((step) => step.from === known) as Steps<A>[number]).value),
				equal,
			)
