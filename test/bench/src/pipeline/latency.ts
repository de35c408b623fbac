import { setTimeout as pause } from "node:timers/promises"
import { Reader } from "@yima/registry"
import { quantile, summary } from "../summary.ts"
import { serve } from "./child.ts"
import { connections, exchange } from "./exchange.ts"
import type { Flags } from "./flags.ts"
import { flying } from "./flying.ts"
import { endless } from "./given.ts"
import { now, PARTITIONS } from "./linking.ts"
import type { Place, Stand } from "./place.ts"
import { reached } from "./reached.ts"
import type { Round, Row } from "./row.ts"

/** Events on their way at once where the greatest rate is sought, and at most otherwise: so many that it is no longer the waiting that limits it. */
const FLYING = 256
/** How often it is looked what has become visible, ms. */
const LOOK = 3
/** Durable commits in one round of the reference. */
const COMMITS = 500

interface Waiting {
	readonly partition: number
	readonly offset: bigint
	readonly seen: (at: number) => void
}

/** Watches all events on their way together, so that the watching costs the same however many they are. */
class Watch {
	readonly #pool: Stand["pool"]
	readonly #running: Promise<void>
	#waiting: Waiting[] = []
	#stopped = false

	constructor(pool: Stand["pool"]) {
		this.#pool = pool
		this.#running = this.#run()
	}

	/** When the event at this position was visible, with all that it caused. */
	visible(position: string): Promise<number> {
		const [partition = "", offset = ""] = position.split("-")
		return new Promise((seen) => this.#waiting.push({ partition: Number(partition), offset: BigInt(offset), seen }))
	}

	async stop(): Promise<void> {
		this.#stopped = true
		await this.#running
	}

	async #run(): Promise<void> {
		for (; !this.#stopped; await pause(LOOK)) {
			if (this.#waiting.length === 0) continue
			const asked = this.#waiting
			this.#waiting = []
			const all = await reached(this.#pool)
			const at = performance.now()
			for (const each of asked) {
				if (each.offset < (all.get(each.partition)?.before ?? 0n)) each.seen(at)
				else this.#waiting.push(each)
			}
		}
	}
}

/** Milliseconds of one durable commit each: INSERT of one row and its COMMIT, in one round trip. */
const commits = async ({ owner }: Stand): Promise<readonly number[]> => {
	const taken: number[] = []
	for (let n = 0; n < COMMITS; n++) {
		const start = performance.now()
		await owner.query("insert into one (body) values ($1)", ["x".repeat(1000)])
		taken.push(performance.now() - start)
	}
	return taken
}

/**
 * How long an event takes from its POST until it is visible with all that it caused, at half the greatest rate of single POSTs that `yima serve` (door and linker
 * in one process, embedded log) keeps up with: its p99 ÷ the p99 of one durable commit in the same PostgreSQL, which has nothing else to do then.
 * Events come evenly; who comes late counts from when they should have come.
 */
export const latency = (place: Place, { rounds, seconds }: Flags): Promise<readonly Row[]> =>
	place.on(async (stand) => {
		await stand.owner.query("create table one (id bigint generated always as identity primary key, body text)")
		const yima = await serve(["intake", "linker"], stand.env)
		const agent = connections(FLYING)
		const watch = new Watch(stand.pool)
		const events = endless()
		let last = ""
		const post = async (): Promise<number> => {
			const { text } = await exchange(agent, `${yima.url}/events`, "application/cloudevents+json", JSON.stringify(events.next().value))
			const { status, position } = JSON.parse(text) as { readonly status: string; readonly position: string }
			if (status !== "accepted") throw new Error(text)
			last = position
			return watch.visible(position)
		}

		const greatest = async (forSeconds: number): Promise<number> => {
			const start = performance.now()
			let count = 0
			function* until() {
				for (; performance.now() - start < forSeconds * 1000; count++) yield count
			}
			await flying(until(), FLYING, post)
			return (count * 1000) / (performance.now() - start)
		}

		const atRate = async (rate: number, forSeconds: number): Promise<readonly number[]> => {
			const start = performance.now()
			const taken: Promise<number>[] = []
			for (let n = 0; n < rate * forSeconds; n++) {
				const due = start + (n * 1000) / rate
				const early = due - performance.now()
				if (early > 1) await pause(early)
				taken.push(post().then((seen) => seen - due))
			}
			return Promise.all(taken)
		}

		await greatest(seconds)
		const most = await greatest(seconds)
		const all: { readonly ours: readonly number[]; readonly reference: readonly number[] }[] = []
		for (let round = 0; round < rounds; round++) {
			await stand.settle()
			const reference = await commits(stand)
			all.push({ reference, ours: await atRate(most / 2, 3 * seconds) })
		}
		const [partition = "", offset = ""] = last.split("-")
		const place = { partition: Number(partition), offset: BigInt(offset) }
		const reader = new Reader(stand.pool, PARTITIONS)
		if (!(await reader.hasReached(place, now()))) throw new Error(`${last} was seen, but hasReached denies it`)
		await watch.stop()
		agent.destroy()
		await yima.stop()
		const at = (share: number): Round[] => all.map(({ ours, reference }) => ({ ours: quantile(ours, share), reference: quantile(reference, share) }))
		const p50 = summary(at(0.5).map((each) => each.ours)).median
		return [
			{
				what: `p99 from POST to visible at ${Math.round(most / 2)} events/s, half of the most`,
				by: "p99 of one durable commit",
				unit: "ms",
				rounds: at(0.99),
				aim: "< 10",
				note: `p50 ${p50.toFixed(1)} ms, of a commit ${summary(at(0.5).map((each) => each.reference)).median.toFixed(1)} ms`,
			},
		]
	})
