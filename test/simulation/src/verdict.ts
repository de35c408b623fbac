import { Judges } from "@yima/linker"
import { standing as standingOf } from "@yima/linking"
import { type Registry, type Writes, watermarkOf } from "@yima/registry"
import { type Entry, equal, isProject, type Known, sameBody } from "@yima/schemas"
import { batch, pictureOf, type World } from "@yima/test-kit"
import { NOW } from "./owning.ts"
import { differences, pictureAt, type Shown, shownAt } from "./picture.ts"
import type { Contents, Store } from "./store.ts"

const LATEST = Number.MAX_SAFE_INTEGER as Known

/** What a query was answered once. */
export interface Given {
	readonly known: Known
	readonly shown: string
}

export interface Outcome {
	/** What is wrong; null: the registry answers what the specification does, and has always answered so. */
	readonly wrong: string | null
	readonly turns: number
	readonly answers: number
}

/** One reading of the registry, as a query takes it: rows and watermark of one snapshot. */
const answerOf = (store: Contents, partitions: number, rows: Shown = store): Given => {
	const known = watermarkOf(
		[...store.positions.values()],
		store.mail.map((each) => each.from),
		partitions,
	)
	return { known, shown: shownAt(rows, known) }
}

/** The same registry, with an answer for the watermark taken after each of its commits. */
export const watched = ({ registry, contents }: Store): { readonly registry: Registry; readonly answers: readonly Given[] } => {
	const answers: Given[] = []
	const { partitions } = registry
	return {
		answers,
		registry: {
			partitions,
			open: registry.open,
			load: registry.load,
			unseen: registry.unseen,
			waiting: registry.waiting,
			below: registry.below,
			members: registry.members,
			countUnits: registry.countUnits,
			reached: registry.reached,
			watermark: registry.watermark,
			distrust: registry.distrust,
			commit: async (partition: number, turn: number, writes: Writes) => {
				const answer = await registry.commit(partition, turn, writes)
				if (answer === "done") answers.push(answerOf(await contents(), partitions))
				return answer
			},
		},
	}
}

const placeOf = ({ partition, offset }: Entry): string => `${partition}-${offset}`

const sorted = (rows: readonly (readonly unknown[])[]): readonly string[] => rows.map((each) => JSON.stringify(each)).sort()

/** A scope on which something else is kept than its facts decide by the end of time. */
const wronglyJudged = ({ states, rulings }: Contents, world: World): string | null => {
	if (states === undefined || rulings === undefined) return null
	const judges = new Judges(world.states, NOW)
	for (const [scope, row] of states) {
		const members = isProject(scope)
			? {
					buildings: [...states.values()].flatMap((each) =>
						each.judged?.project === scope && each.scope.length === 24 ? [{ code: each.scope, acts: each.judged.acts }] : [],
					),
					units: [...states.values()].flatMap((each) =>
						each.judged?.project === scope && each.scope.length === 28 ? [{ code: each.scope, sold: each.judged.sold, acts: each.judged.acts }] : [],
					),
				}
			: null
		const { stage, judged, findings, deadlines } = judges.judging(scope, members)
		const wanted = [
			stage,
			judged,
			sorted(findings.map((each) => [each.code, each.on, each.severity])),
			sorted(deadlines.map((each) => [each.id, each.on, each.dueAt, each.metAt])),
		]
		const ruling = rulings.get(scope)
		const kept = [
			row.stage,
			row.judged,
			sorted((ruling?.findings ?? []).map((each) => [each.code, each.thing, each.severity])),
			sorted((ruling?.deadlines ?? []).map((each) => [each.id, each.thing, each.dueAt, each.metAt])),
		]
		if (!equal(wanted, kept)) return `what is judged of ${scope}\n  kept:   ${JSON.stringify(kept)}\n  wanted: ${JSON.stringify(wanted)}`
	}
	return null
}

/** What is wrong with a registry into which these entries went: against the specification, and against the answers that it gave on the way. */
export const wrongOf = (found: Contents, entries: readonly Entry[], answers: readonly Given[]): string | null => {
	const world = batch(entries)
	if (JSON.stringify(pictureAt(found, LATEST)) !== JSON.stringify(pictureOf(world))) return differences(found, world).join("\n")
	const standing = standingOf(entries)
	/** Another body than the one that stands under its identity. */
	const isRival = (entry: Entry): boolean => {
		const stands = standing.get(entry.event.key)
		return stands !== undefined && stands !== entry && !sameBody(stands.event, entry.event)
	}
	const hasRival = (entry: Entry): boolean => entries.some((each) => each.event.key === entry.event.key && !sameBody(each.event, entry.event))
	/** Refused as this body: its double, dropped while the first of them still stood, is not refused a second time. */
	const isRefused = (entry: Entry): boolean =>
		entries.some((each) => each.event.key === entry.event.key && sameBody(each.event, entry.event) && found.rejected.has(placeOf(each)))
	const missing = entries.filter((each) => isRival(each) && !isRefused(each))
	// Equal bodies have equal keys and so one partition, but dice may deal partitions: one may have been refused beside a rival that fell later.
	const wrongly = entries.filter((each) => found.rejected.has(placeOf(each)) && !hasRival(each))
	if (missing.length + wrongly.length > 0)
		return `conflicts\n  missing: ${missing.map(placeOf).join()}\n  wrongly: ${wrongly.map(placeOf).join()}\n  rejected: ${[...found.rejected.keys()].join()}`
	for (const { known, shown } of answers) {
		const now = shownAt(found, known)
		if (now !== shown) return `the answer given for ${known} has changed\n  then: ${shown.slice(0, 3000)}\n  now:  ${now.slice(0, 3000)}`
	}
	return wronglyJudged(found, world)
}
