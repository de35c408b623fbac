import { TICK } from "@yima/linker"
import { type Log, type Place, partitionOf } from "@yima/log"

/** A tick says nothing and only lets time pass on one partition (events.md, topics). */
const VALUE = JSON.stringify({ specversion: "1.0", type: TICK })

/** How long `soon` waits, ms. */
const SOON = 200

/** Appends ticks: a record's partition follows from its key, so each partition has a key that leads to it. */
export class Ticker {
	readonly #log: Log
	readonly #keys: readonly string[]
	#isDue = false

	constructor(log: Log) {
		this.#log = log
		const keys = new Map<number, string>()
		for (let n = 0; keys.size < log.partitions; n++)
			if (!keys.has(partitionOf(`tick:${n}`, log.partitions))) keys.set(partitionOf(`tick:${n}`, log.partitions), `tick:${n}`)
		this.#keys = Array.from({ length: log.partitions }, (_, partition) => keys.get(partition) ?? "")
	}

	/** Lets time pass everywhere, soon and once for all who ask meanwhile; a log that cannot be reached is asked again by whoever still waits. */
	readonly soon = (): void => {
		if (this.#isDue) return
		this.#isDue = true
		setTimeout(() => {
			this.#isDue = false
			this.tick(this.#keys.keys()).catch(() => undefined)
		}, SOON).unref()
	}

	/** One tick on each of these partitions. */
	tick = async (partitions: Iterable<number>): Promise<readonly Place[]> =>
		this.#log.append([...partitions].map((partition) => ({ key: this.#keys[partition] ?? "", value: VALUE })))
}
