import { randomUUID } from "node:crypto"
import { expect } from "vitest"
import type { Log, LogRecord, Message } from "../src/index.ts"
import { Member, Store } from "./store.ts"
import { until } from "./until.ts"

const WRITERS = 4
const BATCH = 50
const PADDING = "x".repeat(900)

/** Something that is done to the log while it is written; `written` resolves when the messages of this part have all been acknowledged. */
export type Disturbance = (written: Promise<void>) => Promise<void>

export interface Survival {
	readonly messages: number
	readonly seconds: number
	readonly doubled: number
	readonly failedAppends: number
	readonly longestStallMs: number
}

interface Sent {
	readonly writer: number
	readonly i: number
}

const read = ({ value }: LogRecord): Sent => JSON.parse(value)

/**
 * Writes and reads while it is disturbed, then looks at what the log holds: every acknowledged message at its place, each writer's
 * messages in their order (what was not acknowledged may be there twice), and the readers that went on all the while saw just that.
 */
export const survive = async (open: (topic: string) => Promise<Log>, disturbances: readonly Disturbance[], count = 100_000): Promise<Survival> => {
	const topic = randomUUID()
	const [writing, reading, late] = [await open(topic), await open(topic), await open(topic)]
	const store = new Store()
	const members = [new Member("a", store), new Member("b", store)]
	const memberships = [await writing.join("linker", members[0] ?? bug()), await reading.join("linker", members[1] ?? bug())]
	const began = performance.now()
	const acknowledged = new Map<string, string>()
	let [failedAppends, longestStallMs] = [0, 0]

	/** Each writer sends its next batch again and again until it is acknowledged. */
	const next = Array.from({ length: WRITERS }, () => 0)
	const writeUpTo = (each: number, onProgress: () => void) =>
		Promise.all(
			next.map(async (_, writer) => {
				for (let from = next[writer] ?? 0; from < each; from += BATCH) {
					const batch: readonly Message[] = Array.from({ length: BATCH }, (_, k) => ({
						key: `parcel-${(from + k) % 997}`,
						value: JSON.stringify({ writer, i: from + k, padding: PADDING }),
					}))
					const start = performance.now()
					await until(
						"an append is acknowledged",
						() =>
							writing.append(batch).then(
								(places) => {
									for (const [k, { partition, offset }] of places.entries()) acknowledged.set(`${partition}/${offset}`, batch[k]?.value ?? "")
									return true
								},
								(error: unknown) => {
									expect(error).toMatchObject({ retry: true })
									failedAppends += 1
									return false
								},
							),
						90_000,
					)
					longestStallMs = Math.max(longestStallMs, performance.now() - start)
					next[writer] = from + BATCH
					onProgress()
				}
			}),
		)

	const parts = disturbances.length + 1
	for (let part = 1; part <= parts; part++) {
		const half = Promise.withResolvers<void>()
		const middle = ((part - 0.5) * count) / parts
		const written = writeUpTo((part * count) / parts / WRITERS, () => {
			if (next.reduce((a, b) => a + b) >= middle) half.resolve()
		}).then(() => {})
		await half.promise
		await disturbances[part - 1]?.(written)
		await written
	}
	const seconds = (performance.now() - began) / 1000

	const records = new Map<string, LogRecord>()
	const byPartition = new Map<number, LogRecord[]>()
	const all = await late.join(randomUUID(), {
		assigned: async (_, { low }) => low,
		records: async (partition, more) => {
			const own = byPartition.get(partition) ?? []
			byPartition.set(partition, own)
			for (const record of more) {
				records.set(`${record.partition}/${record.offset}`, record)
				own.push(record)
			}
		},
		revoked: async () => {},
	})
	const watermarks = await late.watermarks()
	const isReadTo = (high: bigint, partition: number) => high === 0n || (byPartition.get(partition)?.at(-1)?.offset ?? -1n) + 1n >= high
	await until("the log is read to its end", () => watermarks.every(({ high, partition }) => isReadTo(high, partition)), 60_000)
	await all.leave()

	const lost = [...acknowledged].filter(([place, value]) => records.get(place)?.value !== value)
	expect(lost.slice(0, 3)).toEqual([])
	expect(acknowledged.size).toBe(count)

	let doubled = 0
	for (const own of byPartition.values()) {
		const last = new Map<number, number>()
		const seen = new Set<string>()
		for (const record of own) {
			const { writer, i } = read(record)
			if (seen.has(`${writer}/${i}`)) doubled += 1
			else {
				expect(i, `writer ${writer} in partition ${record.partition}`).toBeGreaterThan(last.get(writer) ?? -1)
				last.set(writer, i)
			}
			seen.add(`${writer}/${i}`)
		}
	}
	const reached = (own: readonly LogRecord[], partition: number) => store.position(partition).values.length >= own.length
	await until("the readers have read it all", () => [...byPartition].every(([partition, own]) => reached(own, partition)), 60_000)
	for (const [partition, own] of byPartition) {
		const values = store.position(partition).values
		expect(values.length).toBe(own.length)
		expect(values.findIndex((value, i) => value !== own[i]?.value)).toBe(-1)
	}
	await Promise.all(memberships.map((membership) => membership.leave()))
	await Promise.all([writing, reading, late].map((log) => log.close()))
	return { messages: count, seconds, doubled, failedAppends, longestStallMs: Math.round(longestStallMs) }
}

const bug = (): never => {
	throw new Error("unreachable")
}
