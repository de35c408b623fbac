import { setTimeout as pause } from "node:timers/promises"
import type { Linker } from "@yima/linker"
import type { KafkaInbox, Log } from "@yima/log"
import type { Reader } from "@yima/registry"
import { systemNow } from "./clock.ts"
import type { Ticker } from "./ticker.ts"

/** One thing that must work, and whether it does. */
export interface Check {
	readonly name: string
	readonly ok: boolean
	readonly message: string
}

export interface Health {
	readonly ready: boolean
	readonly checks: readonly Check[]
}

/** How often the function is tried, and how long a try may take, ms: a broken part turns the health red within 10 s. */
const EVERY = 2000
const PATIENCE = 5000

/** How long an answer that was once good is believed, ms. */
const FRESH = 9000

const UNDONE = { NotAppended: "写入日志", NotLinked: "挂接完" } as const

/** A tick did not get through in time; the tag says how far it came. */
class Late extends Error {
	readonly _tag: keyof typeof UNDONE
	constructor(undone: keyof typeof UNDONE, partition: number) {
		super(`分区 ${partition} 的时钟记录在 ${PATIENCE / 1000} 秒内没有${UNDONE[undone]}`)
		this._tag = undone
	}
}

export interface HealthOptions {
	readonly log: Log
	readonly reader: Reader
	readonly ticker: Ticker
	/** Null where this process runs no linker: another does, and the tick shows it. */
	readonly linker: Linker | null
	/** Null where this process reads no departments' topics. */
	readonly inbox: Pick<KafkaInbox, "trouble"> | null
	/** Told when the function begins to fail, and when it works again. */
	readonly turned?: (works: boolean, error?: unknown) => void
}

/**
 * Tries the real function all the time: a tick through the log and a linker, read back from the registry (architecture, rule 14).
 * Every partition comes round in turn.
 */
export class HealthProbe {
	readonly #options: HealthOptions
	readonly #stopping = new AbortController()
	readonly #running: Promise<void>
	#lastGood = 0
	#lastFailure = "尚未完成第一次探测"
	#works: boolean | null = null

	constructor(options: HealthOptions) {
		this.#options = options
		this.#running = this.#run()
	}

	/** What holds now. */
	health = (): Health => {
		const isFresh = Date.now() - this.#lastGood < FRESH
		const partitions = [...(this.#options.linker?.health() ?? [])].flatMap(([partition, each]): readonly Check[] =>
			each.is === "working" ? [] : [{ name: `linker/${partition}`, ok: false, message: each.reason }],
		)
		const { inbox } = this.#options
		const waiting = inbox?.trouble() ?? null
		const checks: readonly Check[] = [
			{ name: "tick", ok: isFresh, message: isFresh ? "日志、挂接与查询连通" : this.#lastFailure },
			...(partitions.length === 0 ? [{ name: "linker", ok: true, message: "各分区正常" }] : partitions),
			...(inbox === null ? [] : [{ name: "inbox", ok: waiting === null, message: waiting ?? "部门来文主题正常" }]),
		]
		return { ready: checks.every((each) => each.ok), checks }
	}

	stop = async (): Promise<void> => {
		this.#stopping.abort()
		await this.#running
	}

	async #run(): Promise<void> {
		const { signal } = this.#stopping
		for (let partition = 0; !signal.aborted; partition = (partition + 1) % this.#options.log.partitions) {
			try {
				await this.#tryOnce(partition)
				this.#lastGood = Date.now()
				this.#note(true)
			} catch (error) {
				// One slow try is no fault: what is told is what `health` answers.
				if (Date.now() - this.#lastGood >= FRESH) this.#note(false, error)
				this.#lastFailure = error instanceof Error ? error.message : String(error)
			}
			await pause(EVERY, undefined, { signal }).catch(() => undefined)
		}
	}

	#note(works: boolean, error?: unknown): void {
		if (this.#works !== works && !this.#stopping.signal.aborted) this.#options.turned?.(works, error)
		this.#works = works
	}

	async #tryOnce(partition: number): Promise<void> {
		const { reader, ticker } = this.#options
		const { signal } = this.#stopping
		let undone: keyof typeof UNDONE = "NotAppended"
		const late = pause(PATIENCE, undefined, { signal }).then(() => {
			throw new Late(undone, partition)
		})
		late.catch(() => undefined)
		const [place] = await Promise.race([ticker.tick([partition]), late])
		if (place === undefined) throw new Error("日志没有回答时钟记录的位置")
		undone = "NotLinked"
		while (!(await Promise.race([reader.hasReached(place, systemNow()), late]))) {
			if (signal.aborted) return
			await pause(100, undefined, { signal })
		}
	}
}
