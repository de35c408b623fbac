import { Client, type Pool } from "pg"
import { type After, Bell } from "./bell.ts"
import type { Notice } from "./notice.ts"

/** One channel for all topics; the payload says which. */
const CHANNEL = "yima_log"

/** Between two notifications; what happens in between goes into the next one. */
const PAUSE_MS = 10

export type Signal = { readonly topic: string; readonly partitions: readonly number[] } | { readonly topic: string; readonly group: string }

/** What a payload says, or undefined if it is none of ours. */
const decode = (payload: string): Signal | undefined => {
	const [topic, what, ...rest] = payload.split("\n")
	if (topic === undefined || rest.length === 0) return undefined
	if (what === "group") return { topic, group: rest.join("\n") }
	return { topic, partitions: rest.map(Number) }
}

/**
 * Tells others that there is something new. By NOTIFY, outside of the transaction that wrote it, since inside it would take a lock of
 * the whole database at commit; at most once in 10 ms. It may be lost: whoever waits looks from time to time by himself.
 */
export class Herald {
	readonly #topic: string
	readonly #pool: Pool
	readonly #after: After
	readonly #notice: Notice
	readonly #partitions = new Set<number>()
	#resting = false

	constructor(topic: string, pool: Pool, after: After, notice: Notice) {
		this.#topic = topic
		this.#pool = pool
		this.#after = after
		this.#notice = notice
	}

	appended(partition: number): void {
		this.#partitions.add(partition)
		if (!this.#resting) void this.#send()
	}

	/** The members of a group have changed. */
	async regrouped(group: string): Promise<void> {
		await this.#notify(`${this.#topic}\ngroup\n${group}`)
	}

	async #send(): Promise<void> {
		this.#resting = true
		const payload = `${this.#topic}\npartitions\n${[...this.#partitions].join("\n")}`
		this.#partitions.clear()
		await this.#notify(payload)
		this.#after(PAUSE_MS, () => {
			this.#resting = false
			if (this.#partitions.size > 0) void this.#send()
		})
	}

	async #notify(payload: string): Promise<void> {
		try {
			await this.#pool.query("SELECT pg_notify($1, $2)", [CHANNEL, payload])
		} catch (error) {
			this.#notice({ doing: "notify", error })
		}
	}
}

/** Hears what heralds tell, on a connection of its own that is made again whenever it breaks. */
export class Listener {
	readonly #connectionString: string
	readonly #heard: (signal: Signal) => void
	readonly #retryMs: number
	readonly #notice: Notice
	readonly #bell: Bell
	/** Rung by `close` alone: what a dead connection rings must not cut the pause short in which it is left alone. */
	readonly #end: Bell
	#closed = false
	readonly #ended: Promise<void>

	constructor(connectionString: string, heard: (signal: Signal) => void, pace: { readonly after: After; readonly retryMs: number }, notice: Notice) {
		this.#connectionString = connectionString
		this.#heard = heard
		this.#retryMs = pace.retryMs
		this.#notice = notice
		this.#bell = new Bell(pace.after)
		this.#end = new Bell(pace.after)
		this.#ended = this.#run()
	}

	async close(): Promise<void> {
		this.#closed = true
		this.#bell.ring()
		this.#end.ring()
		await this.#ended
	}

	async #run(): Promise<void> {
		while (!this.#closed) {
			const client = new Client({ connectionString: this.#connectionString, keepAlive: true, connectionTimeoutMillis: 5000 })
			let broken = false
			const breaks = (error?: unknown) => {
				if (error !== undefined) this.#notice({ doing: "listen", error })
				broken = true
				this.#bell.ring()
			}
			client.on("error", breaks)
			client.on("end", () => breaks())
			client.on("notification", ({ payload }) => {
				const signal = decode(payload ?? "")
				if (signal !== undefined) this.#heard(signal)
			})
			try {
				await client.connect()
				await client.query(`LISTEN ${CHANNEL}`)
				while (!this.#closed && !broken) await this.#bell.wait(3_600_000)
			} catch (error) {
				this.#notice({ doing: "listen", error })
			}
			await client.end().catch((error: unknown) => this.#notice({ doing: "listen", error }))
			if (!this.#closed) await this.#end.wait(this.#retryMs)
		}
	}
}
