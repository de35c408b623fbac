import { type EventKey, type Known, type Moment, type Scope, stepAt } from "@yima/schemas"
import { pictureOf, viewAt, type World } from "@yima/test-kit"
import { type Portrait, placePortrait, portraitOf } from "./portrait.ts"
import { type Fields, wrong } from "./record.ts"
import { learned, type Run, runsOf } from "./run.ts"
import type { Expectation, Story } from "./story.ts"

/** One thing that a story wanted and did not get. */
export interface Failure {
	readonly what: string
	readonly wanted: unknown
	readonly got: unknown
	/** The runs in which it failed. */
	readonly runs: readonly string[]
}

interface Miss {
	readonly path: string
	readonly wanted: unknown
	readonly got: unknown
}

const LATEST = Number.MAX_SAFE_INTEGER as Known

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value)

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Compares what a story states, and that alone. A key that the casebook does not know is an error. */
const compare = (wanted: unknown, got: unknown, path: string): readonly Miss[] => {
	if (got instanceof Map) {
		if (wanted === "none") return got.size === 0 ? [] : [{ path, wanted, got: [...got.keys()] }]
		if (!isFields(wanted)) throw wrong(path, "应为键值表")
		return Object.entries(wanted).flatMap(([key, each]) => {
			if (each === "absent") return got.has(key) ? [{ path: `${path}/${key}`, wanted: each, got: shown(got.get(key)) }] : []
			return got.has(key)
				? compare(each, got.get(key), `${path}/${key}`)
				: [{ path: `${path}/${key}`, wanted: each, got: `无此项;有: ${[...got.keys()].join("、") || "(空)"}` }]
		})
	}
	if (isFields(got)) {
		if (!isFields(wanted)) return compare(wanted, Object.values(got)[0], path)
		return Object.entries(wanted).flatMap(([key, each]) => {
			if (!Object.hasOwn(got, key)) throw wrong(path, `没有名为 ${key} 的键;可用: ${Object.keys(got).join("、")}`)
			return compare(each, got[key], `${path}/${key}`)
		})
	}
	return same(wanted, got) ? [] : [{ path, wanted, got }]
}

const shown = (value: unknown): unknown => {
	if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, shown(each)]))
	return isFields(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shown(each)])) : value
}

/** `[code …]`, one code, DISMISSED, or the whole: PLACED, by, through; PARKED, candidates. */
const wantedPlace = (wanted: unknown, where: string): Portrait => {
	if (wanted === "DISMISSED") return { DISMISSED: true }
	if (typeof wanted === "string") return { PLACED: [wanted] }
	if (Array.isArray(wanted)) return { PLACED: wanted }
	if (!isFields(wanted)) throw wrong(where, `不是去处: ${JSON.stringify(wanted)}`)
	const stray = Object.keys(wanted).find((key) => !["PLACED", "by", "through", "PARKED", "candidates"].includes(key))
	if (stray !== undefined) throw wrong(where, `没有名为 ${stray} 的键`)
	return typeof wanted["PLACED"] === "string" ? { ...wanted, PLACED: [wanted["PLACED"]] } : wanted
}

const placeMisses = (expected: Expectation, story: Story, world: World, known: Known): readonly Miss[] =>
	Object.entries(expected.place).flatMap(([id, value]) => {
		const path = `place/${id}`
		const wanted = wantedPlace(value, `${expected.where}/${path}`)
		const sent = story.given.find((each) => each["id"] === id)
		const settled = world.settled.get(`${String(sent?.["source"])}#${id}` as EventKey)
		const place = settled === undefined ? undefined : stepAt(settled, known)?.place
		const got: Fields = place === undefined ? { UNKNOWN: true } : placePortrait(place, world.states, known)
		return Object.keys(wanted).some((key) => !Object.hasOwn(got, key)) ? [{ path, wanted, got }] : compare(wanted, got, path)
	})

