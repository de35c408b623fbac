import type { EventKey, Known, Moment, Scope } from "@yima/schemas"
import { describe, expect, test } from "vitest"
import type { Crossing, Mention, Recorded, Registry, Writes } from "../src/index.ts"

const NOW = 1_000_000 as Moment
export const key = (name: string) => `urn:jz:a#${name}` as EventKey

export const recorded = (name: string, partition: number, offset: bigint, known: number): Recorded => ({
	key: key(name),
	partition,
	offset,
	known: known as Known,
	type: "land.granted",
	time: 5 as Moment,
	body: `{"id":"${name}","text":"引号 \\" 与 \\\\ 与 换行\\n"}`,
})

const mention = (id: string, by: string, partition: number, definitions: string | null = null, role: Mention["role"] = "names"): Mention => ({
	id,
	key: key(by),
	role,
	partition,
	stands: true,
	definitions,
})

export const writes = (more: Partial<Writes> = {}): Writes => ({
	next: 1n,
	known: 10 as Known,
	incarnation: "log-1",
	unchecked: null,
	events: [],
	mentions: [],
	links: [],
	concerns: [],
	states: [],
	rulings: [],
	mail: [],
	done: [],
	rejected: [],
	derived: [],
	requests: [],
	...more,
})

const crossing = (seen: readonly number[], more: Partial<Crossing> = {}): Crossing => ({ seen, used: [], changed: [], families: [], ...more })

