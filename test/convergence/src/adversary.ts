import { decodeWire, type Entry } from "@yima/schemas"
import { entryOf, type Json } from "@yima/test-kit"
import { Result } from "effect"
import { type Dice, dice } from "./dice.ts"
import { type Draft, SUBJECTS, scenes } from "./scenes.ts"

/** A set of events made to cross each other, in the order in which the log recorded them, and what was put into it on purpose. */
export interface Adversity {
	readonly entries: readonly Entry[]
	readonly made: ReadonlySet<string>
}

interface Made extends Draft {
	readonly id: string
	readonly source: string
	readonly corrects?: string
	readonly statedat?: string
}

const json = ({ type, ...rest }: Made): Json => ({ specversion: "1.0", type: `yima.${type}.v1`, ...rest })

const SOURCES = ["urn:jz:housing", "urn:jz:registry"] as const

const retraction = (id: string, of: string, { type, source, time }: Made): Made => ({
	type: `${type.split(".")[0]}.retracted`,
	id,
	source,
	time,
	data: { event: { id: of }, reason: "误报" },
})

/** Acts on what the scenes made: each names some other event, itself perhaps an act, perhaps one that comes later. */
const acts: Readonly<Record<string, (at: number, all: readonly Made[], dice: Dice) => readonly Made[]>> = {
	correction: (at, all, { pick, int, chance }) => {
		const target = pick(all.filter((each) => !each.type.endsWith(".retracted")))
		// A scene may be of retractions alone.
		if (target === undefined) return []
		const donor = pick(all.filter((each) => each.type === target.type))
		const subject = chance(40) ? pick(SUBJECTS) : donor.subject
		const { subject: _, ...rest } = donor
		return [
			{
				...rest,
				...(subject === undefined ? {} : { subject }),
				id: `c${at}`,
				source: target.source,
				corrects: target.id,
				statedat: `2024-01-0${1 + int(9)}T00:00:00Z`,
			},
		]
	},
	"rival corrections": (at, all, { pick }) => {
		const target = pick(all.filter((each) => !each.type.endsWith(".retracted")))
		return target === undefined ? [] : ["a", "b"].map((id) => ({ ...target, id: `${id}${at}`, corrects: target.id, statedat: "2024-01-10T00:00:00Z" }))
	},
	"correction of a correction": (at, all, { pick }) => {
		const target = pick(all.filter((each) => each.corrects !== undefined))
		return target === undefined ? [] : [{ ...target, id: `c${at}`, corrects: target.id, statedat: "2024-01-20T00:00:00Z" }]
	},
	"correction cycle": (at, all, { pick }) => {
		const found = pick(all.filter((each) => !each.type.endsWith(".retracted")))
		if (found === undefined) return []
		const { subject: _, ...target } = found
		return [`k${at}`, `l${at}`].map((id, n, ids) => ({ ...target, id, corrects: ids[1 - n] as string, statedat: "2024-02-01T00:00:00Z" }))
	},
	retraction: (at, all, { pick }) => {
		const target = pick(all)
		return [retraction(`r${at}`, target.id, target)]
	},
	"retraction of a retraction": (at, all, { pick }) => {
		const target = pick(all.filter((each) => each.type.endsWith(".retracted")))
		return target === undefined ? [] : [retraction(`r${at}`, target.id, target)]
	},
	"retraction ring": (at, all, { pick }) => {
		const target = pick(all)
		return [`q${at}`, `p${at}`].map((id, n, ids) => retraction(id, ids[1 - n] as string, target))
	},
	decision: (at, all, { pick, shuffle, int }) => {
		const target = pick(all)
		return [
			{
				type: "registrar.resolved",
				id: `d${at}`,
				source: "urn:jz:registry",
				time: target.time,
				data: { event: { source: target.source, id: target.id }, subjects: shuffle(SUBJECTS).slice(0, int(3)), reason: "核对", by: "登记员" },
			},
		]
	},
	"other body": (_, all, { pick }) => {
		const target = pick(all)
		const donor = pick(all)
		return donor === target || donor.corrects === target.id ? [] : [{ ...donor, id: target.id, source: target.source }]
	},
}
const ACTS = Object.keys(acts)

/** The door refuses a retraction that states to correct something. */
const legal = ({ corrects, statedat, ...rest }: Made): Made =>
	rest.type.endsWith(".retracted") || corrects === undefined ? rest : { ...rest, corrects, ...(statedat === undefined ? {} : { statedat }) }

/** Builds a set of events from one seed per scene and one per act; removing any of them leaves a valid set, so failures shrink. */
export const adversity = (sceneSeeds: readonly number[], actSeeds: readonly number[], logSeed: number): Adversity => {
	const made = new Set<string>()
	const names = Object.keys(scenes)
	const all: Made[] = sceneSeeds.flatMap((seed, scene) => {
		const d = dice(seed)
		const name = d.pick(names)
		made.add(name)
		return (scenes[name] as (dice: Dice) => readonly Draft[])(d).map((draft, at) => ({ ...draft, id: `s${scene}-${at}`, source: d.pick(SOURCES) }))
	})
	if (all.length > 0)
		actSeeds.forEach((seed, at) => {
			const d = dice(seed)
			const name = d.pick(ACTS)
			const found = acts[name]?.(at, all, d) ?? []
			if (found.length > 0) made.add(name)
			all.push(...found.map(legal))
		})
	return { entries: recorded(all, dice(logSeed)), made }
}

/** What the door refuses never comes to the log: an event that names nothing at all, for one. */
const isTaken = (event: Json): boolean => Result.isSuccess(decodeWire(event))

/** Three partitions with clocks of their own: recorded times rise within each, run apart and meet between them. */
const recorded = (all: readonly Made[], { shuffle, int }: Dice): readonly Entry[] => {
	const clocks = [0, 0, 0].map(() => 1000 + int(10))
	return shuffle(all).flatMap((each, offset) => {
		const partition = int(3)
		const known = (clocks[partition] ?? 0) + 1 + int(8)
		clocks[partition] = known
		return isTaken(json(each)) ? [entryOf(json(each), known, partition, offset)] : []
	})
}
