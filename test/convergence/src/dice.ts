/** A small seeded generator (mulberry32): the same seed, the same throws. */
export interface Dice {
	/** An integer in [0, below). */
	readonly int: (below: number) => number
	readonly pick: <A>(from: readonly A[]) => A
	readonly chance: (percent: number) => boolean
	readonly shuffle: <A>(all: readonly A[]) => A[]
}

export const dice = (seed: number): Dice => {
	let state = seed >>> 0
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0
		let mixed = Math.imul(state ^ (state >>> 15), state | 1)
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
	}
	const int = (below: number) => Math.floor(next() * below)
	const shuffle = <A>(all: readonly A[]): A[] => {
		const found = [...all]
		for (let at = found.length - 1; at > 0; at--) {
			const other = int(at + 1)
			const [a, b] = [found[at] as A, found[other] as A]
			found[at] = b
			found[other] = a
		}
		return found
	}
	return { int, pick: (from) => from[int(from.length)] as (typeof from)[number], chance: (percent) => int(100) < percent, shuffle }
}
