import { type AnyEvent, type EventKey, isRetracted, type Known, stepAt } from "@yima/schemas"
import type { World } from "@yima/test-kit"
import type { Adversity } from "./adversary.ts"

const byKey = ({ entries }: Adversity): ReadonlyMap<EventKey, AnyEvent> => new Map(entries.map(({ event }) => [event.key, event]))

const named = (event: AnyEvent): EventKey | null =>
	isRetracted(event.type) ? (`${event.source}#${(event.data as { event: { id: string } }).event.id}` as EventKey) : null

/** Whether a retraction leads back to itself. */
const isRing = (event: AnyEvent, all: ReadonlyMap<EventKey, AnyEvent>): boolean => {
	let at: AnyEvent | undefined = event
	for (let left = all.size + 1; at !== undefined && left > 0; left--) {
		const key: EventKey | null = named(at)
		if (key === event.key) return true
		at = key === null ? undefined : all.get(key)
	}
	return false
}

/** What each run is looked at for: what the generator put in, and what came of it. */
const tests: Readonly<Record<string, (set: Adversity, world: World) => boolean>> = {
	"crossing definitions": ({ made }) => made.has("crossing definitions"),
	"a ref that leads astray": (_, world) => settlements(world).some((each) => each.concerns.some((concern) => concern.astray.length > 0)),
	"a dispute": (_, world) =>
		settlements(world).some(
			(each) => each.concerns.some((concern) => concern.disputed.length > 0) || (each.place.is === "PARKED" && each.place.reason === "DISPUTED"),
		),
	"a dispute that was lifted": (_, world) =>
		[...world.settled.values()].some((steps) => {
			const disputed = steps.map(
				({ value }) => (value.place.is === "PARKED" && value.place.reason === "DISPUTED") || value.concerns.some((each) => each.disputed.length > 0),
			)
			return disputed.includes(true) && disputed.lastIndexOf(true) < disputed.length - 1
		}),
	"parked, then placed": (_, world) =>
		[...world.settled.values()].some((steps) => steps[0]?.value.place.is === "PARKED" && steps.at(-1)?.value.place.is === "PLACED"),
	"a move across partitions": (_, world) =>
		[...world.settled.values()].some(
			(steps) =>
				new Set(steps.flatMap(({ value }) => (value.place.is === "PLACED" ? value.place.codes.map((code) => code.slice(0, 19)) : []))).size > 1 &&
				steps.length > 1,
		),
	"a correction of a correction": (set) => {
		const all = byKey(set)
		return [...all.values()].some((each) => each.corrects !== null && (all.get(each.corrects)?.corrects ?? null) !== null)
	},
	"rival corrections": (_, world) => settlements(world).some((each) => each.concerns.some((concern) => concern.force.rivals.length > 0)),
	"a cycle of corrections": (set) => {
		const all = byKey(set)
		return [...all.values()].some((event) => {
			let at: AnyEvent | undefined = event
			for (let left = all.size + 1; at !== undefined && at.corrects !== null && left > 0; left--) {
				if (at.corrects === event.key) return true
				at = all.get(at.corrects)
			}
			return false
		})
	},
	"a retraction of a retraction": (set) => {
		const all = byKey(set)
		return [...all.values()].some(
			(each) => isRetracted(all.get(named(each) as EventKey)?.type ?? each.type) && isRetracted(each.type) && all.has(named(each) as EventKey),
		)
	},
	"a ring of retractions": (set) => {
		const all = byKey(set)
		return [...all.values()].some((each) => isRing(each, all))
	},
	"a correction before its target": ({ entries }) =>
		entries.some(({ event, known }) => event.corrects !== null && entries.some((other) => other.event.key === event.corrects && other.known > known)),
	"one identity with two bodies": ({ made }) => made.has("other body"),
	"a division with late events": ({ made }) => made.has("division with late events"),
	"a set of several flats": (_, world) =>
		settlements(world).some((each) => each.place.is === "PLACED" && each.place.rule === "identifiers" && each.place.codes.length > 1),
	"project phases on one parcel": ({ made }) => made.has("project phases on one parcel"),
	"buildings known by label only": ({ made }) => made.has("buildings known by label only"),
	"day precision": ({ entries }) => entries.some(({ event }) => event.byDay),
	"waiting seizures": ({ made }) => made.has("waiting seizures"),
	"a decision that moves": (_, world) => settlements(world).some((each) => each.place.is === "PLACED" && each.place.rule === "decision"),
	"a dismissal": (_, world) => settlements(world).some((each) => each.place.is === "DISMISSED"),
	"equal recorded times in two partitions": ({ entries }) => new Set(entries.map((each) => each.known)).size < entries.length,
}

const settlements = (world: World) => [...world.settled.values()].flatMap((steps) => stepAt(steps, Number.MAX_SAFE_INTEGER as Known) ?? [])

export const FEATURES: readonly string[] = Object.keys(tests)

export const featuresOf = (set: Adversity, world: World): readonly string[] => FEATURES.filter((feature) => tests[feature]?.(set, world))
