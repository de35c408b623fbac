import { connect as connectTcp, type Socket } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { until } from "@yima/test-kit"
import { quantile } from "../summary.ts"
import { type Serving, serving } from "./child.ts"
import { Sayer } from "./derived-rows.ts"
import type { Flags } from "./flags.ts"
import type { Place, Stand } from "./place.ts"
import type { Row } from "./row.ts"

/** Events that are told to everybody in one round, and the pause between two, ms. */
const EVENTS = 40
const PAUSE = 250

const numberAt = async (url: string): Promise<number> => Number(await (await fetch(url, { headers: { connection: "close" } })).text())

/** Many who listen, each by a connection of its own; counts what they hear and when, not what. */
class Crowd {
	readonly #sockets = new Set<Socket>()
	/** When each event's text was seen by each, ms since an epoch of its own. */
	heardAt: number[] = []

	async come({ url }: Serving, path: string, count: number): Promise<void> {
		const { port } = new URL(url)
		for (let at = 0; at < count; at += 500)
			await Promise.all(
				Array.from(
					{ length: Math.min(500, count - at) },
					() =>
						new Promise<void>((resolve, reject) => {
							const socket = connectTcp(Number(port), "127.0.0.1", () => socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`))
							socket.once("error", reject)
							socket.once("data", () => resolve())
							socket.on("data", (part) => {
								const now = performance.now()
								for (let from = part.indexOf("data: "); from >= 0; from = part.indexOf("data: ", from + 6)) this.heardAt.push(now)
							})
							this.#sockets.add(socket)
						}),
				),
			)
	}

	go(): void {
		for (const socket of this.#sockets) socket.destroy()
		this.#sockets.clear()
	}
}

/** How long after it was committed each event was heard by each, ms. */
const latencies = async (crowd: Crowd, count: number, say: () => Promise<unknown>): Promise<readonly number[]> => {
	const found: number[] = []
	for (let n = 0; n < EVENTS; n++) {
		crowd.heardAt = []
		await say()
		const committed = performance.now()
		await until("everybody has heard it", () => crowd.heardAt.length >= count, 60_000)
		found.push(...crowd.heardAt.map((at) => Math.max(0, at - committed)))
		await pause(PAUSE)
	}
	return found
}

const CHILD = { NODE_OPTIONS: "--expose-gc" }

/** What a server with so many listeners costs, and how soon they hear. */
const measured = async (server: Serving, path: string, count: number, say: () => Promise<unknown>) => {
	const crowd = new Crowd()
	await crowd.come(server, path, 50)
	crowd.go()
	await until("they are gone", async () => (await numberAt(`${server.url}/listeners`)) <= 2)
	const before = await numberAt(`${server.url}/memory`)
	await crowd.come(server, path, count)
	const kilobytes = ((await numberAt(`${server.url}/memory`)) - before) / count / 1024
	const p99 = quantile(await latencies(crowd, count, say), 0.99)
	crowd.go()
	return { kilobytes, p99 }
}

/** How much a server grows while so many come and go, bytes for each. */
const growth = async (server: Serving, path: string, count: number): Promise<number> => {
	const crowd = new Crowd()
	const pass = async (times: number) => {
		for (let n = 0; n < times; n += 500) {
			await crowd.come(server, path, 500)
			crowd.go()
		}
		await until("they are gone", async () => (await numberAt(`${server.url}/listeners`)) <= 2, 60_000)
		return numberAt(`${server.url}/memory`)
	}
	const half = await pass(count / 2)
	return ((await pass(count / 2)) - half) / (count / 2)
}

/** Live listeners of one gateway, beside a relay that passes on what PostgreSQL notifies. */
export const streaming = async (place: Place, { listeners, comings }: Flags): Promise<readonly Row[]> =>
	place.on(async (stand: Stand) => {
		const sayer = await Sayer.on(stand)
		const relay = await serving(`${import.meta.dirname}/relay-server.ts`, [], { ...stand.env, ...CHILD })
		const theirs = await measured(relay, "/stream", listeners, () => stand.owner.query(`select pg_notify('relay', $1)`, ["x".repeat(300)]))
		await relay.stop()
		const gateway = await serving(`${import.meta.dirname}/stream-server.ts`, [], { ...stand.env, ...CHILD })
		const ours = await measured(gateway, "/stream?families=finding", listeners, () => sayer.say(0, 1))
		const grown = comings === 0 ? null : await growth(gateway, "/stream?families=finding", comings)
		await gateway.stop()
		const note = grown === null ? "" : `${Math.round(grown)} bytes more for each of the second half of ${comings.toLocaleString("en")} that came and went`
		return [
			{
				what: `p99 from commit to ${listeners.toLocaleString("en")} listeners`,
				by: "a bare NOTIFY relay",
				unit: "ms",
				rounds: [{ ours: ours.p99, reference: theirs.p99 }],
				aim: "≤ 5",
			},
			{ what: "memory of a listener", by: "of the relay's", unit: "KB", rounds: [{ ours: ours.kilobytes, reference: theirs.kilobytes }], aim: "≤ 20 KB", note },
		]
	})
