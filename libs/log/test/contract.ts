import { randomUUID } from "node:crypto"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { type Log, type LogRecord, type Message, type Place, partitionOf } from "../src/index.ts"
import { Member, Store } from "./store.ts"
import { until } from "./until.ts"

/** What the suite needs to know of an implementation and its surroundings. */
export interface Ground {
	/** Another client of the log of this name, which has `PARTITIONS`. */
	readonly open: (topic: string) => Promise<Log>
	/** Deletes the topic and creates it again under its name. */
	readonly recreate: (topic: string) => Promise<void>
	/** Loses records of a partition, at its end or those not yet read, as this log can, so that a reader's place leads nowhere. */
	readonly lose: (topic: string, partition: number) => Promise<void>
	/** Holds a partition as a slow writer would; answers how to let go. Left out where a writer cannot. */
	readonly hold?: (topic: string, partition: number) => Promise<() => Promise<void>>
	readonly stop: () => Promise<void>
}

export const PARTITIONS = 6
const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition)

/** A key of each partition. */
const keyOf = (partition: number): string => {
	for (let i = 0; ; i++) if (partitionOf(`parcel-${i}`, PARTITIONS) === partition) return `parcel-${i}`
}
const KEYS = ALL.map(keyOf)

const messages = (name: string, count: number): readonly Message[] =>
	Array.from({ length: count }, (_, i) => ({ key: `parcel-${i}`, value: JSON.stringify({ name, i }) }))

const gate = () => {
	const { promise, resolve } = Promise.withResolvers<void>()
	return { passed: promise, open: resolve }
}

const place = ({ partition, offset }: Place): string => `${partition}/${offset}`

/** Everything that the log holds from the start, read by a group of its own. */
const readAll = async (log: Log, count: number): Promise<readonly LogRecord[]> => {
	const records: LogRecord[] = []
	const membership = await log.join(randomUUID(), {
		assigned: async (_, { low }) => low,
		records: async (_, more) => void records.push(...more),
		revoked: async () => {},
	})
	await until(`${count} records are read`, () => records.length >= count)
	await membership.leave()
	return records
}

const holdsItsShare = (members: readonly Member[]): boolean => {
	const owned = members.flatMap((member) => [...member.owned])
	const even = members.every(({ owned }) => owned.size === PARTITIONS / members.length)
	return even && owned.length === PARTITIONS && new Set(owned).size === PARTITIONS
}

