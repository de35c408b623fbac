import type { MasterKey } from "@yima/access"
import type { DerivedFilter, DerivedPage, DerivedPlace, DerivedReader, DerivedRow } from "@yima/registry"
import type { People } from "./holder.ts"
import { Hub } from "./hub.ts"
import { type Outgoing, outgoing } from "./outgoing.ts"

export interface FeedOptions {
	readonly derived: DerivedReader
	readonly people: People
	readonly key: MasterKey
}

/** What every door stands on: the stream, read once for all who follow it, and each row as it leaves, made once for all doors of a process. */
export class Feed {
	readonly derived: DerivedReader
	readonly people: People
	readonly key: MasterKey
	readonly hub: Hub
	readonly #texts = new WeakMap<DerivedRow, string>()
	readonly #left = new WeakMap<DerivedRow, Outgoing>()

	constructor({ derived, people, key }: FeedOptions) {
		this.derived = derived
		this.people = people
		this.key = key
		this.hub = new Hub({ page: derived.page, end: derived.end, prepare: this.leaving })
	}

	page = (filter: DerivedFilter, after: DerivedPlace, limit: number): Promise<DerivedPage> => this.derived.page(filter, after, limit)

	/** A row as the text that every door sends, once it has been made ready: by `leaving`, or since the hub told of it. */
	text(row: DerivedRow): string {
		const found = this.#texts.get(row)
		if (found === undefined) throw new Error("a row is told that was not made ready")
		return found
	}

	/** What that text says. */
	left(row: DerivedRow): Outgoing {
		const known = this.#left.get(row) ?? (JSON.parse(this.text(row)) as Outgoing)
		this.#left.set(row, known)
		return known
	}

	/** Rows as the texts that leave, in their order. */
	leaving = async (rows: readonly DerivedRow[]): Promise<readonly string[]> => {
		const fresh = rows.filter((row) => !this.#texts.has(row))
		const made = fresh.length === 0 ? [] : await outgoing(fresh, this.people, this.key)
		for (const [n, row] of fresh.entries()) this.#texts.set(row, made[n] as string)
		return rows.map((row) => this.text(row))
	}

	stop = (): Promise<void> => this.hub.stop()
}
