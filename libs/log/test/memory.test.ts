import { expect, test } from "vitest"
import { type MemoryLog, memoryLog } from "../src/index.ts"
import { contract, PARTITIONS } from "./contract.ts"
import { until } from "./until.ts"

contract("the log in memory", async () => {
	const logs = new Map<string, { readonly log: MemoryLog; readonly held: Map<number, Promise<void>> }>()
	const find = (topic: string) => {
		const held = new Map<number, Promise<void>>()
		const busy = (partition: number) => {
			const late = new Promise<boolean>((resolve) => setTimeout(resolve, 100, true))
			return Promise.race([late, held.get(partition)?.then(() => false) ?? false])
		}
		const found = logs.get(topic) ?? { log: memoryLog({ partitions: PARTITIONS, retryMs: 50, redMs: 50, busy }), held }
		logs.set(topic, found)
		return found
	}
	return {
		open: async (topic) => find(topic).log,
		recreate: async (topic) => find(topic).log.recreate(),
		lose: async (topic, partition) => find(topic).log.truncate(partition, 3n),
		hold: async (topic, partition) => {
			const { promise, resolve } = Promise.withResolvers<void>()
			find(topic).held.set(partition, promise)
			return async () => resolve()
		},
		stop: async () => {},
	}
})

test("append times come from the clock that was given", async () => {
	let now = 1_700_000_000_000_000
	const log = memoryLog({ partitions: 1, now: () => now })
	await log.append([{ key: "a", value: "1" }])
	now += 5
	await log.append([{ key: "a", value: "2" }])
	expect(log.held(0).map(({ appendedAt }) => appendedAt)).toEqual([1_700_000_000_000_000, 1_700_000_000_000_005])
})

test("a place beyond the end stays lost although the log grows past it", async () => {
	const log = memoryLog({ partitions: 1, retryMs: 10, redMs: 10 })
	const append = (count: number) => log.append(Array.from({ length: count }, (_, i) => ({ key: "a", value: String(i) })))
	await append(5)
	let [place, asked] = [8n, 0]
	const read: bigint[] = []
	await log.join("linker", {
		assigned: async () => {
			asked += 1
			return place
		},
		records: async (_, records) => void read.push(...records.map(({ offset }) => offset)),
		revoked: async () => {},
	})
	await until("it was asked about twice", () => asked >= 2)
	await append(10)
	const before = asked
	await until("it was asked about again", () => asked > before + 1)
	expect(read).toEqual([])
	place = 14n
	await until("another place is read", () => read.length > 0)
	expect(read).toEqual([14n])
	await log.close()
})
