import type { ServerResponse } from "node:http"
import { describe, expect, test } from "vitest"
import { answers, eventually, SHORT, said, unit, usePost } from "./post.ts"

const at = usePost()

/** An endpoint that answers when it is told to. */
const patient = async () => {
	const waiting: ServerResponse[] = []
	let most = 0
	const receiver = await at.opened((_, response) => {
		waiting.push(response)
		most = Math.max(most, waiting.length)
	})
	return {
		...receiver,
		waiting: () => waiting.length,
		most: () => most,
		answer: (status: number) => {
			const response = waiting.shift()
			if (response === undefined) throw new Error("nobody waits for an answer")
			answers(status)(null, response)
		},
	}
}

const some = (many: number, first = 0) => Array.from({ length: many }, (_, n) => said(unit(first + n), first + n))

describe("an endpoint is sent no more", () => {
	test.each([1, 3])("than %d at once where it takes no more", async (concurrency) => {
		const receiver = await patient()
		const webhook = await at.subscribed(receiver.url, { concurrency })
		await at.post.say(0, ...some(20))
		at.going()
		for (let answered = 0; answered < 20; answered++) {
			await eventually(() => expect(receiver.waiting()).toBe(Math.min(concurrency, 20 - answered)))
			receiver.answer(200)
		}
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(20))
		expect([receiver.all.length, receiver.most()]).toEqual([20, concurrency])
	})

	/** When each came since `begun`, ms. */
	const timed = async (status: (body: string) => number) => {
		const came: number[] = []
		const receiver = await at.opened(({ body }, response) => {
			came.push(Date.now())
			answers(status(body))(null, response)
		})
		return { ...receiver, since: (begun: number) => came.splice(0).map((each) => each - begun) }
	}
	/** The first at once, each of the others its part of a second after the one before it, or later; a timer may be early by less than 1 ms. */
	const expectPaced = (came: readonly number[], perSecond: number) => {
		for (const [n, ms] of came.entries()) expect(ms, `the ${n}th`).toBeGreaterThanOrEqual((n * 1000) / perSecond - 1)
	}

	test("a second than it asked for, and what it did not use in peace is not made up for", async () => {
		const receiver = await timed(() => 200)
		const webhook = await at.subscribed(receiver.url, { concurrency: 16, perSecond: 100 })
		at.going()
		for (const round of [1, 2]) {
			const begun = Date.now()
			await at.post.say(0, ...some(30))
			await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(30 * round))
			const came = receiver.since(begun)
			expect(came).toHaveLength(30)
			expectPaced(came, 100)
		}
	})

	test("a second than it asked for, also where what it refuses together is sent one by one", async () => {
		const receiver = await timed((body) => ((JSON.parse(body) as readonly unknown[]).length > 1 ? 422 : 200))
		const webhook = await at.subscribed(receiver.url, { batchSize: 10, perSecond: 100 })
		const begun = Date.now()
		await at.post.say(0, ...some(30))
		at.going()
		await eventually(async () => expect(new Set(await at.statuses(webhook.id))).toEqual(new Set(["DELIVERED"])))
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(30))
		const came = receiver.since(begun)
		expect(came).toHaveLength(33)
		expectPaced(came, 100)
	})
})

describe("an endpoint that has failed as a whole", () => {
	const MINUTE = 60_000
	const limits = { ...SHORT, endpoint: { least: MINUTE, most: 16 * MINUTE } }

	test("is tried with one request at a time, each later than the one before up to a cap, and when that is taken with as many as it takes", async () => {
		const receiver = await patient()
		const other = await at.opened(answers(200))
		const webhook = await at.subscribed(receiver.url, { concurrency: 4 })
		await at.subscribed(other.url)
		let passed = 0
		const now = () => Date.now() * 1000 + passed
		await at.post.say(0, ...some(12))
		at.going({ now, limits })
		await eventually(() => expect(receiver.waiting()).toBe(4))
		let asked = now()
		for (let n = 0; n < 4; n++) receiver.answer(503)

		let told = 12
		/** Whoever else is carried to has heard of something new: the failing one has had its chance. */
		const tellOther = async () => {
			await at.post.say(1, said(unit(told), told))
			told += 1
			await eventually(() => expect(other.all).toHaveLength(told))
		}
		for (let failures = 1; failures <= 8; failures++) {
			const { retryAt } = await eventually(async () => {
				const row = await at.webhook(webhook.id)
				expect(row).toMatchObject({ status: "FAILING", failures, cursor: webhook.cursor })
				return row
			})
			const whole = Math.min(16, 2 ** (failures - 1)) * MINUTE
			expect(retryAt).toBeGreaterThanOrEqual(asked + (whole / 2) * 1000)
			expect(retryAt).toBeLessThanOrEqual(now() + whole * 1000)
			await tellOther()
			expect(receiver.all, "before its time").toHaveLength(4 + failures - 1)
			passed += (retryAt ?? 0) - now()
			await tellOther()
			await eventually(() => expect(receiver.waiting()).toBe(1))
			await tellOther()
			expect(receiver.all, "a second probe").toHaveLength(4 + failures)
			asked = now()
			if (failures < 8) receiver.answer(503)
		}

		receiver.answer(200)
		await eventually(() => expect(receiver.waiting()).toBe(4))
		for (let left = told - 1; left > 0; left--) {
			await eventually(() => expect(receiver.waiting()).toBeGreaterThan(0))
			receiver.answer(200)
		}
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(told))
		expect(await at.webhook(webhook.id)).toMatchObject({ status: "ACTIVE", failures: 0, retryAt: null, failingSince: null })
		expect(receiver.most()).toBe(4)
	})

	test.each([
		["seconds", "7200", 120, 120],
		["a date", new Date(Date.now() + 7200_000).toUTCString(), 110, 120],
		["longer than a day: a day it is", "9999999999", 1440, 1440],
		["less than our own wait: that is kept", "0", 0.5, 1],
		["a date in the past", new Date(Date.now() - 7200_000).toUTCString(), 0.5, 1],
		["less than nothing", "-7200", 0.5, 1],
		["no such thing", "soon 2099", 0.5, 1],
	])("is left alone as long as it asks by Retry-After: %s", async (_, header, least, most) => {
		for (const status of [429, 503]) {
			const receiver = await at.opened(answers(status, { "retry-after": header }))
			const webhook = await at.subscribed(receiver.url)
			const before = Date.now()
			await at.post.say(0, said(unit(0), 0))
			const courier = at.post.courier({ limits })
			const { retryAt } = await eventually(async () => {
				const row = await at.webhook(webhook.id)
				expect(row.status).toBe("FAILING")
				return row
			})
			await courier.stop()
			expect((retryAt ?? 0) / 1000).toBeGreaterThanOrEqual(before + least * MINUTE - 1)
			expect((retryAt ?? 0) / 1000).toBeLessThanOrEqual(Date.now() + most * MINUTE)
			expect(receiver.all).toHaveLength(1)
		}
	})
})
