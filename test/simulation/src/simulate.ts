import type { LogRecord } from "@yima/log"
import { type Entry, toCloudEvent } from "@yima/schemas"
import { adversity, dice } from "@yima/test-convergence"
import { disturbed, type Faults, NO_FAULTS } from "./faults.ts"
import { own } from "./owning.ts"
import { Scheduler } from "./scheduler.ts"
import { memoryStore, type Store } from "./store.ts"
import { type Outcome, watched, wrongOf } from "./verdict.ts"

const PARTITIONS = 3

/** The records of a set of entries, per partition, as a log would give them. */
const recordsOf = (entries: readonly Entry[]): ReadonlyMap<number, readonly LogRecord[]> =>
	Map.groupBy(
		[...entries]
			.sort((a, b) => a.partition - b.partition || (a.offset < b.offset ? -1 : 1))
			.map(({ event, known, partition, offset }) => ({ partition, offset, appendedAt: known, key: "", value: JSON.stringify(toCloudEvent(event)) })),
		(each) => each.partition,
	)

/**
 * Puts a set of events, made to cross each other and dealt to partitions by the dice, through the linkers' owners over a registry, under
 * one seeded scheduler: the same seed, the same run. After each commit an answer is given for the watermark; in the end all of them must
 * still stand.
 */
export const simulate = async (seed: number, faults: Faults = NO_FAULTS, make: (partitions: number) => Store = memoryStore): Promise<Outcome> => {
	const throws = dice(seed)
	const { int, chance } = throws
	const seeds = (count: number) => Array.from({ length: count }, () => int(2 ** 31))
	const { entries } = adversity(seeds(1 + int(4)), seeds(int(8)), int(2 ** 31))
	const records = recordsOf(entries)
	const store = make(PARTITIONS)
	const scheduler = new Scheduler(throws)
	const { registry, answers } = watched(store)
	const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
	const work = (partition: number): Promise<void> =>
		own({
			partition,
			registry: disturbed(registry, scheduler.gate, throws, faults),
			store,
			held: () => records.get(partition) ?? [],
			isOver: ({ positions }) => [...records].every(([each, all]) => (positions.get(each)?.next ?? 0n) > (all.at(-1)?.offset ?? -1n)),
			throws,
			faults,
		})
	await scheduler.run(Promise.all(partitions.flatMap((each) => [work(each), ...(chance(faults.zombie) ? [work(each)] : [])])))
	return { wrong: wrongOf(await store.contents(), entries, answers), turns: answers.length, answers: answers.length }
}
