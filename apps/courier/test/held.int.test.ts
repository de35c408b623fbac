import type { Scope } from "@yima/schemas"
import { describe, expect, test } from "vitest"
import { answers, eventually, numberIn, SHORT, said, unit, usePost } from "./post.ts"

const at = usePost()

const HOUR = 3600_000
const deliveries = async (id: string) => (await at.post.webhooks.deliveries({ webhook: id }, null, 100)).toSorted((a, b) => a.number - b.number)

describe("an event that is refused", () => {
	test("is tried again no sooner than Retry-After asks, what comes of its unit waits with it, and other units go on", async () => {
		let passed = 0
		let isPatient = false
		const receiver = await at.opened(({ body }, response) => {
			const isRefused = body.includes(unit(0)) && !isPatient
			answers(isRefused ? 422 : 200, isRefused ? { "retry-after": "7200" } : {})(null, response)
		})
		const webhook = await at.subscribed(receiver.url)
		const before = Date.now()
		await at.post.say(0, ...[0, 1, 2, 3].map((n) => said(unit(n % 2), n)))
		at.going({ now: () => Date.now() * 1000 + passed })
		await eventually(async () => expect((await deliveries(webhook.id)).map(({ status }) => status)).toEqual(["HELD", "DELIVERED", "HELD", "DELIVERED"]))
		const [first] = await deliveries(webhook.id)
		expect((first?.nextAt ?? 0) / 1000).toBeGreaterThanOrEqual(before + 2 * HOUR)
		expect((first?.nextAt ?? 0) / 1000).toBeLessThanOrEqual(Date.now() + 2 * HOUR)
		expect(await at.webhook(webhook.id)).toMatchObject({ status: "ACTIVE" })
		expect(receiver.numbers().toSorted((a, b) => a - b)).toEqual([0, 1, 3])
		isPatient = true
		passed = 2 * HOUR * 1000
		await at.post.say(1, said(unit(3), 4))
		await eventually(async () => expect(new Set(await at.statuses(webhook.id))).toEqual(new Set(["DELIVERED"])))
		expect(receiver.numbers().filter((n) => n === 0 || n === 2)).toEqual([0, 0, 2])
	})

	test.each([
		["0", "at once"],
		["-7200", "less than nothing"],
		["soon 2099", "no such thing"],
		[new Date(0).toUTCString(), "a date in the past"],
	])("and with Retry-After: %s (%s) is tried again in our own time", async (header) => {
		const receiver = await at.opened(answers(422, { "retry-after": header }))
		const webhook = await at.subscribed(receiver.url)
		await at.post.say(0, said(unit(0), 0))
		at.going()
		await eventually(async () => expect((await deliveries(webhook.id))[0]?.attempts).toBeGreaterThan(2))
	})

	test("is a person's task when its time is up, however long it asked to be left alone", async () => {
		const receiver = await at.opened(answers(422, { "retry-after": "9999999999" }))
		const webhook = await at.subscribed(receiver.url)
		await at.post.say(0, said(unit(0), 0))
		at.going({ limits: { ...SHORT, patience: 200 } })
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["FAILED"]))
		expect(receiver.all).toHaveLength(2)
		expect(await at.post.webhooks.notices(webhook.id, 10)).toMatchObject([{ kind: "TASK", reason: expect.stringContaining(unit(0)) }])
	})

	test("among others in one request is not looked for while the endpoint asks for time: all of them wait, each unit's first for itself", async () => {
		let passed = 0
		let isPatient = false
		const receiver = await at.opened((_, response) => answers(isPatient ? 200 : 422, { "retry-after": "7200" })(null, response))
		const webhook = await at.subscribed(receiver.url, { batchSize: 10 })
		await at.post.say(0, ...[0, 1, 2, 3, 4, 5].map((n) => said(unit(n % 2), n)))
		at.going({ now: () => Date.now() * 1000 + passed })
		await eventually(async () => expect(await at.statuses(webhook.id)).toHaveLength(6))
		expect((await deliveries(webhook.id)).map(({ status, nextAt }) => [status, nextAt !== null])).toEqual([
			["HELD", true],
			["HELD", true],
			...Array.from({ length: 4 }, () => ["HELD", false]),
		])
		expect(receiver.all).toHaveLength(1)
		isPatient = true
		passed = 2 * HOUR * 1000
		await at.post.say(1, said(unit(3), 6))
		await eventually(async () => expect(new Set(await at.statuses(webhook.id))).toEqual(new Set(["DELIVERED"])))
		const later = receiver.numbers().slice(6)
		for (const each of [0, 1]) expect(later.filter((n) => n < 6 && n % 2 === each)).toEqual([each, each + 2, each + 4])
	})
})

