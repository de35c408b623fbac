import fc from "fast-check"
import { afterEach, describe, expect, test, vi } from "vitest"
import { farther, Hub, isWithin, readCursor, type Told, writeCursor } from "../src/index.ts"
import { Stream } from "./stream.ts"

const hubs: Hub[] = []
afterEach(() => Promise.all(hubs.splice(0).map((hub) => hub.stop())))

const opened = (stream: Stream): Hub => {
	const hub = new Hub(stream)
	hubs.push(hub)
	return hub
}

const placed = ({ row: { partition, number } }: Told): string => `${partition}-${number}`
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 5000, interval: 2 })
const IGNORED = () => undefined

describe("a cursor", () => {
	const places = fc.dictionary(fc.nat(30).map(String), fc.nat(1_000_000)).map((each) => new Map(Object.entries(each).map(([p, n]) => [Number(p), n] as const)))

	test("is read as it was written, and several as the farthest of them", () => {
		fc.assert(
			fc.property(places, places, (a, b) => {
				const both = readCursor([writeCursor(a), writeCursor(b)].join(","))
				expect(writeCursor(both)).toBe(writeCursor(farther(a, b)))
				expect(isWithin(a, both) && isWithin(b, both)).toBe(true)
			}),
		)
	})

	test.each(["x", "1", "1-", "-1", "1-2;3-4", "99999-1", "1-9999999999999999", " 1-2"])("%s is none", (text) => {
		expect(() => readCursor(text)).toThrow("游标无法识别")
	})
})

describe("a hub", () => {
	test("tells whoever comes with any place everything behind it, once, in order, whatever is said meanwhile", { timeout: 60_000 }, async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.record({
					before: fc.array(fc.nat(2), { maxLength: 30 }),
					followers: fc.array(fc.record({ from: fc.nat(40), after: fc.nat(30), type: fc.constantFrom(null, "finding.raised", "unit.stage-changed") }), {
						maxLength: 5,
					}),
					meanwhile: fc.array(fc.record({ partition: fc.nat(2), rare: fc.boolean() }), { maxLength: 40 }),
				}),
				async ({ before, followers, meanwhile }) => {
					const stream = new Stream(3)
					for (const partition of before) stream.say(partition)
					const hub = opened(stream)
					await hub.ready
					const heard = new Map(followers.map((each) => [each, [] as string[]]))
					const come = (at: number) => {
						for (const each of followers)
							if (each.after === at)
								hub.follow(
									{
										filter: each.type === null ? {} : { types: [each.type] },
										told: (all) => {
											heard.get(each)?.push(...all.map(placed))
											return true
										},
										ended: IGNORED,
									},
									new Map([[0, Math.min(each.from, before.filter((p) => p === 0).length)]]),
								)
					}
					for (let at = 0; at <= 30; at++) {
						come(at)
						for (const { partition, rare } of meanwhile.slice(at * 2, at * 2 + 2)) stream.say(partition, rare ? { type: "unit.stage-changed" } : {})
						if (at % 3 === 0) hub.ring()
						await Promise.resolve()
					}
					hub.ring()
					const all = (await stream.page({}, new Map(), 1000)).rows
					for (const [each, own] of heard) {
						const from = Math.min(each.from, before.filter((p) => p === 0).length)
						const wanted = all.filter(({ type, partition, number }) => (each.type === null || type === each.type) && !(partition === 0 && number <= from))
						await eventually(() => expect(own).toHaveLength(wanted.length))
						expect(new Set(own)).toEqual(new Set(wanted.map(({ partition, number }) => `${partition}-${number}`)))
						for (const partition of [0, 1, 2]) {
							const numbers = own.flatMap((text) => (text.startsWith(`${partition}-`) ? [Number(text.split("-")[1])] : []))
							expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
						}
					}
					await hubs.pop()?.stop()
				},
			),
			{ numRuns: 100 },
		)
	})

	test("lets go of who takes no more; the place that it told leads on without a gap or a double", async () => {
		const stream = new Stream(2)
		const hub = opened(stream)
		await hub.ready
		const heard: string[] = []
		let last: Told | undefined
		const follow = (after: Told["place"] | null) =>
			hub.follow(
				{
					filter: {},
					told: (all) => {
						heard.push(...all.map(placed))
						last = all.at(-1)
						return heard.length !== 3
					},
					ended: IGNORED,
				},
				after,
			)
		follow(null)
		const said = (count: number) => Array.from({ length: count }, (_, n) => stream.say(n % 2))
		for (const _ of Array(5)) {
			said(1)
			hub.ring()
			await eventually(() => expect(heard.length).toBeGreaterThan(0))
		}
		said(6)
		hub.ring()
		await eventually(() => expect(heard).toHaveLength(3))
		follow(last?.place ?? null)
		await eventually(() => expect(heard).toHaveLength(11))
		expect(new Set(heard).size).toBe(11)
	})

	test("asks nothing for those who wait: a thousand who wait for what never comes cost no reading", async () => {
		const stream = new Stream(1)
		const hub = opened(stream)
		await hub.ready
		const heard = vi.fn(() => true)
		const all = Array.from({ length: 1000 }, () => hub.follow({ filter: { types: ["deadline.missed"] }, told: heard, ended: IGNORED }, null))
		await Promise.resolve()
		const before = stream.reads
		for (let n = 0; n < 100; n++) stream.say(0)
		hub.ring()
		await eventually(() => expect(hub.place.get(0)).toBe(100))
		expect(stream.reads - before).toBeLessThan(10)
		expect(heard).not.toHaveBeenCalled()
		stream.say(0, { type: "deadline.missed" })
		hub.ring()
		await eventually(() => expect(heard).toHaveBeenCalledTimes(1000))
		for (const { leave } of all) leave()
	})

	test("ends those who follow when it is stopped", async () => {
		const hub = new Hub(new Stream(1))
		await hub.ready
		const ended = vi.fn()
		hub.follow({ filter: {}, told: () => true, ended }, null)
		await Promise.resolve()
		await hub.stop()
		expect(ended).toHaveBeenCalledTimes(1)
	})
})
