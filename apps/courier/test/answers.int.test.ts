import { createServer as createTcpServer } from "node:net"
import { describe, expect, test, vi } from "vitest"
import { answers, openReceiver, said, unit, usePost } from "./post.ts"

const at = usePost()

type Endpoint = () => Promise<string> | string

const http =
	(answer: Parameters<typeof openReceiver>[0]): Endpoint =>
	async () =>
		(await at.opened(answer)).url

/** Whatever a client says, it hears this, and the line is cut. */
const raw =
	(text: string): Endpoint =>
	async () => {
		const server = createTcpServer((socket) => {
			socket.on("error", () => undefined)
			socket.once("data", () => socket.end(text))
		})
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
		at.closing.push(() => server.close())
		return `http://127.0.0.1:${(server.address() as { readonly port: number }).port}/in`
	}

const refusedPort: Endpoint = async () => {
	const receiver = await openReceiver(answers(200))
	await receiver.close()
	return receiver.url
}

const inTls: Endpoint = async () => ((await http(answers(200))()) as string).replace("http:", "https:")

type Follows = "delivered" | "held" | "stops" | "disabled"

const TABLE: readonly (readonly [what: string, endpoint: Endpoint, follows: Follows, told: RegExp])[] = [
	["200", http(answers(200)), "delivered", /^200/],
	["204", http(answers(204)), "delivered", /^204/],
	["200 with a body of 10 MB: its beginning is kept", http(answers(200, {}, "x".repeat(10_000_000))), "delivered", /^200[\s\S]{3000,5000}$/],
	["200 with content that is no text", http((_, response) => response.end(Buffer.from([0xff, 0xfe, 0x00, 0x01]))), "delivered", /^200/],
	[
		"200 and then a reset: the status has come",
		http((_, response) => {
			response.writeHead(200, { "content-length": "100" })
			response.write("half", () => response.destroy())
		}),
		"delivered",
		/^200/,
	],
	["301: no redirect is followed", http(answers(301, { location: "http://127.0.0.1:1/elsewhere" })), "stops", /应答 301:端点地址已变/],
	["307 to an inner address: not followed either", http(answers(307, { location: "http://169.254.169.254/" })), "stops", /应答 307/],
	["400", http(answers(400, {}, "户号不存在")), "held", /^400[\s\S]*户号不存在/],
	["401", http(answers(401)), "held", /^401/],
	["404", http(answers(404)), "held", /^404/],
	["408: it is about the moment", http(answers(408)), "stops", /应答 408/],
	["410", http(answers(410)), "disabled", /应答 410/],
	["422", http(answers(422)), "held", /^422/],
	["429", http(answers(429)), "stops", /应答 429/],
	["429 with Retry-After", http(answers(429, { "retry-after": "3600" })), "stops", /应答 429/],
	["500", http(answers(500)), "stops", /应答 500/],
	["503 with Retry-After as a date", http(answers(503, { "retry-after": new Date(Date.now() + 3_600_000).toUTCString() })), "stops", /应答 503/],
	["no answer in time", http(() => undefined), "stops", /应答超时|TIMEOUT/],
	[
		"an answer that begins and never ends: its status has come",
		http((_, response) => {
			response.writeHead(200)
			response.write("…")
		}),
		"delivered",
		/^200/,
	],
	["a connection that is cut", http((_, response) => response.destroy()), "stops", /连接中断/],
	["no HTTP at all", raw("garbage\r\n\r\n"), "stops", /请求失败|连接中断/],
	["a refused connection", refusedPort, "stops", /拒绝连接/],
	["a name that does not resolve", () => "http://nowhere.invalid/in", "stops", /域名/],
	["no TLS where TLS is meant", inTls, "stops", /请求失败\((?:EPROTO|ERR_SSL)/],
]

describe("what follows from an answer", () => {
	test.each(TABLE)("%s", async (what, endpoint, follows, told) => {
		const webhook = await at.subscribed(await endpoint())
		// Who hangs is not waited for long; who answers is, on a slow machine too.
		at.going({ timeoutMs: told.source.includes("超时") ? 400 : 5000, leaseMs: 10_000 })
		await at.post.say(0, said(unit(0), 0))
		const state = async () => {
			const [delivery = null] = await at.post.webhooks.deliveries({ webhook: webhook.id }, null, 10)
			return { delivery, row: await at.post.webhooks.find(webhook.id) }
		}
		const shown = await vi.waitFor(
			async () => {
				const { row, delivery } = await state()
				if (row === null) throw new Error("no webhook")
				const is: Follows | null =
					row.status === "DISABLED"
						? "disabled"
						: row.status === "FAILING"
							? "stops"
							: delivery?.status === "HELD"
								? "held"
								: delivery?.status === "DELIVERED"
									? "delivered"
									: null
				expect(is, what).toBe(follows)
				return { row, delivery }
			},
			{ timeout: 8000, interval: 20 },
		)
		expect(follows === "delivered" || follows === "held" ? shown.delivery?.response : shown.row.reason).toMatch(told)
		// A cursor stops where the endpoint fails, and only there.
		expect(shown.row.cursor !== webhook.cursor, "the cursor has moved").toBe(follows === "delivered" || follows === "held")
		if (/Retry-After/.test(what)) expect((shown.row.retryAt ?? 0) / 1000).toBeGreaterThan(Date.now() + 3_000_000)
	})
})

describe("an address", () => {
	const INNER = [
		"http://127.0.0.1/",
		"http://localhost/",
		"http://2130706433/",
		"http://0x7f.1/",
		"http://0177.0.0.1/",
		"http://127.1/",
		"http://[::1]/",
		"http://[::ffff:127.0.0.1]/",
		"http://[::ffff:7f00:1]/",
		"http://[64:ff9b::7f00:1]/",
		"http://[2002:7f00:1::]/",
		"http://10.0.0.1/",
		"http://172.16.0.1/",
		"http://192.168.1.1/",
		"http://169.254.169.254/latest/meta-data",
		"http://100.64.0.1/",
		"http://0.0.0.0/",
		"http://[fe80::1]/",
		"http://[fd00::1]/",
		"http://224.0.0.1/",
		"http://255.255.255.255/",
	]

	test.each(INNER)("%s is not connected to where no inner network is allowed", async (url) => {
		const { openSender } = await import("../src/index.ts")
		const sender = openSender({ url, timeoutMs: 2000, connections: 1, allowed: [] })
		at.closing.push(sender.close)
		expect((await sender.send({}, "")).answer).toMatchObject({ is: "failed", code: "ADDRESS_REFUSED" })
	})

	test("of a name is looked at where it is connected to: a name that leads inside is refused, however it is mixed", async () => {
		const { guardedLookup, isAllowed, parseNetwork } = await import("../src/address.ts")
		const resolving =
			(...found: readonly string[]) =>
			(_host: string, _options: object, callback: (error: null, all: readonly { address: string; family: number }[]) => void) =>
				callback(
					null,
					found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
				)
		const asked = (allowed: readonly string[], ...found: readonly string[]) => askedBy(true, allowed, ...found)
		const askedBy = (isSecret: boolean, allowed: readonly string[], ...found: readonly string[]) =>
			new Promise<string>((resolve) => {
				const networks = allowed.map(parseNetwork).filter((each) => each !== null)
				guardedLookup(networks, isSecret, resolving(...found) as never)("example.cn", { all: true }, (error) =>
					resolve(error === null ? "connected" : String((error as { code?: string }).code)),
				)
			})
		expect(await asked([], "203.0.113.7")).toBe("ADDRESS_REFUSED")
		expect(await asked([], "8.8.8.8", "2400:3200::1")).toBe("connected")
		expect(await asked([], "8.8.8.8", "10.0.0.1")).toBe("ADDRESS_REFUSED")
		expect(await asked(["10.1.0.0/16"], "10.1.2.3")).toBe("connected")
		expect(await asked(["10.1.0.0/16"], "10.2.2.3")).toBe("ADDRESS_REFUSED")
		// In clear, into the networks that are allowed and nowhere else.
		expect(await askedBy(false, ["10.1.0.0/16"], "10.1.2.3")).toBe("connected")
		expect(await askedBy(false, ["10.1.0.0/16"], "8.8.8.8")).toBe("ADDRESS_REFUSED")
		expect(await askedBy(false, ["10.1.0.0/16"], "10.1.2.3", "8.8.8.8")).toBe("ADDRESS_REFUSED")
		expect(
			isAllowed(
				"::ffff:10.1.2.3",
				[parseNetwork("10.1.0.0/16")].filter((each) => each !== null),
			),
		).toBe(true)
		for (const address of ["no address", "::7f00:1", "100:0:0:1::1"]) expect(isAllowed(address, []), address).toBe(false)
	})
})
