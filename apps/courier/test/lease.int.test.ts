import type { Feed } from "@yima/feed"
import type { Webhooks } from "@yima/registry"
import { describe, expect, test } from "vitest"
import { type Courier, LeaseTooShort } from "../src/index.ts"
import { answers, eventually, said, unit, usePost } from "./post.ts"

const at = usePost()

/** A request may take most of the lease: what is sent in the rest of it is over before its end. */
const TIMES = { timeoutMs: 1000, leaseMs: 2000 }

/** The registry, of which a courier has some calls otherwise. */
const registryWith = (otherwise: Partial<Webhooks>): Webhooks => Object.assign(Object.create(at.post.webhooks) as Webhooks, otherwise)

/** To stop, a courier needs an answer of its registry: it comes at the end. */
const silence = () => {
	const { promise, resolve } = Promise.withResolvers<void>()
	return { forNow: promise, end: () => void at.closing.push(resolve) }
}

/** When the lease of an endpoint ends, ms. */
const endOf = async (id: string): Promise<number> => {
	const { rows } = await at.post.pool.query<{ readonly ms: number }>(
		`select (extract(epoch from held_until) * 1000)::float8 as ms from webhook where id = $1`,
		[id],
	)
	return rows[0]?.ms ?? Number.NaN
}

describe("a courier", () => {
	test("whose registry no longer answers sends nothing that may outlast its lease, and the next goes on where it was", async () => {
		const came: number[] = []
		const receiver = await at.opened((_, response) => {
			came.push(Date.now())
			answers(200)(null, response)
		})
		const webhook = await at.subscribed(receiver.url)
		const { forNow, end } = silence()
		const webhooks = registryWith({ renew: () => forNow.then(() => new Set<string>()), release: async () => undefined })
		const first = at.going({ webhooks, ...TIMES })
		end()
		await eventually(() => expect(first.carried()).toContain(webhook.id))
		const until = await endOf(webhook.id)
		let told = 0
		while (first.carried().includes(webhook.id) && Date.now() < until + 500) {
			await at.post.say(0, said(unit(0), told))
			told += 1
			await eventually(() => expect(came.length === told || !first.carried().includes(webhook.id)).toBe(true))
		}
		expect(came.length).toBeGreaterThan(0)
		expect(Math.max(...came)).toBeLessThan(until)
		at.going()
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(told))
		expect(receiver.numbers()).toEqual(Array.from({ length: told }, (_, n) => n))
	})

	test("that took an endpoint and hears of it only when another has it sends nothing", async () => {
		const receiver = await at.opened(answers(200))
		const webhook = await at.subscribed(receiver.url)
		const { forNow, end } = silence()
		const { promise: hears, resolve: hear } = Promise.withResolvers<void>()
		const { promise: took, resolve: take } = Promise.withResolvers<void>()
		const { promise: gaveBack, resolve: giveBack } = Promise.withResolvers<void>()
		const webhooks = registryWith({
			take: async (...args) => {
				const rows = await at.post.webhooks.take(...args)
				if (rows.some(({ id }) => id === webhook.id)) take()
				await hears
				return rows
			},
			renew: () => forNow.then(() => new Set<string>()),
			release: async (...args) => {
				await at.post.webhooks.release(...args)
				if (args[0] === webhook.id) giveBack()
			},
		})
		at.going({ webhooks, ...TIMES })
		end()
		await took
		at.going()
		await at.post.say(0, said(unit(0), 0))
		await eventually(() => expect(receiver.numbers()).toEqual([0]))
		hear()
		await at.post.say(0, said(unit(0), 1), said(unit(1), 2))
		await gaveBack
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(3))
		expect(receiver.numbers().toSorted((a, b) => a - b)).toEqual([0, 1, 2])
	})

	test("that reads for too long who is named in what it is to send leaves it to the next", async () => {
		const receiver = await at.opened(answers(200))
		const webhook = await at.subscribed(receiver.url)
		const { promise: read, resolve: reads } = Promise.withResolvers<void>()
		const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
		const feed = Object.assign(Object.create(at.post.feed) as Feed, {
			leaving: async (...args: Parameters<Feed["leaving"]>) => {
				ask()
				await read
				return at.post.feed.leaving(...args)
			},
		})
		const { forNow, end } = silence()
		const slow = at.going({ feed, webhooks: registryWith({ renew: () => forNow.then(() => new Set<string>()) }), ...TIMES })
		end()
		await at.post.say(0, said(unit(0), 0))
		await asked
		at.going()
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["DELIVERED"]))
		reads()
		await eventually(() => expect(slow.carried()).not.toContain(webhook.id))
		expect(receiver.all).toHaveLength(1)
	})

	test("that cannot make ready what it is to send says so, and delivers it when it can", async () => {
		const receiver = await at.opened(answers(200))
		const webhook = await at.subscribed(receiver.url)
		let isAway = true
		const feed = Object.assign(Object.create(at.post.feed) as Feed, {
			leaving: async (...args: Parameters<Feed["leaving"]>) => {
				if (isAway) throw new Error("the keys are away")
				return at.post.feed.leaving(...args)
			},
		})
		const told: unknown[] = []
		at.going({ feed, failed: (error) => told.push(error) })
		await at.post.say(0, said(unit(0), 0))
		await eventually(() => expect(told).toContainEqual(new Error("the keys are away")))
		expect(receiver.all).toEqual([])
		isAway = false
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["DELIVERED"]))
		expect(receiver.all).toHaveLength(1)
	})
})

