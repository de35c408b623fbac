import { describe, expect, test } from "vitest"
import { answers, eventually, SHORT, said, unit, usePost } from "./post.ts"

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
