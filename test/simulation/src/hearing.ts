import { Owner, TICK } from "@yima/linker"
import { logKey } from "@yima/linking"
import { type LogRecord, partitionOf } from "@yima/log"
import type { Registry } from "@yima/registry"
import { type Moment, toCloudEvent } from "@yima/schemas"
import { eventOf, type Json } from "@yima/test-kit"

/** Longer than anything is waited for that is looked at again, µs. */
const A_WHILE = 120_000_000

interface Partition {
	readonly owner: Owner
	readonly log: LogRecord[]
	given: number
}

/** A registry of several partitions, each with a log of its own that its owner reads no sooner than it is asked to. */
export class Hearing {
	readonly #partitions: readonly Partition[]
	#now = 0 as Moment

	constructor(registry: Registry) {
		this.#partitions = Array.from({ length: registry.partitions }, (_, partition) => ({
			owner: new Owner({
				partition,
				registry,
				incarnation: "1",
				now: () => this.#now,
				posted: () => undefined,
				passed: () => registry.watermark(),
			}),
			log: [],
			given: 0,
		}))
	}

	/** What the linkers' clocks show. */
	get now(): Moment {
		return this.#now
	}

	/** The log takes in an event. */
	say(at: Moment, json: Json): void {
		const event = eventOf(json)
		this.#append(partitionOf(logKey(event), this.#partitions.length), at, toCloudEvent(event))
	}

	/** Some partitions read what their logs hold, and work until nothing is left to do for them. */
	async read(which: (partition: number) => boolean = () => true): Promise<void> {
		const reading = this.#partitions.filter((_, partition) => which(partition))
		for (const each of reading) {
			each.owner.give(each.log.slice(each.given))
			each.given = each.log.length
		}
		for (let isIdle = false; !isIdle; ) {
			isIdle = true
			for (const { owner } of reading) while ((await owner.step()) !== "idle") isIdle = false
		}
	}

	/** All partitions read everything, time passes for all of them, and what was waited for is seen to. */
	async settle(at: Moment): Promise<void> {
		// What one moment's records are recorded at rises by a µs each.
		for (const partition of this.#partitions.keys()) this.#append(partition, (at + 1000) as Moment, { type: TICK })
		await this.read()
		this.#now = (at + A_WHILE) as Moment
		await this.read()
	}

	#append(partition: number, at: Moment, value: unknown): void {
		const log = this.#partitions[partition]?.log
		log?.push({ partition, offset: BigInt(log.length), appendedAt: at, key: "", value: JSON.stringify(value) })
		this.#now = at
	}
}