/** What every registry keeps. `make` gives an empty one with three partitions. */
export const registryContract = (make: () => Promise<Registry>): void => {
	describe("a turn", () => {
		test("is taken once: whoever comes with an old one is fenced, and has written nothing", async () => {
			const registry = await make()
			expect(await registry.commit(0, 0, writes({ events: [recorded("a", 0, 0n, 10)] }))).toBe("done")
			expect(await registry.commit(0, 0, writes({ events: [recorded("b", 0, 1n, 11)] }))).toBe("fenced")
			expect(await registry.commit(0, 5, writes({ events: [recorded("b", 0, 1n, 11)] }))).toBe("fenced")
			const { entries } = await registry.load({ entries: [key("a"), key("b")], acts: [], definitions: [], users: [], links: [] })
			expect(entries).toMatchObject([recorded("a", 0, 0n, 10)])
		})

		test("with letters alone fences as one with records does", async () => {
			const registry = await make()
			const letter = { partition: 0, due: 0 as Moment, from: 7 as Known, cause: { partition: 1, offset: 3n }, task: "{}" }
			await registry.commit(1, 0, writes({ mail: [letter] }))
			const opened = await registry.open(0, NOW, 10)
			expect(opened.mail).toMatchObject([letter])
			const done = opened.mail.map((each) => each.number)
			expect(await registry.commit(0, 0, writes({ done }))).toBe("done")
			expect(await registry.commit(0, 0, writes({ done }))).toBe("fenced")
			expect((await registry.open(0, NOW, 10)).mail).toEqual([])
		})

		test("begins with where its partition stands and which turns were taken everywhere", async () => {
			const registry = await make()
			expect(await registry.open(2, NOW, 10)).toEqual({ position: null, turns: [0, 0, 0], mail: [] })
			const unchecked = { crossing: crossing([0, 0, 0], { used: ["contract-no HT-1"] }), held: 4 as Known, causes: [{ partition: 1, offset: 3n }] }
			await registry.commit(2, 0, writes({ next: 7n, known: 12 as Known, unchecked }))
			await registry.commit(0, 0, writes())
			const { position, turns } = await registry.open(2, NOW, 10)
			expect(turns).toEqual([1, 0, 1])
			expect(position).toMatchObject({ turn: 1, next: 7n, known: 12, incarnation: "log-1", held: 4, unchecked: unchecked.crossing, causes: unchecked.causes })
		})

		test("that replaces a link which is not the one it saw is to be taken again", async () => {
			const registry = await make()
			const link = { key: key("a"), version: 0, places: "[]", scopes: [], parked: null }
			expect(await registry.commit(0, 0, writes({ links: [link] }))).toBe("done")
			expect(await registry.commit(1, 0, writes({ links: [link], events: [recorded("b", 1, 0n, 10)] }))).toBe("stale")
			expect((await registry.open(1, NOW, 10)).position).toBeNull()
			expect(await registry.commit(1, 0, writes({ links: [{ ...link, version: 1, parked: { reason: "DISPUTED", since: 9 as Known } }] }))).toBe("done")
			const { links, entries } = await registry.load({ entries: [key("b")], acts: [], definitions: [], users: [], links: [key("a")] })
			expect(links).toEqual([{ ...link, version: 2, parked: { reason: "DISPUTED", since: 9 } }])
			expect(entries).toEqual([])
		})
	})

	describe("what was judged", () => {
		const PARCEL = "410811001002GB00018" as Scope
		const BUILDING = `${PARCEL}F0001` as Scope
		const FLAT = `${BUILDING}0001` as Scope
		const PROJECT = "project:2301-410811-04-01-000001" as Scope
		const judged = { project: PROJECT, sold: true, ready: false, unmet: ["U3"], excused: ["U11"], blocks: ["C05"], acts: { HANDOVER: 7 as Moment } }
		const concerns = [PARCEL, BUILDING, FLAT, PROJECT].map((scope) => ({ parcel: scope.slice(0, 19), scope, key: key("a"), steps: "[]" }))
		const finding = {
			scope: FLAT,
			code: "C05",
			thing: "HT-2",
			severity: "BLOCK",
			responsible: "住房保障中心",
			since: 5 as Moment,
			explanation: "一房二卖",
			evidence: [key("a")],
			causedBy: key("a"),
		}
		const deadline = {
			scope: FLAT,
			id: "D06",
			thing: "HT-1",
			responsible: "买受人",
			startedAt: 3 as Moment,
			dueAt: 9 as Moment,
			pausedSince: null,
			metAt: null,
			missed: false,
		}
		const states = [
			{ scope: BUILDING, stage: null, due: null, judged: { ...judged, sold: false, unmet: ["P4"], excused: [], blocks: [], acts: {} } },
			{ scope: FLAT, stage: "SOLD", due: 9 as Moment, judged },
		]

		test("of a scope is read back with its state, and replaced as a whole", async () => {
			const registry = await make()
			await registry.commit(0, 0, writes({ concerns }))
			const before = await registry.load({ states: [FLAT] })
			expect(before).toMatchObject({ states: [{ scope: FLAT, stage: null, due: null, judged: null }], findings: [], deadlines: [] })
			await registry.commit(0, 1, writes({ states, rulings: [{ scope: FLAT, findings: [finding, { ...finding, thing: "HT-3" }], deadlines: [deadline] }] }))
			const first = await registry.load({ states: [FLAT] })
			expect(first).toMatchObject({ states: [states[1]], findings: [finding, { thing: "HT-3" }], deadlines: [deadline] })
			await registry.commit(
				0,
				2,
				writes({ rulings: [{ scope: FLAT, findings: [{ ...finding, severity: "HOLD" }], deadlines: [{ ...deadline, metAt: 8 as Moment }] }] }),
			)
			const second = await registry.load({ states: [FLAT] })
			expect(second.findings).toEqual([{ ...finding, severity: "HOLD" }])
			expect(second.deadlines).toEqual([{ ...deadline, metAt: 8 }])
		})

		test("is walked along: below a place, of a project, and of everything", async () => {
			const registry = await make()
			await registry.commit(0, 0, writes({ concerns, states: [] }))
			await registry.commit(0, 1, writes({ states }))
			expect(await registry.below(PARCEL, null, 10)).toEqual([BUILDING, FLAT])
			expect(await registry.below(BUILDING, null, 10)).toEqual([FLAT])
			expect(await registry.below(PARCEL, BUILDING, 10)).toEqual([FLAT])
			expect(await registry.below(PROJECT, null, 10)).toEqual([BUILDING, FLAT])
			expect(await registry.below("registry", null, 2)).toEqual([PARCEL, BUILDING])
			expect([...(await registry.members(PROJECT))].sort((a, b) => (a.scope < b.scope ? -1 : 1))).toEqual(
				states.map(({ scope, judged }) => ({ scope, judged })),
			)
			expect(await registry.countUnits(PARCEL)).toBe(1)
			expect(await registry.countUnits(PROJECT)).toBe(1)
		})

		test("waits for its cause: until that is read, checked, and no letter of it is left that an answer waits for", async () => {
			const registry = await make()
			const cause = { partition: 0, offset: 3n }
			expect(await registry.reached([cause])).toEqual([false])
			const letter = { partition: 1, due: 0 as Moment, from: 7 as Known, cause, task: "{}" }
			const unchecked = { crossing: crossing([0, 0, 0]), held: 4 as Known, causes: [cause] }
			await registry.commit(0, 0, writes({ next: 4n, unchecked, mail: [letter, { ...letter, from: null }] }))
			expect(await registry.reached([cause, { ...cause, offset: 2n }])).toEqual([false, true])
			await registry.commit(0, 1, writes({ next: 4n }))
			expect(await registry.reached([cause])).toEqual([false])
			const { mail } = await registry.open(1, NOW, 10)
			await registry.commit(1, 0, writes({ done: mail.flatMap((each) => (each.from === null ? [] : [each.number])) }))
			expect(await registry.reached([cause])).toEqual([true])
		})
	})

	test("a log that lost its end is remembered as another, and whoever reads it is fenced", async () => {
		const registry = await make()
		await registry.commit(0, 0, writes())
		await registry.distrust(0, "another log")
		expect((await registry.open(0, NOW, 1)).position?.incarnation).toBe("log-1")
		await registry.distrust(0, "log-1")
		expect((await registry.open(0, NOW, 1)).position?.incarnation).not.toBe("log-1")
		expect(await registry.commit(0, 1, writes())).toBe("fenced")
	})

	describe("what is read back", () => {
		test("is what was written, by key alone", async () => {
			const registry = await make()
			const rows = [
				mention("contract-no HT-1", "a", 0, '[{"from":1,"value":[]}]'),
				mention("contract-no HT-1", "b", 0),
				mention(`event ${key("a")}`, "b", 0, null, "retracts"),
			]
			await registry.commit(0, 0, writes({ mentions: rows }))
			const loaded = await registry.load({
				entries: [],
				acts: [key("a")],
				definitions: ["contract-no HT-1"],
				users: ["contract-no HT-1", "no such"],
				links: [],
			})
			expect(loaded.definitions).toMatchObject([rows[0]])
			expect(loaded.users).toHaveLength(2)
			expect(loaded.acts).toMatchObject([rows[2]])
		})

		test("holds the bodies of rivals in different partitions, and of one partition the first", async () => {
			const registry = await make()
			await registry.commit(0, 0, writes({ events: [recorded("a", 0, 0n, 10)] }))
			await registry.commit(1, 0, writes({ events: [recorded("a", 1, 0n, 9)] }))
			await registry.commit(0, 1, writes({ events: [recorded("a", 0, 5n, 20)] }))
			const { entries } = await registry.load({ entries: [key("a")], acts: [], definitions: [], users: [], links: [] })
			expect(entries.toSorted((a, b) => a.partition - b.partition)).toMatchObject([recorded("a", 0, 0n, 10), recorded("a", 1, 0n, 9)])
		})

		test("letters that no answer waits for come when no others do, and nobody is in a hurry", async () => {
			const registry = await make()
			const letter = (from: Known | null, task: string) => ({ partition: 1, due: 0 as Moment, from, cause: { partition: 0, offset: 0n }, task })
			await registry.commit(0, 0, writes({ mail: [letter(null, "idle"), letter(5 as Known, "urgent")] }))
			const tasks = async (isHurried: boolean) => (await registry.open(1, NOW, 10, isHurried)).mail
			expect((await tasks(false)).map((each) => each.task)).toEqual(["urgent"])
			await registry.commit(1, 0, writes({ done: (await tasks(false)).map((each) => each.number) }))
			expect((await tasks(true)).map((each) => each.task)).toEqual([])
			expect((await tasks(false)).map((each) => each.task)).toEqual(["idle"])
		})

		test("is kept where offsets begin anew, as they do in another log that was adopted", async () => {
			const registry = await make()
			await registry.commit(0, 0, writes({ events: [recorded("a", 0, 0n, 10)] }))
			await registry.commit(0, 1, writes({ incarnation: "log-2", known: 20 as Known, events: [recorded("b", 0, 0n, 20)] }))
			const { entries } = await registry.load({ entries: [key("a"), key("b")], acts: [], definitions: [], users: [], links: [] })
			expect(entries.map((each) => each.key).sort()).toEqual([key("a"), key("b")])
		})

		test("is found by numbers of any length", async () => {
			const registry = await make()
			const id = `building-label ${"ﷺ".repeat(3000)}`
			await registry.commit(1, 0, writes({ mentions: [mention(id, "a", 1, "[1]")] }))
			const { definitions, users } = await registry.load({ entries: [], acts: [], definitions: [id], users: [id], links: [] })
			expect([definitions, users].map((rows) => rows.map((each) => each.id))).toEqual([[id], [id]])
			expect((await registry.unseen(0, crossing([0, 0, 0], { used: [id] }))).ids).toEqual([id])
		})

		test("letters come when they are due, in order", async () => {
			const registry = await make()
			const letter = (due: number, task: string) => ({ partition: 1, due: due as Moment, from: 5 as Known, cause: { partition: 0, offset: 0n }, task })
			await registry.commit(0, 0, writes({ mail: [letter(NOW + 1, "later"), letter(0, "first"), letter(0, "second")] }))
			expect((await registry.open(1, NOW, 10)).mail.map((each) => each.task)).toEqual(["first", "second"])
			expect((await registry.open(1, NOW, 1)).mail.map((each) => each.task)).toEqual(["first"])
			expect((await registry.open(1, (NOW + 1) as Moment, 10)).mail.map((each) => each.task)).toEqual(["first", "second", "later"])
			await registry.commit(1, 0, writes())
			expect(await registry.waiting(NOW)).toEqual([1])
		})
	})

	describe("what others wrote unseen", () => {
		const id = "contract-no HT-1"

		test("is found by who used it, by who changed it and by who read its family; what was seen is not", async () => {
			const registry = await make()
			await registry.commit(
				1,
				0,
				writes({
					mentions: [mention(id, "defines", 1, "[]"), mention(`event ${key("a")}`, "corrects", 1, null, "corrects")],
					events: [recorded("b", 1, 0n, 10)],
				}),
			)
			const around = { used: [id], changed: [id], families: [key("a"), key("b"), key("c")] }
			expect(await registry.unseen(0, crossing([0, 0, 0], around))).toEqual({ ids: [id], families: [key("a"), key("b")] })
			expect(await registry.unseen(0, crossing([0, 1, 0], around))).toEqual({ ids: [], families: [] })
			expect(await registry.unseen(1, crossing([0, 0, 0], around))).toEqual({ ids: [], families: [] })
		})

		test("a mere use is news to who changed the meaning, not to who used it", async () => {
			const registry = await make()
			await registry.commit(1, 0, writes({ mentions: [mention(id, "uses", 1)] }))
			expect((await registry.unseen(0, crossing([0, 0, 0], { used: [id] }))).ids).toEqual([])
			expect((await registry.unseen(0, crossing([0, 0, 0], { changed: [id] }))).ids).toEqual([id])
		})

		test("a meaning that was taken away is news too", async () => {
			const registry = await make()
			await registry.commit(1, 0, writes({ mentions: [mention(id, "a", 1, "[1]")] }))
			await registry.commit(1, 1, writes({ mentions: [{ ...mention(id, "a", 1, "[]"), stands: false }] }))
			expect((await registry.unseen(0, crossing([0, 1, 0], { used: [id] }))).ids).toEqual([id])
			expect((await registry.load({ entries: [], acts: [], definitions: [], users: [id], links: [] })).users).toEqual([])
		})
	})
}
