import { readCursor, requestsOf, writeCursor } from "@yima/feed"
import type { Scope } from "@yima/schemas"
import { Webhook } from "standardwebhooks"
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest"
import { LeaseTooShort, showSecret } from "../src/index.ts"
import { answers, openPost, openReceiver, type Post, type Received, said, unit } from "./post.ts"

let post: Post
beforeAll(async () => {
	post = await openPost()
}, 60_000)
afterAll(() => post?.stop())

const closing: (() => unknown)[] = []
afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close()
})
const opened = async (answer: Parameters<typeof openReceiver>[0]) => {
	const receiver = await openReceiver(answer)
	closing.push(receiver.close)
	return receiver
}
const going = (more: Parameters<Post["courier"]>[0] = {}) => {
	const courier = post.courier(more)
	closing.push(courier.stop)
	return courier
}
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 10 })
const eventOf = ({ body }: Received) => JSON.parse(body) as { id: string; data: { n: number } }
/** From here on: what other tests have said is behind. */
const here = async () => writeCursor(await post.feed.derived.end())
const statuses = async (id: string) => (await post.webhooks.deliveries({ webhook: id }, null, 1000)).map((each) => each.status)

describe("a webhook", () => {
	test("is given everything once, in order of each unit, signed so that an independent verifier takes it", async () => {
		const verifier = new Webhook(showSecret(Buffer.from("01234567890123456789012345678901")))
		const verified: unknown[] = []
		const receiver = await opened(({ headers, body }, response) => {
			verified.push(verifier.verify(body, headers as Record<string, string>))
			answers(200)(null, response)
		})
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		going()
		const rows = Array.from({ length: 60 }, (_, n) => said(unit(n % 3), n))
		await post.say(0, ...rows.slice(0, 30))
		await post.say(1, ...rows.slice(30))
		await eventually(() => expect(receiver.all).toHaveLength(60))
		expect(verified).toHaveLength(60)
		expect(verified[0]).toMatchObject({ specversion: "1.0", source: "urn:yima:registry", type: "yima.finding.raised.v1", causedby: "urn:jz:a#0" })
		for (const half of [receiver.numbers().filter((n) => n < 30), receiver.numbers().filter((n) => n >= 30)])
			for (let each = 0; each < 3; each++) {
				const own = half.filter((n) => n % 3 === each)
				expect(own).toEqual([...own].sort((a, b) => a - b))
			}
		await eventually(async () => expect(await statuses(webhook.id)).toHaveLength(60))
		expect(new Set(await statuses(webhook.id))).toEqual(new Set(["DELIVERED"]))
		await eventually(async () => expect((await post.webhooks.find(webhook.id))?.cursor).toBe(await here()))
	})

	test("is given what it chose, several at once where it asks for it", async () => {
		const receiver = await opened(answers(204))
		await post.subscribe(receiver.url, { cursor: await here(), types: ["unit.stage-changed"], batchSize: 10 })
		await post.say(0, ...Array.from({ length: 40 }, (_, n) => said(unit(n), n, n % 2 === 0 ? { type: "unit.stage-changed" } : {})))
		going()
		await eventually(() => expect(receiver.numbers()).toHaveLength(20))
		expect(new Set(receiver.numbers().map((n) => n % 2))).toEqual(new Set([0]))
		expect(receiver.all.length).toBeLessThan(20)
		expect(receiver.all[0]?.headers["content-type"]).toBe("application/cloudevents-batch+json")
	})

	test("for which nothing comes goes along with the stream, so that coming back costs nothing", async () => {
		const receiver = await opened(answers(200))
		const webhook = await post.subscribe(receiver.url, { cursor: await here(), types: ["account-requested"] })
		const before = await here()
		// Each ten seconds its cursor is written down; here they are short.
		going({ now: () => Date.now() * 100_000 })
		await post.say(0, ...Array.from({ length: 20 }, (_, n) => said(unit(n), n)))
		expect(await here()).not.toBe(before)
		await eventually(async () => expect((await post.webhooks.find(webhook.id))?.cursor).toBe(await here()))
		await post.say(1, said(unit(0), 77, { type: "account-requested" }), said(unit(1), 78))
		await eventually(() => expect(receiver.numbers()).toEqual([77]))
		await eventually(async () => expect((await post.webhooks.find(webhook.id))?.cursor).toBe(await here()))
		expect(receiver.numbers()).toEqual([77])
	})

	test.each([1, 10])("has its requests shown as they were sent, headers and bodies, %d events in each", async (batchSize) => {
		const receiver = await opened(answers(204))
		const webhook = await post.subscribe(receiver.url, { cursor: await here(), batchSize })
		await post.say(0, ...Array.from({ length: 10 }, (_, n) => said(unit(n), n)))
		going()
		await eventually(async () => expect(await statuses(webhook.id)).toHaveLength(10))
		const rows = await post.webhooks.deliveries({ webhook: webhook.id }, null, 100)
		const shown = await requestsOf([...rows.map(({ request }) => request), null], post.feed)
		expect(shown.pop()).toBeNull()
		const sent = receiver.all.map(
			({ headers, body }) => `webhook-id: ${headers["webhook-id"]}\nwebhook-timestamp: ${headers["webhook-timestamp"]}\n\n${body.slice(0, 4096)}`,
		)
		expect(new Set(shown.map((text) => text?.slice(text.indexOf("webhook-id"))))).toEqual(new Set(sent))
	})

	test("that refuses an event has it and what comes of its unit held, and everything else delivered; then tries again, in order", async () => {
		let isPatient = false
		const receiver = await opened((received, response) => answers(eventOf(received).data.n === 1 && !isPatient ? 422 : 200)(null, response))
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		await post.say(0, ...[0, 1, 2, 3, 4, 5].map((n) => said(unit(n % 2), n)))
		going()
		await eventually(async () => {
			const all = await post.webhooks.deliveries({ webhook: webhook.id }, null, 100)
			expect(all.filter((each) => each.status === "DELIVERED").map((each) => each.subject)).toEqual([unit(0), unit(0), unit(0)])
			expect(all.filter((each) => each.status === "HELD")).toHaveLength(3)
		})
		await eventually(async () => expect((await post.webhooks.find(webhook.id))?.cursor).toBe(await here()))
		expect(receiver.numbers().filter((n) => n === 3 || n === 5)).toEqual([])
		isPatient = true
		await eventually(async () => expect(await statuses(webhook.id)).toEqual(Array.from({ length: 6 }, () => "DELIVERED")))
		expect(receiver.numbers().filter((n) => n % 2 === 1 && n > 1)).toEqual([3, 5])
		const [, held] = (await post.webhooks.deliveries({ webhook: webhook.id }, null, 100)).filter((each) => each.attempts > 1)
		expect(held).toBeUndefined()
	})

	test("that refuses everything once is given everything in the end, in order, while more comes", { timeout: 60_000 }, async () => {
		const refused = new Set<number>()
		const taken: number[] = []
		const receiver = await opened((received, response) => {
			const { n } = eventOf(received).data
			if (refused.has(n)) taken.push(n)
			answers(refused.has(n) ? 200 : 409)(null, response)
			refused.add(n)
		})
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		going({ limits: { endpoint: { least: 20, most: 20 }, refused: { least: 1, most: 1 }, patience: 60_000, window: 400, flush: 1, report: 10 } })
		for (let n = 0; n < 300; n++) await post.say(0, said(unit(n % 3), n))
		await eventually(() => expect(taken).toHaveLength(300))
		for (let each = 0; each < 3; each++) {
			const own = taken.filter((n) => n % 3 === each)
			expect(own).toEqual([...own].sort((a, b) => a - b))
		}
		await eventually(async () => expect(new Set(await statuses(webhook.id))).toEqual(new Set(["DELIVERED"])))
	})

	test("that takes a held event is given what was held behind it at that very moment", async () => {
		let isPatient = false
		const receiver = await opened((_, response) => answers(isPatient ? 200 : 409)(null, response))
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		const webhooks = Object.create(post.webhooks) as typeof post.webhooks
		Object.assign(webhooks, {
			head: async (id: string, subject: Scope) => {
				const found = await post.webhooks.head(id, subject)
				if (isPatient && (await statuses(id)).length === 1) {
					await post.say(0, said(unit(0), 1))
					await eventually(async () => expect([...(await statuses(id))].sort()).toEqual(["DELIVERED", "HELD"]))
				}
				return found
			},
		})
		await post.say(0, said(unit(0), 0))
		going({ webhooks })
		await eventually(async () => expect(await statuses(webhook.id)).toEqual(["HELD"]))
		isPatient = true
		await eventually(async () => expect(await statuses(webhook.id)).toEqual(["DELIVERED", "DELIVERED"]))
	})

	test("of which several requests fail at once has failed once", async () => {
		const { promise: all, resolve: allHere } = Promise.withResolvers<void>()
		const receiver = await opened((_, response) => {
			if (receiver.all.length === 4) allHere()
			void all.then(() => answers(503)(null, response))
		})
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		await post.say(0, ...[0, 1, 2, 3].map((n) => said(unit(n), n)))
		const limits = { endpoint: { least: 60_000, most: 60_000 }, refused: { least: 20, most: 20 }, patience: 1000, window: 400, flush: 10, report: 10 }
		const courier = post.courier({ limits })
		await all
		await courier.stop()
		expect(await post.webhooks.find(webhook.id)).toMatchObject({ status: "FAILING", failures: 1 })
	})

	test("that reports back in its answers has every report taken, also what it says of a held event, and while the log is away", async () => {
		let [isPatient, isAway] = [false, true]
		const receiver = await opened((received, response) => {
			const { n } = eventOf(received).data
			answers(n === 1 && !isPatient ? 422 : 200, {}, `taken ${n}`)(null, response)
		})
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		const taken: string[] = []
		let tries = 0
		const answered = async (_webhook: unknown, _row: unknown, body: string) => {
			tries += 1
			if (isAway) throw new Error("the log is away")
			taken.push(body)
			return null
		}
		await post.say(0, ...[0, 1, 2].map((n) => said(unit(n), n)))
		const failures: unknown[] = []
		going({ answered, failed: (error) => failures.push(error) })
		await eventually(() => expect(tries).toBeGreaterThan(6))
		expect(await statuses(webhook.id)).not.toContain("DELIVERED")
		expect(failures).toHaveLength(2)
		isAway = false
		await eventually(async () => expect([...(await statuses(webhook.id))].sort()).toEqual(["DELIVERED", "DELIVERED", "HELD"]))
		expect([...taken].sort()).toEqual(["taken 0", "taken 2"])
		isPatient = true
		await eventually(async () => expect(await statuses(webhook.id)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED"]))
		expect([...taken].sort()).toEqual(["taken 0", "taken 1", "taken 2"])
	})

	test("that ends while a report is not taken delivers the event again to the next", async () => {
		const receiver = await opened(answers(200, {}, "taken"))
		await post.subscribe(receiver.url, { cursor: await here() })
		let tries = 0
		const first = post.courier({
			answered: async () => {
				tries += 1
				throw new Error("the log is away")
			},
		})
		await post.say(0, said(unit(0), 0))
		await eventually(() => expect(tries).toBeGreaterThan(1))
		await first.stop()
		const taken: string[] = []
		going({
			answered: async (_webhook, _row, body) => {
				taken.push(body)
				return null
			},
		})
		await eventually(() => expect(taken).toEqual(["taken"]))
		expect(receiver.numbers()).toEqual([0, 0])
	})

	test("that answers to several at once reports of none of them; what is refused of a report is a person's task", async () => {
		const receiver = await opened(answers(200, {}, "taken"))
		const many = await post.subscribe(receiver.url, { cursor: await here(), batchSize: 10 })
		const one = await post.subscribe(receiver.url, { cursor: await here() })
		const answered: unknown[] = []
		await post.say(0, ...[0, 1, 2].map((n) => said(unit(n), n)))
		going({
			// As where everything is answered within one tick of the clock.
			now: () => Math.floor(Date.now() / 200) * 200_000,
			answered: async ({ id }, row) => {
				answered.push([id, row.subject])
				return row.subject === unit(0) ? null : "同一编号已另有内容"
			},
		})
		for (const { id } of [many, one]) await eventually(async () => expect(await statuses(id)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED"]))
		expect(answered.sort()).toEqual([0, 1, 2].map((n) => [one.id, unit(n)]))
		const task = { kind: "TASK", reason: expect.stringContaining("同一编号已另有内容") }
		expect(await post.webhooks.notices(one.id, 10)).toMatchObject([task, task])
	})

	test("of no unit waits for none other, and none is forgotten by who comes after", async () => {
		let isPatient = false
		const receiver = await opened((_, response) => answers(isPatient ? 200 : 422)(null, response))
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		await post.say(0, ...[0, 1, 2, 3].map((n) => said(unit(n), n, { subject: null })))
		const first = post.courier()
		await eventually(async () => expect(await statuses(webhook.id)).toEqual(["HELD", "HELD", "HELD", "HELD"]))
		await first.stop()
		isPatient = true
		going()
		await eventually(async () => expect(await statuses(webhook.id)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED", "DELIVERED"]))
		const count = receiver.all.length
		expect(await post.webhooks.redeliver(webhook.id, { behind: new Map() }, Date.now() * 1000, false)).toBe(4)
		await post.webhooks.change(webhook.id, {})
		await eventually(async () => expect(await statuses(webhook.id)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED", "DELIVERED"]))
		await eventually(() => expect(receiver.all).toHaveLength(count + 4))
	})

	test("that is held too long becomes a person's task, and the unit goes on", async () => {
		const receiver = await opened((received, response) => answers(eventOf(received).data.n === 0 ? 400 : 200, {}, "户号不对")(null, response))
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		await post.say(0, said(unit(0), 0), said(unit(0), 1))
		const limits = { endpoint: { least: 20, most: 200 }, refused: { least: 20, most: 20 }, patience: 100, window: 400, flush: 10, report: 10 }
		going({ limits })
		await eventually(async () => expect([...(await statuses(webhook.id))].sort()).toEqual(["DELIVERED", "FAILED"]))
		expect(receiver.numbers().at(-1)).toBe(1)
		expect(await post.webhooks.notices(webhook.id, 10)).toMatchObject([{ kind: "TASK", reason: expect.stringContaining(unit(0)) }])
		const failed = (await post.webhooks.deliveries({ webhook: webhook.id, status: "FAILED" }, null, 10))[0]
		expect(failed).toMatchObject({
			responseStatus: 400,
			response: expect.stringContaining("户号不对"),
			request: expect.stringMatching(/^content-type: .+\nuser-agent: yima\nwebhook-id: \d-\d+\nwebhook-timestamp: \d+$/),
		})
	})

	test("that fails as a whole stops its cursor and holds nobody else; back again, it gets everything in order", async () => {
		let isDown = true
		const receiver = await opened((_, response) => answers(isDown ? 503 : 200)(null, response))
		const other = await opened(answers(200))
		const cursor = await here()
		const webhook = await post.subscribe(receiver.url, { cursor })
		await post.subscribe(other.url, { cursor })
		going()
		await post.say(0, ...Array.from({ length: 50 }, (_, n) => said(unit(0), n)))
		await eventually(() => expect(other.all).toHaveLength(50))
		await eventually(async () => expect(await post.webhooks.find(webhook.id)).toMatchObject({ status: "FAILING", cursor, reason: "应答 503" }))
		await eventually(async () => expect(await post.webhooks.notices(webhook.id, 10)).toMatchObject([{ kind: "FAILING" }]))
		expect(new Set(receiver.numbers())).toEqual(new Set([0]))
		isDown = false
		await eventually(async () => expect(await statuses(webhook.id)).toHaveLength(50))
		expect(receiver.numbers().filter((n) => n > 0)).toEqual(Array.from({ length: 49 }, (_, n) => n + 1))
		expect(await post.webhooks.find(webhook.id)).toMatchObject({ status: "ACTIVE", failures: 0, reason: null })
		expect((await post.webhooks.notices(webhook.id, 10)).map((each) => each.kind)).toEqual(["RECOVERED", "FAILING"])
	})

	test.each([
		["that was down for a week", 503, 7],
		["that was disabled for a month and is enabled again", 410, 31],
	])("%s gets everything, in order, that was said meanwhile", async (_, status, days) => {
		let isUp = false
		let passed = 0
		const receiver = await opened((_, response) => answers(isUp ? 200 : status)(null, response))
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		going({ now: () => Date.now() * 1000 + passed })
		await post.say(0, said(unit(0), 0))
		const wanted = status === 410 ? "DISABLED" : "FAILING"
		await eventually(async () => expect((await post.webhooks.find(webhook.id))?.status).toBe(wanted))
		for (let day = 1; day <= days; day++) {
			passed = day * 24 * 3600 * 1_000_000
			await post.say(day % 2, said(unit(0), 2 * day - 1), said(unit(1), 2 * day))
		}
		isUp = true
		const before = receiver.all.length
		if (status === 410) await post.webhooks.change(webhook.id, { status: "ACTIVE" })
		await eventually(async () => expect(await statuses(webhook.id)).toHaveLength(2 * days + 1))
		const came = receiver.numbers().slice(before)
		expect(came).toHaveLength(2 * days + 1)
		for (const partition of [0, 1])
			for (const each of [0, 1]) {
				const own = came.filter((n) => n > 0 && n % 2 === 1 - each && Math.ceil(n / 2) % 2 === partition)
				expect(own).toEqual([...own].sort((a, b) => a - b))
			}
	})

	test("that is paused gets nothing, and everything when it goes on", async () => {
		const receiver = await opened(answers(200))
		const other = await opened(answers(200))
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		await post.subscribe(other.url, { cursor: await here() })
		const courier = going()
		await post.say(0, said(unit(0), 0))
		await eventually(() => expect(receiver.all).toHaveLength(1))
		await post.webhooks.change(webhook.id, { status: "PAUSED" })
		await eventually(() => expect(courier.carried()).not.toContain(webhook.id))
		await post.say(0, said(unit(0), 1), said(unit(1), 2))
		await eventually(() => expect(other.all).toHaveLength(3))
		expect(receiver.all).toHaveLength(1)
		await post.webhooks.change(webhook.id, { status: "ACTIVE" })
		await eventually(() => expect(new Set(receiver.numbers())).toEqual(new Set([0, 1, 2])))
	})

	test("has sent again what it asks for, and its preview says how much that is", async () => {
		const receiver = await opened(answers(200))
		const cursor = await here()
		const webhook = await post.subscribe(receiver.url, { cursor })
		going()
		await post.say(0, said(unit(0), 0), said(unit(0), 1), said(unit(1), 2))
		await eventually(async () => expect(await statuses(webhook.id)).toHaveLength(3))
		const behind = readCursor(cursor)
		expect(await post.webhooks.redeliver(webhook.id, { behind }, Date.now() * 1000, true)).toBe(3)
		expect(receiver.all).toHaveLength(3)
		expect(await post.webhooks.redeliver(webhook.id, { behind }, Date.now() * 1000, false)).toBe(3)
		await post.webhooks.change(webhook.id, {})
		await eventually(() => expect(receiver.all).toHaveLength(6))
		expect(
			receiver
				.numbers()
				.slice(3)
				.filter((n) => n < 2),
		).toEqual([0, 1])
		await eventually(async () => expect(new Set(await statuses(webhook.id))).toEqual(new Set(["DELIVERED"])))
	})

	test("signs with both secrets while one takes the other's place", async () => {
		const receiver = await opened(answers(200))
		const webhook = await post.subscribe(receiver.url, { cursor: await here() })
		const fresh = Buffer.alloc(32, 7)
		await post.webhooks.change(webhook.id, {
			secret: post.key.wrap(`webhook:${webhook.id}`, fresh),
			oldSecret: webhook.secret,
			oldUntil: Date.now() * 1000 + 3_600_000_000,
		})
		going()
		await post.say(0, said(unit(0), 0))
		await eventually(() => expect(receiver.all).toHaveLength(1))
		const [{ headers, body }] = receiver.all as [Received]
		for (const secret of [fresh, Buffer.from("01234567890123456789012345678901")])
			expect(new Webhook(showSecret(secret)).verify(body, headers as Record<string, string>)).toMatchObject({ data: { n: 0 } })
		expect(() => new Webhook(showSecret(Buffer.alloc(32, 8))).verify(body, headers as Record<string, string>)).toThrow()
	})
})

describe("couriers", () => {
	test("share the endpoints, and when one dies the others carry on where it was", async () => {
		const receivers = await Promise.all(Array.from({ length: 6 }, () => opened(answers(200))))
		const cursor = await here()
		const all = await Promise.all(receivers.map((receiver) => post.subscribe(receiver.url, { cursor })))
		const dying = post.newFeed()
		const first = post.courier({ feed: dying })
		await eventually(() => expect(first.carried().length).toBeGreaterThan(0))
		await post.say(0, ...Array.from({ length: 20 }, (_, n) => said(unit(n), n)))
		// It dies: nothing is finished and nothing given back.
		await dying.stop()
		going()
		await first.stop()
		await post.say(1, ...Array.from({ length: 20 }, (_, n) => said(unit(n), 20 + n)))
		for (const [n, receiver] of receivers.entries()) {
			await eventually(() => expect(new Set(receiver.numbers()).size).toBe(40))
			await eventually(async () => expect(await statuses(all[n]?.id ?? "")).toHaveLength(40))
		}
	})

	test("do not start with a lease that a request may outlast", () => {
		expect(() => post.courier({ timeoutMs: 1000, leaseMs: 1200 })).toThrow(LeaseTooShort)
	})
})
