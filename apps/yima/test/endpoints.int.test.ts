import { describe, expect, test } from "vitest"
import { eventually, type Received, takes, useOffice } from "./endpoints.ts"

const at = useOffice()

const UNIT = "410811001002GB00018F00010001"
const DAY = 24 * 3600 * 1_000_000
const PING = `testWebhook`
const PINGED = `type status attempts latencyMs responseStatus request response`

describe("a ping", () => {
	test.each([1, 10])("is sent as events are (%d in a request), so that an independent verifier takes it, and what came back is shown", async (batchSize) => {
		const endpoint = await at.endpoint({ batchSize }, (response) => response.writeHead(202, { "x-from": "water" }).end("pong"))
		const pinged = await endpoint.mutate(PING, PINGED)
		expect(endpoint.received).toHaveLength(1)
		const [received = { headers: {}, body: "" }] = endpoint.received
		expect(takes(endpoint.secret, received, at.office.now())).toBe(true)
		expect(takes(endpoint.secret, { ...received, body: received.body.replace("ping", "pong") }, at.office.now())).toBe(false)
		const ping = { specversion: "1.0", type: "yima.webhook.pinged.v1", source: "urn:yima:registry", id: received.headers["webhook-id"] }
		expect(JSON.parse(received.body)).toMatchObject(batchSize === 1 ? ping : [ping])
		expect(pinged).toMatchObject({ type: "webhook.pinged", status: "DELIVERED", attempts: 1, responseStatus: 202, latencyMs: expect.any(Number) })
		expect(pinged.request).toContain(`webhook-id: ${ping.id}\n`)
		expect(pinged.request.slice(pinged.request.indexOf("\n\n") + 2)).toBe(received.body)
		expect(pinged.request).not.toContain("webhook-signature")
		expect(pinged.response).toMatch(/^202\n[\s\S]*x-from: water\n[\s\S]*\n\npong$/)
		expect(await endpoint.delivered()).toEqual([])
	})

	test.each([
		[410, "gone"],
		[422, "no such account"],
		[503, "later"],
	])("that is answered with %d changes nothing: it is asked, not told", async (status, body) => {
		const endpoint = await at.endpoint({}, (response) => response.writeHead(status).end(body))
		expect(await endpoint.mutate(PING, PINGED)).toMatchObject({ status: "FAILED", responseStatus: status, response: expect.stringContaining(body) })
		expect(await endpoint.shown(`status cursor reason notices { kind }`)).toMatchObject({ status: "ACTIVE", reason: null, notices: [] })
		expect(await endpoint.delivered()).toEqual([])
	})

	test("that nobody answers says why, also while the endpoint is paused", async () => {
		const endpoint = await at.endpoint({}, (response) => response.destroy())
		await endpoint.mutate("pauseWebhook", "id")
		const pinged = await endpoint.mutate(PING, PINGED)
		expect(pinged).toMatchObject({ status: "FAILED", responseStatus: null, response: expect.stringMatching(/^UND_ERR_SOCKET |^ECONNRESET /) })
		expect(endpoint.received).toHaveLength(1)
	})
})

