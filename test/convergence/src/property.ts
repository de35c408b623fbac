import type { Entry, Known, Moment, Scope } from "@yima/schemas"
import { equal } from "@yima/schemas"
import * as kit from "@yima/test-kit"
import { someSchedule } from "./schedule.ts"

/** What a tree answers: the core under test, or the one that specifies. */
export type Core = typeof kit

const difference = (what: string, a: unknown, b: unknown): string | null =>
	equal(a, b) ? null : `${what}\n  specified: ${JSON.stringify(a)?.slice(0, 1500)}\n  answered:  ${JSON.stringify(b)?.slice(0, 1500)}`

/** Views of every scope that anything concerns, as of two times. */
const views = (core: Core, world: kit.World, asOf: Moment, known: Known): readonly (readonly [Scope, unknown])[] =>
	[...world.states.keys()]
		.sort()
		.map((scope) => [scope, core.viewAt(world, scope, asOf, known)] as const)
		.filter(([, view]) => view !== null && (view.is !== "registry" || view.timeline.length > 0))

/** Any order, doubling and batching gives one result, that of the specification; null: so it is. */
export const orderFree = (
	entries: readonly Entry[],
	schedules: readonly number[],
	asOf: Moment,
	core: Core = kit,
	specification: Core = kit,
): string | null => {
	const known = Number.MAX_SAFE_INTEGER as Known
	const specified = specification.batch(entries)
	const [picture, seen] = [specification.pictureOf(specified), views(specification, specified, asOf, known)]
	for (const seed of schedules) {
		const world = core.incremental(someSchedule(entries, seed))
		const found = difference("hashes and places", picture, core.pictureOf(world)) ?? difference("views", seen, views(core, world, asOf, known))
		if (found !== null) return `schedule ${seed}: ${found}`
	}
	return null
}

/** The view at (t, k) from the last facts is the specification's over the events known by k, for every k; null: so it is. */
export const knownTimes = (entries: readonly Entry[], schedule: number, asOf: Moment, core: Core = kit, specification: Core = kit): string | null => {
	const world = core.incremental(someSchedule(entries, schedule))
	for (const known of specification.knownTimes(specification.standing(entries))) {
		const specified = specification.batch(entries, known)
		const found =
			difference("hashes and places", specification.pictureOf(specified, known), core.pictureOf(world, known)) ??
			difference("views", views(specification, specified, asOf, known), views(core, world, asOf, known))
		if (found !== null) return `known at ${known}: ${found}`
	}
	return null
}