describe("couriers", () => {
	test("share the endpoints, and when one dies the others carry on where it was", async () => {
		const receivers = await Promise.all(Array.from({ length: 6 }, () => at.opened(answers(200))))
		const cursor = await at.here()
		const all = await Promise.all(receivers.map((receiver) => at.subscribed(receiver.url, { cursor })))
		const dying = at.post.newFeed()
		const first = at.post.courier({ feed: dying })
		await eventually(() => expect(first.carried().length).toBeGreaterThan(0))
		await at.post.say(0, ...Array.from({ length: 20 }, (_, n) => said(unit(n), n)))
		// It dies: nothing is finished and nothing given back.
		await dying.stop()
		at.going()
		await first.stop()
		await at.post.say(1, ...Array.from({ length: 20 }, (_, n) => said(unit(n), 20 + n)))
		for (const [n, receiver] of receivers.entries()) {
			await eventually(() => expect(new Set(receiver.numbers()).size).toBe(40))
			await eventually(async () => expect(await at.statuses(all[n]?.id ?? "")).toHaveLength(40))
		}
	})

	test("have each its part, also who comes later, and who goes leaves its own to the others; nothing is sent twice over it", async () => {
		const receivers = await Promise.all(Array.from({ length: 5 }, () => at.opened(answers(200))))
		const cursor = await at.here()
		await Promise.all(receivers.map((receiver) => at.subscribed(receiver.url, { cursor })))
		let told = 0
		const tell = () => at.post.say(0, said(unit(told % 3), told++))
		/** How many each of them carries to, while events come. */
		const parts = async (couriers: readonly Courier[], expected: readonly number[]) => {
			await eventually(async () => {
				await tell()
				expect(couriers.map((each) => each.carried().length).toSorted()).toEqual(expected)
			})
			expect(new Set(couriers.flatMap((each) => each.carried())).size).toBe(5)
		}
		const first = at.going()
		await parts([first], [5])
		const second = at.going()
		await parts([first, second], [2, 3])
		const third = at.going()
		await parts([first, second, third], [1, 2, 2])
		await first.stop()
		await parts([second, third], [2, 3])
		for (const receiver of receivers) {
			await eventually(() => expect(receiver.all).toHaveLength(told))
			for (let each = 0; each < 3; each++) {
				const own = receiver.numbers().filter((n) => n % 3 === each)
				expect(own).toEqual(own.toSorted((a, b) => a - b))
			}
		}
	})

	test("do not start with a lease that a request may outlast", () => {
		expect(() => at.post.courier({ timeoutMs: 1000, leaseMs: 1200 })).toThrow(LeaseTooShort)
	})
})
