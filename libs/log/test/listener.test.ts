import { type AddressInfo, createServer } from "node:net"
import { expect, test } from "vitest"
import { Listener } from "../src/embedded-signals.ts"
import { until } from "./until.ts"

test("a listener whose database is away leaves it alone for a while before it knocks again", async () => {
	let knocks = 0
	const server = createServer((socket) => {
		knocks++
		socket.destroy()
	})
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
	const { port } = server.address() as AddressInfo
	const pauses: (() => void)[] = []
	const after = (_: number, run: () => void) => {
		pauses.push(run)
		return () => undefined
	}
	const listener = new Listener(
		`postgres://nobody@127.0.0.1:${port}/none`,
		() => undefined,
		{ after, retryMs: 1000 },
		() => undefined,
	)
	for (const round of [1, 2, 3]) {
		await until("it knocks, then rests", () => pauses.length === round || knocks > round)
		expect(knocks).toBe(round)
		pauses.at(-1)?.()
	}
	await listener.close()
	await new Promise((resolve) => server.close(resolve))
})