const viewMisses = (expected: Expectation, story: Story, world: World, known: Known): readonly Miss[] =>
	[...expected.see].flatMap(([scope, wanted]) => {
		const viewOf = (each: Scope) => viewAt(world, each, expected.asOf as Moment, known)
		const view = viewOf(scope)
		const path = `see/${scope}`
		if (wanted === null || view === null)
			return wanted === view ? [] : [{ path, wanted, got: view === null ? null : `${view.is}: ${JSON.stringify(view.timeline.map((each) => each.key))}` }]
		return compare(wanted, portraitOf(view, expected.asOf as Moment, story.names, expected.ready, expected.services, world, viewOf), path)
	})

/** By what is known an expectation asks. */
export const knownOf = ({ known }: Expectation, story: Story): Known => {
	if (known === null) return LATEST
	const at = learned(story.given.findIndex((each) => each["id"] === known.event))
	return (known.side === "after" ? at : at - 1) as Known
}

const misses = (story: Story, run: Run): ReadonlyMap<string, Miss> => {
	const found = new Map<string, Miss>()
	for (const expected of story.then) {
		if (expected.known !== null && !run.inOrder) continue
		const known = knownOf(expected, story)
		const world = run.world(known)
		for (const miss of [...placeMisses(expected, story, world, known), ...viewMisses(expected, story, world, known)]) {
			const by = expected.cites.map((each) => `§${each.section} “${each.text}”`).join("\n      ")
			found.set(`${expected.where} ${miss.path}\n  依据 ${by}`, miss)
		}
	}
	return found
}

/** Where two pictures differ: scopes by hash, events by place. */
const differing = (a: Picture, b: Picture): readonly string[] =>
	(["hashes", "places"] as const).flatMap((part) => {
		const [left, right] = [new Map(a[part]), new Map(b[part])]
		return [...new Set([...left.keys(), ...right.keys()])].filter((key) => !same(left.get(key), right.get(key)))
	})

type Picture = Readonly<Record<"hashes" | "places", readonly (readonly [string, unknown])[]>>

/** Every run must come to the specification's picture, at every moment of knowledge that both can be asked for. */
const pictures = (story: Story, runs: readonly Run[]): readonly Failure[] => {
	const [specification, ...others] = runs
	if (specification === undefined) return []
	const moments = story.given.map((event, at) => ({ known: learned(at), name: String(event["id"]) }))
	const all = new Map<string, string[]>()
	for (const run of others)
		for (const { known, name } of [...(run.inOrder ? moments : []), { known: LATEST, name: "全部" }]) {
			const found = differing(pictureOf(specification.world(known), known) as Picture, pictureOf(run.world(known), known) as Picture)
			if (found.length === 0) continue
			const what = `「${story.title}」获知至${name},全貌与${specification.name}不同: ${found.join("、")}`
			all.set(what, [...(all.get(what) ?? []), run.name])
		}
	return [...all].map(([what, names]) => ({ what, wanted: "全貌相同", got: "不同", runs: names }))
}

/** What a story wanted and did not get of the specification itself. */
export const failuresAsSpecified = (story: Story): readonly Failure[] => {
	const [run] = runsOf(story)
	return run === undefined ? [] : [...misses(story, run)].map(([what, { wanted, got }]) => ({ what, wanted, got, runs: [run.name] }))
}

/** All that a story tells, in its order. */
export const told = (story: Story): World => runsOf(story)[1]?.world(LATEST) as World

/** A story to be tried again and again on what it has told once: what it wanted and did not get, told in its order. */
export const retried = (story: Story): (() => readonly string[]) => {
	const [, inOrder] = runsOf(story)
	return () => (inOrder === undefined ? [] : [...misses(story, inOrder).keys()])
}

/** Everything that a story wanted and did not get, in any run; one line each, however many runs agree. */
export const failuresOf = (story: Story): readonly Failure[] => {
	const runs = runsOf(story)
	const found = new Map<string, Failure>()
	for (const run of runs)
		for (const [what, { wanted, got }] of misses(story, run)) {
			const key = `${what} ${JSON.stringify(got)}`
			found.set(key, { what, wanted, got, runs: [...(found.get(key)?.runs ?? []), run.name] })
		}
	return [...found.values(), ...pictures(story, runs)]
}
