import { type AddressInfo, createServer, type Socket } from "node:net"
import { Metrics } from "@yima/telemetry"
import { expect, test } from "vitest"
import { watch } from "../src/readings.ts"

test("a database and a log that take every question and never answer neither hold up a scrape nor gather questions", async () => {
	const sockets: Socket[] = []
	const mute = createServer((socket) => void sockets.push(socket.on("error", () => undefined)))
	await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve))
	let asked = 0
	const metrics = new Metrics()
	const leave = watch(metrics, {
		connectionString: `postgres://nobody@127.0.0.1:${(mute.address() as AddressInfo).port}/nothing`,
		log: {
			partitions: 3,
			watermarks: () => {
				asked++
				return new Promise<never>(() => undefined)
			},
		},
		health: { health: () => ({ ready: false, checks: [] }) },
		linker: { health: () => new Map([[0, { is: "working" }]]), unreadSince: () => new Map(), stop: async () => undefined },
	})
	const scrape = async (): Promise<string> => {
		const begun = performance.now()
		const text = await metrics.text()
		expect(performance.now() - begun).toBeLessThan(4000)
		return text
	}
	for (const text of [await scrape(), await scrape()]) {
		expect(text).toContain("yima_database_up 0")
		expect(text).toContain("yima_log_up 0")
		expect(text).toContain("yima_ready 0")
		expect(text).toContain('yima_linker_partitions{state="working"} 1')
		expect(text).not.toContain("yima_partition_lag_records{")
	}
	expect(asked).toBe(1)
	await leave()
	for (const socket of sockets) socket.destroy()
	mute.close()
})
