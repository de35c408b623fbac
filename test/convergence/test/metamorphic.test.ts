import { at, nextDue, type PackedFact, pack, type State, unpack, type View } from "@yima/lifecycle"
import { type AnyEvent, type Entry, type EventKey, equal, type Known, type Moment, type Scope } from "@yima/schemas"
import { entryOf, hashesAt, incremental, standing, type World } from "@yima/test-kit"
import fc from "fast-check"
import { expect, test } from "vitest"
import { anySet, dayOf2023, settings } from "../src/sets.ts"

const LATEST = Number.MAX_SAFE_INTEGER as Known
const worldOf = (entries: readonly Entry[]): World => incremental({ batches: [entries] })

/** Everything that a view says, less the record of what was said. */
const said = (view: View | null) => {
	if (view === null) return null
	const { timeline: _, ...rest } = view
	return rest
}
const sayings = (world: World, asOf: Moment): readonly (readonly [Scope, unknown])[] =>
	[...world.states.keys()]
		.sort()
		.map((scope) => [scope, said(at(scope, world.states, asOf, LATEST))] as const)
		.filter(([scope, view]) => view !== null && scope !== "registry")

const named = ({ event }: Entry): readonly string[] => {
	const target = (event.data as { readonly event?: { readonly id?: string } }).event?.id
	return [event.corrects?.slice(event.source.length + 1), target].filter((each) => each !== undefined)
}

/** Events that no act names, and that are no acts: taking one away touches nothing else's standing. */
const plain = (entries: readonly Entry[]): readonly AnyEvent[] => {
	const touched = new Set(entries.flatMap(named))
	const bodies = new Map<EventKey, number>()
	for (const { event } of entries) bodies.set(event.key, (bodies.get(event.key) ?? 0) + 1)
	return standing(entries)
		.filter((each) => named(each).length === 0 && !touched.has(each.event.id) && bodies.get(each.event.key) === 1)
		.map((each) => each.event)
}

test("an unrelated event changes nothing", () => {
	fc.assert(
		fc.property(anySet, (set) => {
			const other = entryOf(
				{
					specversion: "1.0",
					id: "other",
					source: "urn:jz:other",
					type: "yima.land.handed-over.v1",
					subject: "410825009009GB00009",
					time: "2023-05-05T10:00:00Z",
					data: { handoverNo: "J-1" },
				},
				1500,
			)
			const [without, withOther] = [hashesAt(worldOf(set.entries)), hashesAt(worldOf([other, ...set.entries]))]
			for (const [scope, hash] of without) expect(withOther.get(scope)).toBe(hash)
		}),
		settings(0.3),
	)
})

test("retracting an event equals never having had it, apart from the record of both", () => {
	fc.assert(
		fc.property(anySet, fc.nat(), dayOf2023, (set, which, asOf) => {
			const events = plain(set.entries)
			fc.pre(events.length > 0)
			const event = events[which % events.length] as AnyEvent
			const retraction = entryOf(
				{
					specversion: "1.0",
					id: "never",
					source: event.source,
					type: `yima.${event.type.split(".")[0]}.retracted.v1`,
					time: "2023-01-01T10:00:00Z",
					data: { event: { id: event.id }, reason: "误报" },
				},
				9000,
			)
			const without = worldOf(set.entries.filter((each) => each.event.key !== event.key))
			expect(sayings(worldOf([...set.entries, retraction]), asOf)).toEqual(sayings(without, asOf))
		}),
		settings(0.3),
	)
})

test("a corrected event equals one that was right from the start", () => {
	fc.assert(
		fc.property(anySet, fc.nat(), fc.nat(), dayOf2023, (set, which, donor, asOf) => {
			const events = plain(set.entries)
			fc.pre(events.length > 0)
			const event = events[which % events.length] as AnyEvent
			const donors = set.entries.filter((each) => each.event.type === event.type)
			const right = (donors[donor % donors.length] as Entry).event
			// Equal moments are told apart by id, which a correction does not share with its original.
			fc.pre(set.entries.every((each) => each.event.key === event.key || each.event.key === right.key || each.event.time !== right.time))
			const key = `${event.source}#${event.id}-right` as EventKey
			const correction = {
				event: { ...right, key, source: event.source, id: `${event.id}-right`, corrects: event.key, statedAt: right.time } as AnyEvent,
				known: 9000 as Known,
				partition: 0,
				offset: 900n,
			}
			const original = {
				event: { ...right, key: event.key, source: event.source, id: event.id, corrects: null } as AnyEvent,
				known: 9000 as Known,
				partition: 0,
				offset: 900n,
			}
			const corrected = JSON.parse(JSON.stringify(sayings(worldOf([...set.entries, correction]), asOf)).replaceAll(key, event.key)) as unknown
			const others = set.entries.filter((each) => each.event.key !== event.key)
			expect(corrected).toEqual(JSON.parse(JSON.stringify(sayings(worldOf([...others, original]), asOf))))
		}),
		settings(0.3),
	)
})

test("what is true at a moment follows from the facts of events up to it, however much else the states hold", () => {
	fc.assert(
		fc.property(anySet, dayOf2023, (set, asOf) => {
			const { states } = worldOf(set.entries)
			const cut = new Map(
				[...states].map(([scope, state]): [Scope, State] => [
					scope,
					new Map(
						[...state].map(([key, steps]) => [key, steps.map(({ from, value }) => ({ from, value: value !== null && value.time <= asOf ? value : null }))]),
					),
				]),
			)
			for (const scope of states.keys()) expect(at(scope, cut, asOf, LATEST)).toEqual(at(scope, states, asOf, LATEST))
		}),
		settings(0.3),
	)
})

test("a fact comes back from its stored form as it was", () => {
	fc.assert(
		fc.property(anySet, (set) => {
			for (const state of worldOf(set.entries).states.values())
				for (const steps of state.values())
					for (const { value } of steps) if (value !== null) expect(unpack(JSON.parse(JSON.stringify(pack(value))) as PackedFact)).toEqual(value)
		}),
		settings(0.1),
	)
})

test("until the next moment that is due, time alone changes nothing", () => {
	fc.assert(
		fc.property(anySet, dayOf2023, fc.double({ min: 0, max: 1, noNaN: true }), (set, after, part) => {
			const { states } = worldOf(set.entries)
			for (const scope of states.keys()) {
				const due = nextDue(scope, states, after)
				const until = due ?? ((after + 10 * 365 * 86_400_000_000) as Moment)
				const between = Math.min(until - 1, Math.floor(after + (until - after) * part)) as Moment
				expect(due === null || due > after).toBe(true)
				expect(equal(at(scope, states, between, LATEST), at(scope, states, after, LATEST))).toBe(true)
			}
		}),
		settings(0.3),
	)
})
