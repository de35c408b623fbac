import { get, type IncomingMessage } from "node:http"
import { setTimeout as pause } from "node:timers/promises"
import { startPostgres } from "@yima/embedded-postgres"
import { connect } from "@yima/registry"
import { PARTITIONS, Sayer } from "@yima/test-bench"
import { until } from "@yima/test-kit"
import { runYima } from "@yima/test-pipeline"
import { Immortal } from "./immortal.ts"

export interface Listening {
	readonly listeners: number
	readonly events: number
	/** How often the gateway that all listen to is killed and started again. */
	readonly kills: number
	readonly say?: (line: string) => void
}

export interface Heard {
	/** Of all listeners: what came otherwise than next in its partition; must be 0. */
	readonly astray: number
	/** How often a listener came back with its cursor. */
	readonly resumed: number
	/** Events that every listener has heard. */
	readonly heard: number
}

/** Who listens to the stream as a browser does: comes back, with the last id, whenever the line is cut. */
class Listener {
	readonly #url: () => string
	/** Of each partition, the last number that was heard. */
	readonly #last = new Map<number, number>()
	#cursor = ""
	#isOver = false
	#response: IncomingMessage | null = null
	heard = 0
	astray = 0
	comings = 0

	constructor(url: () => string) {
		this.#url = url
		this.#come()
	}

	go(): void {
		this.#isOver = true
		this.#response?.destroy()
	}

	#come(): void {
		if (this.#isOver) return
		let isLeft = false
		const again = () => {
			if (isLeft) return
			isLeft = true
			setTimeout(() => this.#come(), 200 + Math.random() * 300)
		}
		const request = get(`${this.#url()}/stream?families=finding`, { headers: { "last-event-id": this.#cursor }, agent: false }, (response) => {
			this.#response = response
			this.comings += 1
			let text = ""
			response.setEncoding("utf8")
			response.on("data", (part: string) => {
				text += part
				for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
					this.#hear(text.slice(0, end))
					text = text.slice(end + 2)
				}
			})
			response.once("error", again)
			response.once("close", again)
		})
		request.once("error", again)
	}

	#hear(block: string): void {
		const cursor = /^id: (.*)$/m.exec(block)?.[1]
		const [, partition, number] = /^data: .*?"id":"(\d+)-(\d+)"/m.exec(block) ?? []
		if (partition !== undefined) {
			if (Number(number) !== (this.#last.get(Number(partition)) ?? 0) + 1) this.astray += 1
			this.#last.set(Number(partition), Number(number))
			this.heard += 1
		}
		this.#cursor = cursor ?? this.#cursor
	}
}

/** Many listen to one gateway, which is killed meanwhile; then what each has heard is counted. */
export const listening = async ({ listeners: count, events, kills, say = () => undefined }: Listening): Promise<Heard> => {
	const postgres = await startPostgres()
	const env = { DATABASE_URL: postgres.connectionString, YIMA_KEY: Buffer.alloc(32, 9).toString("base64"), YIMA_PARTITIONS: String(PARTITIONS) }
	const gateway = new Immortal(() => runYima(["serve", "--role", "gateway"], env))
	await gateway.begin()
	const pool = connect({ connectionString: postgres.connectionString })
	const listeners: Listener[] = []
	try {
		const sayer = await Sayer.on({ pool })
		for (let at = 0; at < count; at += 500) {
			listeners.push(...Array.from({ length: Math.min(500, count - at) }, () => new Listener(() => gateway.url)))
			await until("they have come", () => listeners.every((each) => each.comings > 0), 60_000)
		}
		const killing = (async () => {
			for (let n = 1; n <= kills; n++) {
				const due = Math.floor((n * events * count) / (kills + 1))
				await until(`${due} were heard`, () => listeners.reduce((sum, each) => sum + each.heard, 0) >= due, 600_000)
				say(`kill ${n}, after ${due} were heard`)
				await gateway.kill()
				await gateway.begin()
			}
		})()
		for (let n = 0; n < events; n++) {
			await sayer.say(n % PARTITIONS, 1)
			await pause(20)
		}
		await killing
		await until("everybody has heard everything", () => listeners.every((each) => each.heard >= events), 600_000)
		return {
			astray: listeners.reduce((sum, each) => sum + each.astray, 0),
			resumed: listeners.reduce((sum, each) => sum + each.comings - 1, 0),
			heard: Math.min(...listeners.map((each) => each.heard)),
		}
	} finally {
		for (const each of listeners) each.go()
		await gateway.stop()
		await pool.end()
		await postgres.stop()
	}
}
