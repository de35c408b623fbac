import type { ServerResponse } from "node:http"
import { readCursor, requestsOf } from "@yima/feed"
import { Webhook } from "standardwebhooks"
import { describe, expect, test } from "vitest"
import { showSecret } from "../src/index.ts"
import { answers, eventually, type Received, SECRET, SHORT, said, unit, usePost } from "./post.ts"

const at = usePost()

describe("a webhook", () => {
	test("is given everything once, in order of each unit, signed so that an independent verifier takes it", async () => {
		const verifier = new Webhook(showSecret(SECRET))
		const verified: unknown[] = []
		const receiver = await at.opened(({ headers, body }, response) => {
			verified.push(verifier.verify(body, headers as Record<string, string>))
			answers(200)(null, response)
		})
		const webhook = await at.subscribed(receiver.url)
		at.going()
		const rows = Array.from({ length: 60 }, (_, n) => said(unit(n % 3), n))
		await at.post.say(0, ...rows.slice(0, 30))
		await at.post.say(1, ...rows.slice(30))
		await eventually(() => expect(receiver.all).toHaveLength(60))
		expect(verified).toHaveLength(60)
		expect(verified[0]).toMatchObject({ specversion: "1.0", source: "urn:yima:registry", type: "yima.finding.raised.v1", causedby: "urn:jz:a#0" })
		for (const half of [receiver.numbers().filter((n) => n < 30), receiver.numbers().filter((n) => n >= 30)])
			for (let each = 0; each < 3; each++) {
				const own = half.filter((n) => n % 3 === each)
				expect(own).toEqual([...own].sort((a, b) => a - b))
			}
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(60))
		expect(new Set(await at.statuses(webhook.id))).toEqual(new Set(["DELIVERED"]))
		await eventually(async () => expect((await at.post.webhooks.find(webhook.id))?.cursor).toBe(await at.here()))
	})

	test("is given what it chose, several at once where it asks for it", async () => {
		const receiver = await at.opened(answers(204))
		await at.subscribed(receiver.url, { types: ["unit.stage-changed"], batchSize: 10 })
		await at.post.say(0, ...Array.from({ length: 40 }, (_, n) => said(unit(n), n, n % 2 === 0 ? { type: "unit.stage-changed" } : {})))
		at.going()
		await eventually(() => expect(receiver.numbers()).toHaveLength(20))
		expect(new Set(receiver.numbers().map((n) => n % 2))).toEqual(new Set([0]))
		expect(receiver.all.length).toBeLessThan(20)
		expect(receiver.all[0]?.headers["content-type"]).toBe("application/cloudevents-batch+json")
	})

	test("for one of several companies is given what names it, however that is written", async () => {
		const receiver = await at.opened(answers(204))
		await at.subscribed(receiver.url, { service: "gas", company: "焦作燃气(集团)" })
		const to = (company: string, n: number) => said(unit(n), n, { service: "gas", data: JSON.stringify({ n, company }) })
		await at.post.say(0, to("焦作燃气（集团）", 0), to("山阳燃气", 1), said(unit(2), 2, { service: "gas" }), to("焦作燃气 〔集团〕", 3))
		at.going()
		await eventually(() => expect(receiver.numbers()).toEqual([0, 3]))
		await at.post.say(1, to("山阳燃气", 4), to("焦作燃气(集团)", 5))
		await eventually(() => expect(receiver.numbers().toSorted((a, b) => a - b)).toEqual([0, 3, 5]))
	})

	test("whose unit has more to come is given that in its turn, however much of other units waits", async () => {
		const receiver = await at.opened(answers(204))
		await at.subscribed(receiver.url, { concurrency: 1 })
		await at.post.say(0, said(unit(0), 0), said(unit(0), 1), ...Array.from({ length: 1000 }, (_, n) => said(unit(n + 1), n + 2)))
		at.going({ limits: { ...SHORT, window: 100, flush: 1 } })
		await eventually(() => expect(receiver.all).toHaveLength(1002))
		expect(receiver.numbers().indexOf(1)).toBeLessThan(500)
	})

	test("is given more as soon as what it was given is written down, also where the clock is set back", async () => {
		let passed = 0
		const receiver = await at.opened(answers(204))
		const webhook = await at.subscribed(receiver.url)
		await at.post.say(0, ...Array.from({ length: 100 }, (_, n) => said(unit(n), n)))
		at.going({ limits: { ...SHORT, window: 10 }, now: () => Date.now() * 1000 + passed })
		await eventually(async () => expect((await at.statuses(webhook.id)).length).toBeGreaterThan(0))
		passed = -3600 * 1_000_000
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(100))
	})

	test("for which nothing comes goes along with the stream, so that coming back costs nothing", async () => {
		const receiver = await at.opened(answers(200))
		const webhook = await at.subscribed(receiver.url, { types: ["account-requested"] })
		const before = await at.here()
		// Each ten seconds its cursor is written down; here they are short.
		at.going({ now: () => Date.now() * 100_000 })
		await at.post.say(0, ...Array.from({ length: 20 }, (_, n) => said(unit(n), n)))
		expect(await at.here()).not.toBe(before)
		await eventually(async () => expect((await at.post.webhooks.find(webhook.id))?.cursor).toBe(await at.here()))
		await at.post.say(1, said(unit(0), 77, { type: "account-requested" }), said(unit(1), 78))
		await eventually(() => expect(receiver.numbers()).toEqual([77]))
		await eventually(async () => expect((await at.post.webhooks.find(webhook.id))?.cursor).toBe(await at.here()))
		expect(receiver.numbers()).toEqual([77])
	})

	test.each([1, 10])("has its requests shown as they were sent, headers and bodies, %d events in each", async (batchSize) => {
		const receiver = await at.opened(answers(204))
		const webhook = await at.subscribed(receiver.url, { batchSize })
		await at.post.say(0, ...Array.from({ length: 10 }, (_, n) => said(unit(n), n)))
		at.going()
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(10))
		const rows = await at.post.webhooks.deliveries({ webhook: webhook.id }, null, 100)
		const shown = await requestsOf([...rows.map(({ request }) => request), null], at.post.feed)
		expect(shown.pop()).toBeNull()
		const sent = receiver.all.map(
			({ headers, body }) => `webhook-id: ${headers["webhook-id"]}\nwebhook-timestamp: ${headers["webhook-timestamp"]}\n\n${body.slice(0, 4096)}`,
		)
		expect(new Set(shown.map((text) => text?.slice(text.indexOf("webhook-id"))))).toEqual(new Set(sent))
	})

	/** An endpoint that gives these answers, in their order, once each has been asked for. */
	const atOnce = async (...all: readonly ReturnType<typeof answers>[]) => {
		const waiting: ServerResponse[] = []
		const receiver = await at.opened((_, response) => void waiting.push(response))
		const webhook = await at.subscribed(receiver.url, { concurrency: all.length })
		await at.post.say(0, ...all.map((_, n) => said(unit(n), n)))
		const heard: unknown[] = []
		const courier = at.going({ limits: { ...SHORT, endpoint: { least: 60_000, most: 60_000 } }, sent: (verdict) => heard.push(verdict) })
		await eventually(() => expect(waiting).toHaveLength(all.length))
		for (const [n, answer] of all.entries()) {
			answer(null, waiting[n] as ServerResponse)
			await eventually(() => expect(heard).toHaveLength(n + 1))
		}
		await courier.stop()
		return webhook.id
	}

	test.each([
		["a failure", answers(503)],
		["a success", answers(200)],
		["the same once more", answers(410)],
	])("that wants nothing more stays disabled, and its operator is told once, where %s comes of what was under way", async (_, after) => {
		const id = await atOnce(answers(410), after)
		expect(await at.webhook(id)).toMatchObject({ status: "DISABLED", reason: "应答 410:端点不再接收" })
		expect(await at.post.webhooks.notices(id, 10)).toMatchObject([{ kind: "DISABLED" }])
	})

	test("of which several requests fail at once is left alone as long as any of the answers asks for", async () => {
		const before = Date.now()
		const id = await atOnce(answers(503), answers(429, { "retry-after": "7200" }), answers(503, { "retry-after": "60" }))
		const { failures, retryAt } = await at.webhook(id)
		expect(failures).toBe(1)
		expect((retryAt ?? 0) / 1000).toBeGreaterThanOrEqual(before + 7200_000)
	})

	test("of which several requests fail at once has failed once", async () => {
		const { promise: all, resolve: allHere } = Promise.withResolvers<void>()
		const receiver = await at.opened((_, response) => {
			if (receiver.all.length === 4) allHere()
			void all.then(() => answers(503)(null, response))
		})
		const webhook = await at.subscribed(receiver.url)
		await at.post.say(0, ...[0, 1, 2, 3].map((n) => said(unit(n), n)))
		const limits = { endpoint: { least: 60_000, most: 60_000 }, refused: { least: 20, most: 20 }, patience: 1000, window: 400, flush: 10, report: 10 }
		const courier = at.post.courier({ limits })
		await all
		await courier.stop()
		expect(await at.post.webhooks.find(webhook.id)).toMatchObject({ status: "FAILING", failures: 1 })
	})

	test("that fails as a whole stops its cursor and holds nobody else; back again, it gets everything in order", async () => {
		let isDown = true
		const receiver = await at.opened((_, response) => answers(isDown ? 503 : 200)(null, response))
		const other = await at.opened(answers(200))
		const cursor = await at.here()
		const webhook = await at.subscribed(receiver.url, { cursor })
		await at.subscribed(other.url, { cursor })
		at.going()
		await at.post.say(0, ...Array.from({ length: 50 }, (_, n) => said(unit(0), n)))
		await eventually(() => expect(other.all).toHaveLength(50))
		await eventually(async () => expect(await at.post.webhooks.find(webhook.id)).toMatchObject({ status: "FAILING", cursor, reason: "应答 503" }))
		await eventually(async () => expect(await at.post.webhooks.notices(webhook.id, 10)).toMatchObject([{ kind: "FAILING" }]))
		expect(new Set(receiver.numbers())).toEqual(new Set([0]))
		isDown = false
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(50))
		expect(receiver.numbers().filter((n) => n > 0)).toEqual(Array.from({ length: 49 }, (_, n) => n + 1))
		expect(await at.post.webhooks.find(webhook.id)).toMatchObject({ status: "ACTIVE", failures: 0, reason: null })
		expect((await at.post.webhooks.notices(webhook.id, 10)).map((each) => each.kind)).toEqual(["RECOVERED", "FAILING"])
	})

	test.each([
		["that was down for a week", 503, 7],
		["that was disabled for a month and is enabled again", 410, 31],
	])("%s gets everything, in order, that was said meanwhile", async (_, status, days) => {
		let isUp = false
		let passed = 0
		const receiver = await at.opened((_, response) => answers(isUp ? 200 : status)(null, response))
		const webhook = await at.subscribed(receiver.url)
		at.going({ now: () => Date.now() * 1000 + passed })
		await at.post.say(0, said(unit(0), 0))
		const wanted = status === 410 ? "DISABLED" : "FAILING"
		await eventually(async () => expect((await at.post.webhooks.find(webhook.id))?.status).toBe(wanted))
		for (let day = 1; day <= days; day++) {
			passed = day * 24 * 3600 * 1_000_000
			await at.post.say(day % 2, said(unit(0), 2 * day - 1), said(unit(1), 2 * day))
		}
		isUp = true
		const before = receiver.all.length
		if (status === 410) await at.post.webhooks.change(webhook.id, { status: "ACTIVE" })
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(2 * days + 1))
		const came = receiver.numbers().slice(before)
		expect(came).toHaveLength(2 * days + 1)
		for (const partition of [0, 1])
			for (const each of [0, 1]) {
				const own = came.filter((n) => n > 0 && n % 2 === 1 - each && Math.ceil(n / 2) % 2 === partition)
				expect(own).toEqual([...own].sort((a, b) => a - b))
			}
	})

	test("that is paused gets nothing, and everything when it goes on", async () => {
		const receiver = await at.opened(answers(200))
		const other = await at.opened(answers(200))
		const webhook = await at.subscribed(receiver.url)
		await at.subscribed(other.url)
		const courier = at.going()
		await at.post.say(0, said(unit(0), 0))
		await eventually(() => expect(receiver.all).toHaveLength(1))
		await at.post.webhooks.change(webhook.id, { status: "PAUSED" })
		await eventually(() => expect(courier.carried()).not.toContain(webhook.id))
		await at.post.say(0, said(unit(0), 1), said(unit(1), 2))
		await eventually(() => expect(other.all).toHaveLength(3))
		expect(receiver.all).toHaveLength(1)
		await at.post.webhooks.change(webhook.id, { status: "ACTIVE" })
		await eventually(() => expect(new Set(receiver.numbers())).toEqual(new Set([0, 1, 2])))
	})

	test("has sent again what it asks for, and its preview says how much that is", async () => {
		const receiver = await at.opened(answers(200))
		const cursor = await at.here()
		const webhook = await at.subscribed(receiver.url, { cursor })
		at.going()
		await at.post.say(0, said(unit(0), 0), said(unit(0), 1), said(unit(1), 2))
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(3))
		const behind = readCursor(cursor)
		expect(await at.post.webhooks.redeliver(webhook.id, { behind }, Date.now() * 1000, true)).toBe(3)
		expect(receiver.all).toHaveLength(3)
		expect(await at.post.webhooks.redeliver(webhook.id, { behind }, Date.now() * 1000, false)).toBe(3)
		await at.post.webhooks.change(webhook.id, {})
		await eventually(() => expect(receiver.all).toHaveLength(6))
		expect(
			receiver
				.numbers()
				.slice(3)
				.filter((n) => n < 2),
		).toEqual([0, 1])
		await eventually(async () => expect(new Set(await at.statuses(webhook.id))).toEqual(new Set(["DELIVERED"])))
	})

	test("signs with both secrets while one takes the other's place", async () => {
		const receiver = await at.opened(answers(200))
		const webhook = await at.subscribed(receiver.url)
		const fresh = Buffer.alloc(32, 7)
		await at.post.webhooks.change(webhook.id, {
			secret: at.post.key.wrap(`webhook:${webhook.id}`, fresh),
			oldSecret: webhook.secret,
			oldUntil: Date.now() * 1000 + 3_600_000_000,
		})
		at.going()
		await at.post.say(0, said(unit(0), 0))
		await eventually(() => expect(receiver.all).toHaveLength(1))
		const [{ headers, body }] = receiver.all as [Received]
		for (const secret of [fresh, SECRET])
			expect(new Webhook(showSecret(secret)).verify(body, headers as Record<string, string>)).toMatchObject({ data: { n: 0 } })
		expect(() => new Webhook(showSecret(Buffer.alloc(32, 8))).verify(body, headers as Record<string, string>)).toThrow()
	})
})
