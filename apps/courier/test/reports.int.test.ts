import { describe, expect, test } from "vitest"
import { Carrier, type Sent } from "../src/index.ts"
import { answers, eventually, numberIn, said, unit, usePost } from "./post.ts"

const at = usePost()

describe("a webhook", () => {
	test("that reports back in its answers has every report taken, also what it says of a held event, and while the log is away", async () => {
		let [isPatient, isAway] = [false, true]
		const receiver = await at.opened((received, response) => {
			const n = numberIn(received)
			answers(n === 1 && !isPatient ? 422 : 200, {}, `taken ${n}`)(null, response)
		})
		const webhook = await at.subscribed(receiver.url)
		const taken: string[] = []
		let tries = 0
		const answered = async (_webhook: unknown, _row: unknown, body: string) => {
			tries += 1
			if (isAway) throw new Error("the log is away")
			taken.push(body)
			return null
		}
		await at.post.say(0, ...[0, 1, 2].map((n) => said(unit(n), n)))
		const failures: unknown[] = []
		at.going({ answered, failed: (error) => failures.push(error) })
		await eventually(() => expect(tries).toBeGreaterThan(6))
		expect(await at.statuses(webhook.id)).not.toContain("DELIVERED")
		expect(failures).toHaveLength(2)
		isAway = false
		await eventually(async () => expect([...(await at.statuses(webhook.id))].sort()).toEqual(["DELIVERED", "DELIVERED", "HELD"]))
		expect([...taken].sort()).toEqual(["taken 0", "taken 2"])
		isPatient = true
		await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED"]))
		expect([...taken].sort()).toEqual(["taken 0", "taken 1", "taken 2"])
	})

	test("that ends while a report is not taken delivers the event again to the next", async () => {
		const receiver = await at.opened(answers(200, {}, "taken"))
		await at.subscribed(receiver.url)
		let tries = 0
		const first = at.post.courier({
			answered: async () => {
				tries += 1
				throw new Error("the log is away")
			},
		})
		await at.post.say(0, said(unit(0), 0))
		await eventually(() => expect(tries).toBeGreaterThan(1))
		await first.stop()
		const taken: string[] = []
		at.going({
			answered: async (_webhook, _row, body) => {
				taken.push(body)
				return null
			},
		})
		await eventually(() => expect(taken).toEqual(["taken"]))
		expect(receiver.numbers()).toEqual([0, 0])
	})

	test("that answers to several at once reports of none of them; what is refused of a report is a person's task", async () => {
		const receiver = await at.opened(answers(200, {}, "taken"))
		const many = await at.subscribed(receiver.url, { batchSize: 10 })
		const one = await at.subscribed(receiver.url)
		const answered: unknown[] = []
		await at.post.say(0, ...[0, 1, 2].map((n) => said(unit(n), n)))
		at.going({
			// As where everything is answered within one tick of the clock.
			now: () => Math.floor(Date.now() / 200) * 200_000,
			answered: async ({ id }, row) => {
				answered.push([id, row.subject])
				return row.subject === unit(0) ? null : "同一编号已另有内容"
			},
		})
		for (const { id } of [many, one]) await eventually(async () => expect(await at.statuses(id)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED"]))
		expect(answered.sort()).toEqual([0, 1, 2].map((n) => [one.id, unit(n)]))
		const task = { kind: "TASK", reason: expect.stringContaining("同一编号已另有内容") }
		expect(await at.post.webhooks.notices(one.id, 10)).toMatchObject([task, task])
	})

	test("that answers while its courier stops is heard: what was under way is finished, and sent to nobody again", async () => {
		const { promise: answer, resolve: comes } = Promise.withResolvers<Sent & { readonly request: string }>()
		const { promise: asked, resolve: asks } = Promise.withResolvers<void>()
		const { id } = await at.subscribed("http://127.0.0.1:1/in")
		await at.post.say(0, said(unit(0), 0))
		const webhook = (await at.post.webhooks.take("a courier", 60, 50)).find((each) => each.id === id)
		if (webhook === undefined) throw new Error("another has it")
		const taken: string[] = []
		const carrier = new Carrier({
			webhook,
			feed: at.post.feed,
			webhooks: at.post.webhooks,
			send: () => {
				asks()
				return answer
			},
			now: () => Date.now() * 1000,
			random: Math.random,
			answered: async (_row, body) => {
				taken.push(body)
				return null
			},
		})
		const over = carrier.run()
		await asked
		carrier.stop()
		comes({ answer: { is: "answered", status: 200, headers: {}, body: "taken" }, latencyMs: 1, request: "" })
		await over
		expect(await at.statuses(id)).toEqual(["DELIVERED"])
		expect(taken).toEqual(["taken"])
	})
})