describe("a webhook", () => {
	test("that refuses an event has it and what comes of its unit held, and everything else delivered; then tries again, in order", async () => {
		let isPatient = false
		const receiver = await at.opened((received, response) => answers(numberIn(received) === 1 && !isPatient ? 422 : 200)(null, response))
		const webhook = await at.subscribed(receiver.url)
		await at.post.say(0, ...[0, 1, 2, 3, 4, 5].map((n) => said(unit(n % 2), n)))
		at.going()
		await eventually(async () => {
			const all = await at.post.webhooks.deliveries({ webhook: webhook.id }, null, 100)
			expect(all.filter((each) => each.status === "DELIVERED").map((each) => each.subject)).toEqual([unit(0), unit(0), unit(0)])
			expect(all.filter((each) => each.status === "HELD")).toHaveLength(3)
		})
		await eventually(async () => expect((await at.post.webhooks.find(webhook.id))?.cursor).toBe(await at.here()))
		expect(receiver.numbers().filter((n) => n === 3 || n === 5)).toEqual([])
		isPatient = true
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(Array.from({ length: 6 }, () => "DELIVERED")))
		expect(receiver.numbers().filter((n) => n % 2 === 1 && n > 1)).toEqual([3, 5])
		const [, held] = (await at.post.webhooks.deliveries({ webhook: webhook.id }, null, 100)).filter((each) => each.attempts > 1)
		expect(held).toBeUndefined()
	})

	test("that refuses everything once is given everything in the end, in order, while more comes", { timeout: 60_000 }, async () => {
		const refused = new Set<number>()
		const taken: number[] = []
		const receiver = await at.opened((received, response) => {
			const n = numberIn(received)
			if (refused.has(n)) taken.push(n)
			answers(refused.has(n) ? 200 : 409)(null, response)
			refused.add(n)
		})
		const webhook = await at.subscribed(receiver.url)
		at.going({ limits: { endpoint: { least: 20, most: 20 }, refused: { least: 1, most: 1 }, patience: 60_000, window: 400, flush: 1, report: 10 } })
		for (let n = 0; n < 300; n++) await at.post.say(0, said(unit(n % 3), n))
		await eventually(() => expect(taken).toHaveLength(300))
		for (let each = 0; each < 3; each++) {
			const own = taken.filter((n) => n % 3 === each)
			expect(own).toEqual([...own].sort((a, b) => a - b))
		}
		await eventually(async () => expect(new Set(await at.statuses(webhook.id))).toEqual(new Set(["DELIVERED"])))
	})

	test("that refuses several at once, then fails at the first of them alone, is given them in order when it is back", async () => {
		const answersOf = [422, 503]
		const taken: number[] = []
		const receiver = await at.opened(({ body }, response) => {
			const status = answersOf.shift() ?? 200
			if (status === 200) taken.push(...(JSON.parse(body) as { data: { n: number } }[]).map(({ data }) => data.n))
			answers(status)(null, response)
		})
		await at.subscribed(receiver.url, { batchSize: 10 })
		await at.post.say(0, ...[0, 1, 2, 3, 4].map((n) => said(unit(n === 3 ? 3 : 0), n)))
		at.going()
		await eventually(() => expect(taken).toHaveLength(5))
		expect(taken.filter((n) => n !== 3)).toEqual([0, 1, 2, 4])
	})

	test("that refuses what waited behind another has its whole time for that, whoever carries it", async () => {
		let passed = 0
		const receiver = await at.opened((received, response) => answers(numberIn(received) === 2 ? 200 : 422)(null, response))
		const webhook = await at.subscribed(receiver.url)
		await at.post.say(0, said(unit(0), 0), said(unit(0), 1))
		const own = async () => (await deliveries(webhook.id)).filter(({ subject }) => subject === unit(0))
		const limits = { ...SHORT, patience: HOUR }
		const now = () => Date.now() * 1000 + passed
		const first = at.going({ now, limits })
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["HELD", "HELD"]))
		passed = 2 * HOUR * 1000
		await at.post.say(1, said(unit(1), 2))
		await eventually(async () => {
			const [failed, held] = await own()
			expect(failed).toMatchObject({ status: "FAILED" })
			expect(held?.attempts).toBeGreaterThan(0)
		})
		await first.stop()
		const [, before] = await own()
		at.going({ now, limits })
		await eventually(async () => expect((await own())[1]?.attempts).toBeGreaterThan(before?.attempts ?? 0))
		expect((await own())[1]).toMatchObject({ status: "HELD" })
	})

	test("that takes a held event is given what was held behind it at that very moment", async () => {
		let isPatient = false
		const receiver = await at.opened((_, response) => answers(isPatient ? 200 : 409)(null, response))
		const webhook = await at.subscribed(receiver.url)
		const webhooks = Object.create(at.post.webhooks) as typeof at.post.webhooks
		Object.assign(webhooks, {
			head: async (id: string, subject: Scope) => {
				const found = await at.post.webhooks.head(id, subject)
				if (isPatient && (await at.statuses(id)).length === 1) {
					await at.post.say(0, said(unit(0), 1))
					await eventually(async () => expect([...(await at.statuses(id))].sort()).toEqual(["DELIVERED", "HELD"]))
				}
				return found
			},
		})
		await at.post.say(0, said(unit(0), 0))
		at.going({ webhooks })
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["HELD"]))
		isPatient = true
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["DELIVERED", "DELIVERED"]))
	})

	test("of no unit waits for none other, and none is forgotten by who comes after", async () => {
		let isPatient = false
		const receiver = await at.opened((_, response) => answers(isPatient ? 200 : 422)(null, response))
		const webhook = await at.subscribed(receiver.url)
		await at.post.say(0, ...[0, 1, 2, 3].map((n) => said(unit(n), n, { subject: null })))
		const first = at.post.courier()
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["HELD", "HELD", "HELD", "HELD"]))
		await first.stop()
		isPatient = true
		at.going()
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED", "DELIVERED"]))
		const count = receiver.all.length
		expect(await at.post.webhooks.redeliver(webhook.id, { behind: new Map() }, Date.now() * 1000, false)).toBe(4)
		await at.post.webhooks.change(webhook.id, {})
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED", "DELIVERED"]))
		await eventually(() => expect(receiver.all).toHaveLength(count + 4))
	})

	test("that is held too long becomes a person's task, and the unit goes on", async () => {
		const receiver = await at.opened((received, response) => answers(numberIn(received) === 0 ? 400 : 200, {}, "户号不对")(null, response))
		const webhook = await at.subscribed(receiver.url)
		await at.post.say(0, said(unit(0), 0), said(unit(0), 1))
		const limits = { endpoint: { least: 20, most: 200 }, refused: { least: 20, most: 20 }, patience: 100, window: 400, flush: 10, report: 10 }
		at.going({ limits })
		await eventually(async () => expect([...(await at.statuses(webhook.id))].sort()).toEqual(["DELIVERED", "FAILED"]))
		expect(receiver.numbers().at(-1)).toBe(1)
		expect(await at.post.webhooks.notices(webhook.id, 10)).toMatchObject([{ kind: "TASK", reason: expect.stringContaining(unit(0)) }])
		const failed = (await at.post.webhooks.deliveries({ webhook: webhook.id, status: "FAILED" }, null, 10))[0]
		expect(failed).toMatchObject({
			responseStatus: 400,
			response: expect.stringContaining("户号不对"),
			request: expect.stringMatching(/^content-type: .+\nuser-agent: yima\nwebhook-id: \d-\d+\nwebhook-timestamp: \d+$/),
		})
	})
})
