import { MemoryRegistry, type Reading, type Registry, type Ruling, type StateRow } from "@yima/registry"
import type { Known, Moment, Scope } from "@yima/schemas"
import type { Shown } from "./picture.ts"

/** All that one snapshot of a registry holds. */
export interface Contents extends Shown {
	readonly positions: ReadonlyMap<number, Reading & { readonly next: bigint; readonly unchecked: unknown }>
	readonly mail: readonly { readonly from: Known | null; readonly due: Moment }[]
	/** What is kept of judgements; absent where the store cannot show it. */
	readonly states?: ReadonlyMap<Scope, StateRow>
	readonly rulings?: ReadonlyMap<Scope, Ruling>
	/** Places of rejected records: `partition-offset`. */
	readonly rejected: ReadonlyMap<string, unknown>
}

/** A registry to be put through it, and how to look into it. */
export interface Store {
	readonly registry: Registry
	readonly contents: () => Promise<Contents> | Contents
}

export const memoryStore = (partitions: number): Store => {
	const registry = new MemoryRegistry(partitions)
	return { registry, contents: () => registry }
}
