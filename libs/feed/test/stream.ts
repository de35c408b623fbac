import type { DerivedFilter, DerivedPage, DerivedPlace, DerivedRow } from "@yima/registry"
import type { EventKey, Known, Scope } from "@yima/schemas"
import { chooses } from "../src/index.ts"

export const row = (partition: number, number: number, more: Partial<DerivedRow> = {}): DerivedRow => ({
	partition,
	number,
	parcel: "410811001002GB00018",
	type: "finding.raised",
	subject: `410811001002GB00018F0001${String(number % 7).padStart(4, "0")}` as Scope,
	causedBy: "urn:jz:a#1" as EventKey,
	saidAt: (number * 10 + partition) as Known,
	data: JSON.stringify({ n: number }),
	projects: [],
	service: null,
	...more,
})

/** A stream in memory, read as the registry's is. */
export class Stream {
	readonly #said: DerivedRow[][]
	reads = 0

	constructor(partitions: number) {
		this.#said = Array.from({ length: partitions }, () => [])
	}

	say(partition: number, more: Partial<DerivedRow> = {}): DerivedRow {
		const all = this.#said[partition] ?? []
		const said = row(partition, all.length + 1, more)
		all.push(said)
		return said
	}

	end = async (): Promise<DerivedPlace> => new Map(this.#said.map((all, partition) => [partition, all.length]))

	page = async (filter: DerivedFilter, after: DerivedPlace, limit: number): Promise<DerivedPage> => {
		this.reads++
		const found = this.#said.flatMap((all, partition) => all.slice(after.get(partition) ?? 0).filter((each) => chooses(filter, each)))
		found.sort((a, b) => a.saidAt - b.saidAt)
		const rows = found.slice(0, limit)
		const reached = new Map<number, number>(this.#said.map((all, partition) => [partition, all.length]))
		for (const { partition } of found.slice(limit))
			reached.set(partition, rows.findLast((each) => each.partition === partition)?.number ?? after.get(partition) ?? 0)
		return { rows, reached, isMore: found.length > limit }
	}

	prepare = async (): Promise<void> => undefined
}
