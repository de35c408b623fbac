import { createHash } from "node:crypto"
import { join, nextDue, pack, type State, stageOf, unpack } from "@yima/lifecycle"
import type { EventKey, Known, Moment, Scope } from "@yima/schemas"
import { incremental, knownTimes, pictureOf, standing, viewAt, type World } from "@yima/test-kit"
import { adversity } from "./adversary.ts"
import { dice } from "./dice.ts"

const DAY = 86_400_000_000

/** Everything that the core answers about one scope at two times. */
const answer = (world: World, scope: Scope, asOf: Moment, known: Known): unknown => {
	const view = viewAt(world, scope, asOf, known)
	return [scope, view, view?.is === "unit" ? stageOf(view, true, ["water"]) : null, nextDue(scope, world.states, asOf)]
}

/** The state of a scope as it is stored, read back and joined from its events one by one. */
const stored = (state: State): unknown => {
	const read = [...state]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, steps]): readonly [EventKey, unknown, State] => {
			const packed = steps.map(({ from, value }) => ({ from, value: value === null ? null : pack(value) }))
			const unpacked = packed.map(({ from, value }) => ({ from, value: value === null ? null : unpack(value) }))
			return [key, packed, new Map([[key, unpacked]])]
		})
	const joined = read.reduce<State>((all, [, , one]) => join(join(all, one), one), new Map())
	const [first] = joined.keys()
	const isRefused = first === undefined || refuses(() => join(joined, new Map([[first, []]])))
	return [read.map(([key, packed]) => [key, packed]), [...joined], isRefused]
}

const refuses = (act: () => unknown): string => {
	try {
		act()
		return "no"
	} catch (error) {
		return String(error)
	}
}

/** A digest of all that the core answers about the set of events made from a seed: hashes, places, views, stages, what is due, at several times. */
export const answers = (seed: number): string => {
	const { int } = dice(seed)
	const seeds = (count: number) => Array.from({ length: count }, () => int(2 ** 31))
	const { entries } = adversity(seeds(1 + int(4)), seeds(int(8)), int(2 ** 31))
	const world = incremental({ batches: [entries] })
	const known = knownTimes(standing(entries))
	const said = [0, 1, 2].map((third) => {
		const at = known[Math.floor(((known.length - 1) * (third + 1)) / 3)] as Known
		const asOf = (Date.UTC(2023, 0, 1) * 1000 + int(1200) * DAY) as Moment
		return [pictureOf(world, at), [...world.states.keys()].sort().map((scope) => answer(world, scope, asOf, at))]
	})
	const states = [...world.states].sort(([a], [b]) => (a < b ? -1 : 1)).map(([scope, state]) => [scope, stored(state)])
	return createHash("sha256")
		.update(JSON.stringify([said, states]))
		.digest("hex")
		.slice(0, 16)
}

export const AGREED = 200
