import type { Moment } from "@yima/schemas"
import fc from "fast-check"
import { type Adversity, adversity } from "./adversary.ts"

/** How many sets of events a property tries: YIMA_RUNS asks for more, YIMA_SEED replays a failing run. */
const RUNS = Number(process.env["YIMA_RUNS"] ?? 2000)
const seed = process.env["YIMA_SEED"]

export const settings = (share = 1) => ({ numRuns: Math.ceil(RUNS * share), ...(seed === undefined ? {} : { seed: Number(seed) }) })

const seeds = (minLength: number, maxLength: number) => fc.array(fc.nat(), { minLength, maxLength })

/** Any set of events that the generator can make. A failing one is printed by its seeds, small enough to read. */
export const anySet: fc.Arbitrary<Adversity> = fc
	.record({ scenes: seeds(1, 4), acts: seeds(0, 9), log: fc.nat() })
	.map(({ scenes, acts, log }) => adversity(scenes, acts, log))

/** A moment of 2023 to early 2025, an hour before some local midnight's end: events lie on both sides of it. */
export const dayOf2023 = fc.integer({ min: 0, max: 800 }).map((day) => ((Date.UTC(2023, 0, 1) + day * 86_400_000 - 3_600_000) * 1000) as Moment)