describe("an endpoint's operator is told", () => {
	const told = (endpoint: Awaited<ReturnType<typeof at.endpoint>>) => endpoint.shown(`status reason notices { kind reason at }`)

	test("that it was disabled, when it answered that it wants nothing more, and it gets everything once it is resumed", async () => {
		let status = 410
		const endpoint = await at.endpoint({}, (response) => response.writeHead(status).end())
		const before = at.office.now()
		await at.office.say(0, UNIT)
		const reason = "应答 410:端点不再接收"
		const shown = await eventually(async () => {
			const found = await told(endpoint)
			expect(found).toMatchObject({ status: "DISABLED", reason, notices: [{ kind: "DISABLED", reason }] })
			return found
		})
		expect(Date.parse(shown.notices[0].at)).toBeGreaterThanOrEqual(Math.floor(before / 1000))
		await at.office.say(0, UNIT)
		status = 200
		expect(await endpoint.mutate("resumeWebhook", "status reason")).toEqual({ status: "ACTIVE", reason: null })
		await eventually(async () => expect((await endpoint.delivered()).map((each) => each.status)).toEqual(["DELIVERED", "DELIVERED"]))
		expect(endpoint.received).toHaveLength(3)
		expect((await told(endpoint)).notices).toHaveLength(1)
	})

	test("that it fails, and that it has recovered, once for each outage", async () => {
		let status = 503
		const endpoint = await at.endpoint({}, (response) => response.writeHead(status).end())
		for (const outage of [1, 2]) {
			status = 503
			await at.office.say(0, UNIT)
			await eventually(async () => expect((await told(endpoint)).notices).toHaveLength(2 * outage - 1))
			status = 200
			await eventually(async () => expect((await told(endpoint)).status).toBe("ACTIVE"))
		}
		const failing = { kind: "FAILING", reason: "应答 503" }
		const recovered = { kind: "RECOVERED", reason: expect.stringMatching(/^已恢复;此前 \d+ 次未成:应答 503$/) }
		expect((await told(endpoint)).notices).toMatchObject([recovered, failing, recovered, failing])
		expect(await endpoint.shown(`status reason failingSince retryAt`)).toEqual({ status: "ACTIVE", reason: null, failingSince: null, retryAt: null })
	})

	test("of nothing that was so before it was set otherwise", async () => {
		const endpoint = await at.endpoint({}, (response) => response.writeHead(503).end())
		await at.office.say(0, UNIT)
		await eventually(async () => expect((await told(endpoint)).status).toBe("FAILING"))
		await at.office.ask(`mutation { updateWebhook(id: "${endpoint.id}", input: { url: "${endpoint.url}", types: ["unit.stage-changed"] }) { id } }`)
		await eventually(async () => expect(await told(endpoint)).toMatchObject({ status: "ACTIVE", reason: null }))
	})

	test("that it has recovered, too, where it was paused meanwhile and resumed", async () => {
		let status = 503
		const endpoint = await at.endpoint({}, (response) => response.writeHead(status, { "retry-after": "3600" }).end())
		await at.office.say(0, UNIT)
		for (const times of [1, 2, 3]) {
			await eventually(() => expect(endpoint.received).toHaveLength(times))
			await eventually(async () => expect((await told(endpoint)).status).toBe("FAILING"))
			await endpoint.mutate("pauseWebhook", "id")
			if (times === 3) status = 200
			expect(await endpoint.mutate("resumeWebhook", "status reason")).toEqual({ status: "FAILING", reason: "应答 503" })
		}
		await eventually(async () =>
			expect(await told(endpoint)).toMatchObject({ status: "ACTIVE", reason: null, notices: [{ kind: "RECOVERED" }, { kind: "FAILING" }] }),
		)
	})
})

test("a secret that was rotated signs beside the new one for a day, pings too, and not a moment longer", async () => {
	const endpoint = await at.endpoint({}, (response) => response.writeHead(200).end())
	/** How many signatures the next event and the next ping have in the end, and which of the secrets are good for them. */
	const expectNext = async (secrets: readonly string[], expected: readonly (number | boolean)[]) => {
		const judged = (each: Received | undefined) =>
			each === undefined
				? null
				: [String(each.headers["webhook-signature"]).split(" ").length, ...secrets.map((secret) => takes(secret, each, at.office.now()))]
		endpoint.received.length = 0
		await at.office.say(0, UNIT)
		// What a courier signs that has not heard of the change yet does not count, and is sent again.
		await eventually(() => expect(judged(endpoint.received.at(-1))).toEqual(expected))
		await endpoint.mutate(PING, "id")
		expect(judged(endpoint.received.findLast(({ body }) => body.includes("pinged")))).toEqual(expected)
	}
	const first = endpoint.secret
	await expectNext([first], [1, true])
	const { secret: second } = await endpoint.mutate("rotateWebhookSecret", "secret")
	expect(second).not.toBe(first)
	await expectNext([first, second], [2, true, true])
	at.office.clock.passed += DAY - 60_000_000
	await expectNext([first, second], [2, true, true])
	at.office.clock.passed += 60_000_000
	await expectNext([first, second], [1, false, true])
	// Who rotates twice in a day has two: the last one, and the one before it.
	const { secret: third } = await endpoint.mutate("rotateWebhookSecret", "secret")
	const { secret: fourth } = await endpoint.mutate("rotateWebhookSecret", "secret")
	await expectNext([second, third, fourth], [2, false, true, true])
})
