import { setTimeout as pause } from "node:timers/promises"
import pg from "pg"

const CHANNEL = "yima_derived"
/** Rung once for all that comes within so long, ms: each ring is a transaction of its own, and all of these meet at one lock. */
const TOGETHER = 5
const PATIENCE = 3000

/** Rings for whoever listens in any process: something has been said. A ring that is lost costs those who listen their next look. */
export class Bell {
	readonly #pool: Pick<pg.Pool, "query">
	#isRinging = false

	constructor(pool: Pick<pg.Pool, "query">) {
		this.#pool = pool
	}

	ring = (): void => {
		if (this.#isRinging) return
		this.#isRinging = true
		setTimeout(() => {
			this.#isRinging = false
			this.#pool.query(`notify ${CHANNEL}`).catch(() => undefined)
		}, TOGETHER)
	}
}

/** Hears the bell, for as long as it is not stopped; a lost connection is made anew. */
export const listenToBell = (connectionString: string, heard: () => void): (() => Promise<void>) => {
	const stopping = new AbortController()
	let client: pg.Client | null = null
	const run = async () => {
		for (let patience = 100; !stopping.signal.aborted; patience = Math.min(2 * patience, PATIENCE)) {
			const over = Promise.withResolvers<void>()
			client = new pg.Client({ connectionString, keepAlive: true })
			client.on("error", () => over.resolve())
			client.on("end", () => over.resolve())
			client.on("notification", heard)
			try {
				await client.connect()
				await client.query(`listen ${CHANNEL}`)
				patience = 100
				// What was rung before is not heard.
				heard()
				await over.promise
			} catch {
				// It is tried again.
			}
			await client.end().catch(() => undefined)
			if (!stopping.signal.aborted) await pause(patience, undefined, { signal: stopping.signal }).catch(() => undefined)
		}
	}
	const running = run()
	return async () => {
		stopping.abort()
		await client?.end().catch(() => undefined)
		await running
	}
}
