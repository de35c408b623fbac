import { setTimeout as pause } from "node:timers/promises"
import type { Running } from "@yima/test-pipeline"

/** A process that is started again, on another port, whenever it is killed. */
export class Immortal {
	readonly #start: () => Promise<Running>
	#running: Running | null = null

	constructor(start: () => Promise<Running>) {
		this.#start = start
	}

	/** Until it has started: what it needs may be away. */
	begin = async (): Promise<void> => {
		for (;;) {
			const running = await this.#start().catch(() => null)
			if (running !== null) {
				this.#running = running
				return
			}
			await pause(300)
		}
	}
	get url(): string {
		return this.#running?.url ?? "http://127.0.0.1:1"
	}
	kill = async (): Promise<void> => {
		const dying = this.#running
		this.#running = null
		dying?.kill("SIGKILL")
		await dying?.ended
	}
	stop = async (): Promise<number | null> => {
		this.#running?.kill("SIGTERM")
		return (await this.#running?.ended) ?? null
	}
}
