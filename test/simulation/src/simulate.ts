import { Owner } from "@yima/linker"
import { standing as standingOf } from "@yima/linking"
import type { LogRecord } from "@yima/log"
import { MemoryRegistry, type Reading, type Registry, type Wanted, type Writes, watermarkOf } from "@yima/registry"
import { type Entry, type Known, type Moment, sameBody, toCloudEvent } from "@yima/schemas"
import { adversity, dice } from "@yima/test-convergence"
import { batch, pictureOf } from "@yima/test-kit"
import { differences, pictureAt, type Shown, shownAt } from "./picture.ts"
import { Scheduler } from "./scheduler.ts"

const NOW = 0 as Moment
const LATEST = Number.MAX_SAFE_INTEGER as Known

/** How often each fault comes, in percent of the calls of the registry. */
export interface Faults {
	/** The call fails and has done nothing. */
	readonly failed: number
	/** The call has done its work, and the answer is lost. */
	readonly lost: number
	/** The owner dies between two turns and another begins with what the log gives again. */
	readonly crash: number
	/** A second owner of the same partition works beside the first. */
	readonly zombie: number
}

export const NO_FAULTS: Faults = { failed: 0, lost: 0, crash: 0, zombie: 0 }

export interface Outcome {
	/** What is wrong; null: the registry answers what the specification does, and has always answered so. */
	readonly wrong: string | null
	readonly turns: number
	readonly answers: number
}

const placeOf = ({ partition, offset }: Entry): string => `${partition}-${offset}`

/** The records of a set of entries, per partition, as a log would give them. */
const recordsOf = (entries: readonly Entry[]): ReadonlyMap<number, readonly LogRecord[]> =>
	Map.groupBy(
		[...entries]
			.sort((a, b) => a.partition - b.partition || (a.offset < b.offset ? -1 : 1))
			.map(({ event, known, partition, offset }) => ({ partition, offset, appendedAt: known, key: "", value: JSON.stringify(toCloudEvent(event)) })),
		(each) => each.partition,
	)

/** All that one snapshot of a registry holds. */
export interface Contents extends Shown {
	readonly positions: ReadonlyMap<number, Reading & { readonly next: bigint; readonly unchecked: unknown }>
	readonly mail: readonly { readonly from: Known | null; readonly due: Moment }[]
	/** Places of rejected records: `partition-offset`. */
	readonly rejected: ReadonlyMap<string, unknown>
}

/** A registry to be put through it, and how to look into it. */
export interface Store {
	readonly registry: Registry
	readonly contents: () => Promise<Contents> | Contents
}

export const memoryStore = (partitions: number): Store => {
	const registry = new MemoryRegistry(partitions)
	return { registry, contents: () => registry }
}

/** One reading of the registry, as a query takes it: rows and watermark of one snapshot. */
const answerOf = (store: Contents, partitions: number, rows: Shown = store): { readonly known: Known; readonly shown: string } => {
	const known = watermarkOf(
		[...store.positions.values()],
		store.mail.map((each) => each.from),
		partitions,
	)
	return { known, shown: shownAt(rows, known) }
}

/** A registry whose every call waits for the scheduler, and fails as the dice say. */
const disturbed = (registry: Registry, gate: () => Promise<void>, { chance }: ReturnType<typeof dice>, faults: Faults): Registry => {
	const call = async <A>(work: () => Promise<A>): Promise<A> => {
		await gate()
		if (chance(faults.failed)) throw new Error("the registry cannot be reached")
		const answer = await work()
		await gate()
		if (chance(faults.lost)) throw new Error("the registry's answer is lost")
		return answer
	}
	return {
		partitions: registry.partitions,
		open: (...args) => call(() => registry.open(...args)),
		// As from a database: each kind of rows is of a moment of its own, links first.
		load: async (wanted) => {
			const part = (some: Wanted) => call(() => registry.load(some))
			const { links } = await part({ links: wanted.links ?? [] })
			const { concerns, states } = wanted
			if (concerns !== undefined || states !== undefined) return part({ concerns: concerns ?? [], states: states ?? [] })
			const [entries, acts, definitions, users] = await Promise.all([
				part({ entries: wanted.entries ?? [] }),
				part({ acts: wanted.acts ?? [] }),
				part({ definitions: wanted.definitions ?? [] }),
				part({ users: wanted.users ?? [] }),
			])
			return { links, entries: entries.entries, acts: acts.acts, definitions: definitions.definitions, users: users.users, concerns: [], states: [] }
		},
		unseen: (...args) => call(() => registry.unseen(...args)),
		waiting: (...args) => call(() => registry.waiting(...args)),
		units: (...args) => call(() => registry.units(...args)),
		distrust: (...args) => call(() => registry.distrust(...args)),
		commit: (...args) => call(() => registry.commit(...args)),
	}
}

