import { Keyring, MasterKey, MemoryKeyStore } from "@yima/access"
import type { Door } from "@yima/intake"
import { readRecord, recordedTime } from "@yima/linker"
import { type LogRecord, LogUnavailable, memoryLog } from "@yima/log"
import { type Entry, eventKey, formatPosition, type Known } from "@yima/schemas"
import { adversity, dice } from "@yima/test-convergence"
import { disturbed, type Faults, NO_FAULTS } from "./faults.ts"
import { own } from "./owning.ts"
import { Scheduler } from "./scheduler.ts"
import { asSent, type Sent, send } from "./sending.ts"
import { memoryStore } from "./store.ts"
import { type Outcome, watched, wrongOf } from "./verdict.ts"

const PARTITIONS = 3
const SENDERS = 3
/** The day of the door's clock, ms: after all that these events tell. */
const TODAY = Date.parse("2026-01-01T00:00:00Z")

/** How the records of a partition are entries, as linkers must read them. */
const entriesOf = (records: readonly LogRecord[]): readonly Entry[] => {
	let known = 0 as Known
	return records.flatMap((record) => {
		known = recordedTime(known, record.appendedAt)
		const read = readRecord(record, known)
		return read.is === "event" ? [read.entry] : []
	})
}

/** What is wrong with the answers at the door, seen from the log. */
const wronglyAnswered = (sent: readonly Sent[], entries: readonly Entry[]): string | null => {
	const at = new Map(entries.map((each) => [formatPosition(each), each.event.key]))
	for (const { input, result } of sent) {
		const { status, source, id, position } = result
		const key = eventKey(source as Parameters<typeof eventKey>[0], id)
		if (status === "rejected") return `the door refused ${JSON.stringify(input)}: ${JSON.stringify(result)}`
		if (position !== null && at.get(position) !== key) return `${key} was ${status} at ${position}, where ${at.get(position)} lies`
		if (status === "conflict" && !entries.some((each) => each.event.key === key)) return `${key} was called a conflict with nothing`
	}
	return null
}

/**
 * From the door to the registry: departments send the same set of events side by side, doubled where an answer is lost, through the real
 * door into a log in memory whose clock jumps, from which owners of partitions link, all under one seeded scheduler. What the log holds
 * in the end, by the specification, is what the registry must answer.
 */
export const simulateWhole = async (seed: number, faults: Faults = NO_FAULTS): Promise<Outcome> => {
	const throws = dice(seed)
	const { int, chance } = throws
	const seeds = (count: number) => Array.from({ length: count }, () => int(2 ** 31))
	const { entries } = adversity(seeds(1 + int(3)), seeds(int(6)), int(2 ** 31))
	const scheduler = new Scheduler(throws)
	let clock = 1_000
	const log = memoryLog({
		partitions: PARTITIONS,
		now: () => {
			clock += int(4)
			// A step of the clock: back as well.
			if (faults.crash > 0 && chance(5)) clock += int(2000) - 1000
			return Math.max(1, clock)
		},
	})
	const store = memoryStore(PARTITIONS)
	const { registry, answers } = watched(store)
	const away = disturbed(registry, scheduler.gate, throws, faults)
	const keyring = new Keyring(new MasterKey(Buffer.alloc(32, 7)), new MemoryKeyStore())
	const door: Door = {
		registry: away,
		keyring,
		now: () => TODAY,
		log: {
			append: async (messages) => {
				await scheduler.gate()
				if (chance(faults.failed)) throw new LogUnavailable("the log cannot be reached")
				const places = await log.append(messages)
				await scheduler.gate()
				if (chance(faults.lost)) throw new LogUnavailable("the log's answer is lost")
				return places
			},
		},
	}
	const shares = Map.groupBy(entries, () => int(SENDERS))
	let sending = shares.size
	const departments = [...shares.values()].map((share) =>
		send(
			door,
			share.map(({ event }) => asSent(event)),
			throws,
		).finally(() => {
			sending--
		}),
	)
	const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
	const work = (partition: number): Promise<void> =>
		own({
			partition,
			registry: away,
			store,
			held: () => log.held(partition),
			isOver: ({ positions }) => sending === 0 && partitions.every((each) => (positions.get(each)?.next ?? 0n) >= BigInt(log.held(each).length)),
			throws,
			faults,
		})
	const working = partitions.flatMap((each) => [work(each), ...(chance(faults.zombie) ? [work(each)] : [])])
	const [sent] = await Promise.all([Promise.all(departments), scheduler.run(Promise.all([...departments, ...working]))])
	const held = partitions.flatMap((each) => entriesOf(log.held(each)))
	return { wrong: wronglyAnswered(sent.flat(), held) ?? wrongOf(await store.contents(), held, answers), turns: answers.length, answers: answers.length }
}
