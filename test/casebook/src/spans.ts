import type { Moment, Scope } from "@yima/schemas"
import type { World } from "@yima/test-kit"
import fc from "fast-check"
import { told } from "./expectation.ts"
import { readStories } from "./story.ts"

const DAY = 86_400_000_000

/** A story's world, from its first event to two years after its last. */
export interface Span {
	readonly world: World
	readonly scopes: readonly Scope[]
	readonly from: number
	readonly to: number
}

/** Of all stories in which anything stands. */
export const spans: readonly Span[] = readStories().flatMap((story) => {
	const world = told(story)
	const times = [...world.states.values()].flatMap((state) => [...state.values()].flatMap((steps) => steps.flatMap(({ value }) => value?.time ?? [])))
	return times.length === 0 ? [] : [{ world, scopes: [...world.states.keys()], from: Math.min(...times), to: Math.max(...times) + 730 * DAY }]
})

export const momentOf = ({ from, to }: Span): fc.Arbitrary<Moment> =>
	fc.double({ min: 0, max: 1, noNaN: true }).map((part) => Math.floor(from + part * (to - from)) as Moment)