/** The promises of the log, for any implementation. */
export const contract = (name: string, start: () => Promise<Ground>): void => {
	describe(name, () => {
		let ground: Ground
		const opened: Log[] = []
		beforeAll(async () => {
			ground = await start()
		}, 180_000)
		afterEach(async () => {
			await Promise.all(opened.splice(0).map((log) => log.close()))
		}, 60_000)
		afterAll(async () => {
			await ground?.stop()
		}, 60_000)
		const open = async (topic: string): Promise<Log> => {
			const log = await ground.open(topic)
			opened.push(log)
			return log
		}

		test("everybody reads what was appended, in one order and at the places that were answered", async () => {
			const topic = randomUUID()
			const log = await open(topic)
			const another = await open(topic)
			const said = new Map<string, string>()
			const write = async (writer: string, index: number) => {
				for (let batch = 0; batch < 10; batch++) {
					const sent = messages(`${writer}-${batch}`, 25)
					const places = await (index === 0 ? another : log).append(sent)
					for (const [i, { value, key }] of sent.entries()) {
						const at = places[i]
						if (at === undefined) throw new Error("no place")
						expect(at.partition).toBe(partitionOf(key, PARTITIONS))
						said.set(place(at), value)
					}
				}
			}
			await Promise.all(["a", "b", "c"].map(write))
			expect(said.size).toBe(750)
			const readings = [await readAll(log, 750), await readAll(another, 750)]
			for (const records of readings) {
				expect(new Map(records.map((record) => [place(record), record.value]))).toEqual(said)
				for (const partition of ALL) {
					const own = records.filter((record) => record.partition === partition)
					expect(own.map(({ offset }) => offset)).toEqual(own.map((_, i) => (own[0]?.offset ?? 0n) + BigInt(i)))
					for (const writer of ["a", "b", "c"]) {
						const batches = own.map(({ value }) => value).filter((value) => value.startsWith(`{"name":"${writer}-`))
						expect(batches).toEqual([...batches].sort((a, b) => order(a) - order(b)))
					}
				}
				for (const { appendedAt } of records) expect(Math.abs(appendedAt / 1000 - Date.now())).toBeLessThan(600_000)
			}
			const watermarks = await log.watermarks()
			expect(watermarks.map(({ high, low }) => Number(high - low)).reduce((a, b) => a + b)).toBe(750)
		})

		test("any text comes back as it went in", async () => {
			const log = await open(randomUUID())
			const texts = ["不动产单元", "😀", "\u0000", "a\u001eb\u001dc\u001d-", "\ud800", '{"line":"\\n"}', "\n", "x".repeat(100_000)]
			await log.append([...texts.map((value) => ({ key: "k", value })), ...texts.map((key) => ({ key, value: "{}" })), { key: "", value: "{}" }])
			const records = await readAll(log, texts.length * 2 + 1)
			const values = records.filter(({ key, value }) => key === "k" && value !== "{}").map(({ value }) => value)
			expect(values).toEqual(texts.map((text) => text.toWellFormed()))
			expect(new Set(records.filter(({ value }) => value === "{}").map(({ key }) => key))).toEqual(new Set(["", ...texts.map((text) => text.toWellFormed())]))
		})

		test("ten megabytes go in one append, and one message may have five", async () => {
			const log = await open(randomUUID())
			const many = Array.from({ length: 10_000 }, (_, i) => ({ key: `parcel-${i}`, value: `${i} ${"登".repeat(340)}` }))
			const places = await log.append(many)
			const big = { key: "parcel-0", value: "x".repeat(5_000_000) }
			const [bigPlace] = await log.append([big])
			const found = new Map((await readAll(log, 10_001)).map((record) => [place(record), record.value.length]))
			expect(found).toEqual(new Map([...many, big].map(({ value }, i) => [place(places[i] ?? bigPlace ?? { partition: -1, offset: -1n }), value.length])))
		})

		test("one member, three, two: each partition has one owner who reads all of it, in order", async () => {
			const topic = randomUUID()
			const store = new Store()
			const members = ["a", "b", "c"].map((member) => new Member(member, store))
			const [a, b, c] = members
			if (a === undefined || b === undefined || c === undefined) throw new Error("three members")
			const logs = await Promise.all(members.map(() => open(topic)))
			const join = (index: number, member: Member) => logs[index]?.join("linker", member)
			let sent = 0
			const expected = new Map<number, string[]>()
			const write = async (batches: number) => {
				for (let i = 0; i < batches; i++) {
					const batch = messages(`batch-${sent}`, 60)
					await logs[0]?.append(batch)
					sent += batch.length
					for (const { key, value } of batch) {
						const partition = partitionOf(key, PARTITIONS)
						expected.set(partition, [...(expected.get(partition) ?? []), value])
					}
				}
			}
			const settle = async (owners: readonly Member[]) => {
				await until(`${owners.map((owner) => owner.name)} share the partitions`, () => holdsItsShare(owners))
				const before = new Map(ALL.map((partition) => [partition, store.position(partition).values.length]))
				await until("everything is read", () => store.count === sent)
				await write(1)
				await until("everything is read", () => store.count === sent)
				for (const partition of ALL) {
					const owner = owners.find(({ owned }) => owned.has(partition))?.name
					const late = store.position(partition).by.slice(before.get(partition)).slice(-5)
					expect(new Set(late)).toEqual(new Set([owner]))
				}
			}
			const first = await join(0, a)
			await write(3)
			await settle([a])
			const writing = write(20)
			const second = await join(1, b)
			const third = await join(2, c)
			await writing
			await settle([a, b, c])
			const more = write(20)
			await first?.leave()
			await more
			await settle([b, c])
			expect(a.owned.size).toBe(0)
			for (const partition of ALL) expect(store.position(partition).values).toEqual(expected.get(partition))
			await Promise.all([second?.leave(), third?.leave()])
		})

		test("a reader goes on where its own store says, and a stored place is enough", async () => {
			const topic = randomUUID()
			const store = new Store()
			const log = await open(topic)
			await log.append(messages("before", 120))
			const first = await log.join("linker", new Member("first", store))
			await until("the first has read all", () => store.count === 120)
			await first.leave()
			await log.append(messages("between", 120))
			const seen: string[] = []
			const second = new Member("second", store)
			second.before = async (_, records) => void seen.push(...records.map(({ value }) => value))
			const membership = await (await open(topic)).join("linker", second)
			await until("the second has read the rest", () => store.count === 240)
			expect(seen.every((value) => value.includes("between"))).toBe(true)
			expect(seen.length).toBe(120)
			await membership.leave()
		})

		test("a refused delivery comes again, the same, and other partitions go on meanwhile", async () => {
			const log = await open(randomUUID())
			const store = new Store()
			const member = new Member("a", store)
			const deliveries: string[] = []
			let refuse = true
			member.before = async (partition, records) => {
				if (partition !== 0) return
				deliveries.push(records.map(({ value }) => value).join())
				if (refuse) throw new Error("the database is away")
			}
			const membership = await log.join("linker", member)
			await until("the member has all", () => holdsItsShare([member]))
			await log.append(KEYS.map((key) => ({ key, value: "first" })))
			await until("the delivery was refused twice", () => deliveries.length >= 2)
			await until("the others go on", () => store.count === PARTITIONS - 1)
			expect(new Set(deliveries)).toEqual(new Set(["first"]))
			refuse = false
			await until("all is read", () => store.count === PARTITIONS)
			await log.append(KEYS.map((key) => ({ key, value: "second" })))
			await until("all is read", () => store.count === 2 * PARTITIONS)
			for (const partition of ALL) expect(store.position(partition).values).toEqual(["first", "second"])
			await membership.leave()
		})

		test("a zombie that wakes after another took its partition changes nothing, even if the other has stored no record yet", async () => {
			const topic = randomUUID()
			const store = new Store()
			const [zombie, heir] = [new Member("zombie", store), new Member("heir", store)]
			const [asleep, waiting] = [gate(), gate()]
			const inHand = new Set<number>()
			zombie.before = async (partition) => {
				inHand.add(partition)
				await asleep.passed
			}
			heir.before = () => waiting.passed
			const first = await (await open(topic)).join("linker", zombie)
			await until("the zombie has all", () => holdsItsShare([zombie]))
			const log = await open(topic)
			await log.append(KEYS.map((key) => ({ key, value: "one" })))
			await until("the zombie has records of each in hand", () => inHand.size === PARTITIONS)
			const second = await log.join("linker", heir)
			await until("the heir has its share", () => heir.owned.size === PARTITIONS / 2, 60_000)
			const [taken] = heir.owned
			if (taken === undefined) throw new Error("nothing was taken over")
			heir.turn(taken, [])
			expect(store.position(taken)).toMatchObject({ turn: 1, values: [] })
			asleep.open()
			await until("the zombie was fenced", () => zombie.fenced.includes(taken))
			expect(store.position(taken)).toMatchObject({ turn: 1, values: [] })
			waiting.open()
			await until("all is read", () => store.count === PARTITIONS)
			await until("both have their share", () => holdsItsShare([zombie, heir]), 60_000)
			await log.append(KEYS.map((key) => ({ key, value: "two" })))
			await until("all is read", () => store.count === 2 * PARTITIONS)
			for (const partition of ALL) expect(store.position(partition).values).toEqual(["one", "two"])
			await Promise.all([first.leave(), second.leave()])
		})

		test("another log under the same name stops the reader until it is adopted", async () => {
			const topic = randomUUID()
			const store = new Store()
			const log = await open(topic)
			const member = new Member("a", store)
			const membership = await log.join("linker", member)
			await log.append(messages("old", 60))
			await until("the old log is read", () => store.count === 60)
			const old = await log.incarnation()
			await ground.recreate(topic)
			const writer = await open(topic)
			await until("the new log is there", async () => (await writer.incarnation()) !== old)
			const added = messages("new", 600)
			await until("the new log takes records", () =>
				writer.append(added).then(
					() => true,
					() => false,
				),
			)
			const others = () => member.asked.filter(({ incarnation }) => incarnation !== old)
			await until("each partition was asked about", () => new Set(others().map(({ partition }) => partition)).size === PARTITIONS, 60_000)
			expect(others().every(({ answer }) => answer === null)).toBe(true)
			expect(store.count).toBe(60)
			for (const partition of ALL) Object.assign(store.position(partition), { place: 0n })
			store.incarnation = await writer.incarnation()
			await until("the adopted log is read", () => store.count >= 660, 60_000)
			await membership.leave()
		}, 180_000)

		test("a log that no longer holds a place stops that partition alone, for who is reading and for who comes later", async () => {
			const topic = randomUUID()
			const store = new Store()
			const log = await open(topic)
			const reader = new Member("reader", store)
			let refuse = false
			reader.before = async (partition) => {
				if (refuse && partition === 0) throw new Error("not now")
			}
			const membership = await log.join("linker", reader)
			const readBy = (name: string, count: number) => messages(name, count).filter(({ key }) => partitionOf(key, PARTITIONS) !== 0).length
			await log.append(messages("old", 120))
			await until("all is read", () => store.count === 120)
			refuse = true
			await log.append(messages("unread", 60))
			await until("the others are read", () => store.count === 120 + readBy("unread", 60))
			await ground.lose(topic, 0)
			const red = (member: Member) => member.asked.filter(({ answer }) => answer === null).map(({ partition }) => partition)
			await until("the partition is red", () => red(reader).includes(0))
			refuse = false
			await log.append(messages("new", 120))
			const expected = 120 + readBy("unread", 60) + readBy("new", 120)
			await until("the others go on", () => store.count === expected)
			const times = red(reader).length
			await until("it was asked about again", () => red(reader).length > times)
			await membership.leave()
			const late = new Member("late", store)
			const again = await log.join("linker", late)
			await until("it is red for who comes later", () => red(late).includes(0))
			await log.append(messages("later", 60))
			await until("the others go on", () => store.count === expected + readBy("later", 60))
			expect(new Set([...red(reader), ...red(late)])).toEqual(new Set([0]))
			expect(store.position(0).values.filter((value) => !value.includes("old"))).toEqual([])
			await again.leave()
		})

		test("while somebody holds a partition, appends there fail as busy, others go on, and no reader passes a hole", async ({ skip }) => {
			const { hold } = ground
			if (hold === undefined) return skip("no writer can hold a partition of this log")
			const topic = randomUUID()
			const store = new Store()
			const log = await open(topic)
			const member = new Member("a", store)
			const membership = await log.join("linker", member)
			await log.append(KEYS.map((key) => ({ key, value: "first" })))
			const letGo = await hold(topic, 2)
			const [held = ""] = KEYS.slice(2)
			const busy = expect(log.append([{ key: held, value: "unsure" }])).rejects.toMatchObject({ _tag: "LogBusy", retry: true })
			const free = KEYS.filter((_, partition) => partition !== 2)
			for (let i = 0; i < 5; i++) await log.append(free.map((key) => ({ key, value: `meanwhile ${i}` })))
			await until("the others are read", () => store.count === PARTITIONS + 5 * free.length)
			await busy
			const patient = log.append([{ key: held, value: "patient" }])
			await letGo()
			const [at] = await patient
			await until("the patient one is read", () => store.position(2).values.includes("patient"))
			expect(store.position(2).values.filter((value) => value !== "unsure")).toEqual(["first", "patient"])
			expect(store.position(2).place).toBe((at?.offset ?? -1n) + 1n)
			await membership.leave()
		})
	})
}

/** The number of a message among those of its writer. */
const order = (value: string): number => {
	const [, batch, i] = /-(\d+)","i":(\d+)/.exec(value) ?? []
	return Number(batch) * 1000 + Number(i)
}
