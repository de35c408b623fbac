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
	readonly #left = new WeakMap<DerivedRow, Outgoing>()
	readonly #texts = new WeakMap<DerivedRow, string>()

	constructor({ derived, people, key }: FeedOptions) {
		this.derived = derived
		this.people = people
		this.key = key
		this.hub = new Hub({ page: derived.page, end: derived.end, prepare: this.leaving })
	}

	page = (filter: DerivedFilter, after: DerivedPlace, limit: number): Promise<DerivedPage> => this.derived.page(filter, after, limit)

	/** A row as it leaves, once it has been made ready: by `leaving`, or since the hub told of it. */
	left(row: DerivedRow): Outgoing {
		const found = this.#left.get(row)
		if (found === undefined) throw new Error("a row is told that was not made ready")
		return found
	}

	/** The same as the text that every door sends. */
	text(row: DerivedRow): string {
		const known = this.#texts.get(row) ?? JSON.stringify(this.left(row))
		this.#texts.set(row, known)
		return known
	}

	/** Rows as they leave, in their order. */
	leaving = async (rows: readonly DerivedRow[]): Promise<readonly Outgoing[]> => {
		const fresh = rows.filter((row) => !this.#left.has(row))
		const made = fresh.length === 0 ? [] : await outgoing(fresh, this.people, this.key)
		for (const [n, row] of fresh.entries()) this.#left.set(row, made[n] as Outgoing)
		return rows.map((row) => this.left(row))
	}

	stop = (): Promise<void> => this.hub.stop()
}
