import { uniformInt } from "pure-rand/distribution/uniformInt"
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"

/** Throws that are the same for the same seed, on any machine. */
export interface Dice {
	/** An integer from `least` to `most`, both included. */
	readonly between: (least: number, most: number) => number
	readonly chance: (permille: number) => boolean
	readonly pick: <A>(from: readonly A[]) => A
}

export const dice = (seed: number): Dice => {
	const source = xoroshiro128plus(seed)
	const between = (least: number, most: number) => uniformInt(source, least, most)
	return { between, chance: (permille) => between(1, 1000) <= permille, pick: (from) => from[between(0, from.length - 1)] as (typeof from)[number] }
}