/**
 * Puts a set of events, made to cross each other, through the linkers' owners over a registry in memory, under one seeded scheduler:
 * the same seed, the same run. After each commit an answer is given for the watermark; in the end all of them must still stand.
 */
export const simulate = async (seed: number, faults: Faults = NO_FAULTS, make: (partitions: number) => Store = memoryStore): Promise<Outcome> => {
	const throws = dice(seed)
	const { int, chance } = throws
	const seeds = (count: number) => Array.from({ length: count }, () => int(2 ** 31))
	const { entries } = adversity(seeds(1 + int(4)), seeds(int(8)), int(2 ** 31))
	const records = recordsOf(entries)
	const partitions = 3
	const { registry: store, contents } = make(partitions)
	const scheduler = new Scheduler(throws)
	const answers: { readonly known: Known; readonly shown: string }[] = []
	let turns = 0
	const watched: Registry = {
		partitions,
		open: store.open,
		load: store.load,
		unseen: store.unseen,
		waiting: store.waiting,
		units: store.units,
		distrust: store.distrust,
		commit: async (partition: number, turn: number, writes: Writes) => {
			const answer = await store.commit(partition, turn, writes)
			if (answer === "done") {
				turns++
				answers.push(answerOf(await contents(), partitions))
			}
			return answer
		},
	}
	const registry = disturbed(watched, scheduler.gate, throws, faults)

	const work = async (partition: number): Promise<void> => {
		const begin = () => new Owner({ partition, registry, incarnation: "1", now: () => NOW, posted: () => undefined })
		const all = records.get(partition) ?? []
		let owner = begin()
		let given = 0
		const deliver = () => {
			const count = 1 + int(Math.max(1, all.length))
			owner.give(all.slice(given, given + count))
			given = Math.min(all.length, given + count)
		}
		for (;;) {
			if (chance(faults.crash)) {
				owner = begin()
				const { position } = await store.open(partition, NOW, 0)
				const from = all.findIndex((each) => each.offset >= (position?.next ?? 0n))
				given = from < 0 ? all.length : from
			}
			if (given < all.length && chance(60)) deliver()
			const step = await owner.step().catch(() => "failed" as const)
			if (step === "idle" && given >= all.length && isQuiet(await contents())) return
		}
	}
	/** Nobody has anything left to do that could make work for another. */
	const isQuiet = ({ mail, positions }: Contents): boolean =>
		mail.every((each) => each.due > NOW) &&
		[...records].every(([partition, all]) => (positions.get(partition)?.next ?? 0n) > (all.at(-1)?.offset ?? -1n)) &&
		[...positions.values()].every((each) => each.unchecked === null)
	const workers = Array.from({ length: partitions }, (_, partition) => partition).flatMap((partition) => [
		work(partition),
		...(chance(faults.zombie) ? [work(partition)] : []),
	])
	await scheduler.run(Promise.all(workers))

	const standing = standingOf(entries)
	return { wrong: wrongOf(await contents()), turns, answers: answers.length }

	function hasRival(entry: Entry): boolean {
		return entries.some((each) => each.event.key === entry.event.key && !sameBody(each.event, entry.event))
	}

	/** Another body than the one that stands under its identity. */
	function isRival(entry: Entry): boolean {
		const stands = standing.get(entry.event.key)
		return stands !== undefined && stands !== entry && !sameBody(stands.event, entry.event)
	}

	function wrongOf(found: Contents): string | null {
		const world = batch(entries)
		if (JSON.stringify(pictureAt(found, LATEST)) !== JSON.stringify(pictureOf(world))) return differences(found, world).join("\n")
		const rejected = [...found.rejected.keys()]
		const missing = entries.filter((each) => isRival(each) && !found.rejected.has(placeOf(each)))
		// Equal bodies have equal keys and so one partition, but here the dice deal partitions: one may have been refused beside a rival that fell later.
		const wrongly = entries.filter((each) => found.rejected.has(placeOf(each)) && !hasRival(each))
		if (missing.length + wrongly.length > 0)
			return `conflicts\n  missing: ${missing.map(placeOf).join()}\n  wrongly: ${wrongly.map(placeOf).join()}\n  rejected: ${rejected.join()}`
		for (const { known, shown } of answers) {
			const now = shownAt(found, known)
			if (now !== shown) return `the answer given for ${known} has changed\n  then: ${shown.slice(0, 3000)}\n  now:  ${now.slice(0, 3000)}`
		}
		return null
	}
}
