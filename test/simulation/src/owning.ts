import { Owner } from "@yima/linker"
import type { LogRecord } from "@yima/log"
import type { Registry } from "@yima/registry"
import type { Moment } from "@yima/schemas"
import type { dice } from "@yima/test-convergence"
import type { Faults } from "./faults.ts"
import type { Contents, Store } from "./store.ts"

/** Long after all that is told: every moment that a letter waits for has come. */
export const NOW = (Date.UTC(2060, 0) * 1000) as Moment

/** What one owner of a partition works on. */
export interface Owning {
	readonly partition: number
	/** Through which it works; the store behind it is asked where it was. */
	readonly registry: Registry
	readonly store: Store
	/** What the log holds of the partition by now. */
	readonly held: () => readonly LogRecord[]
	/** Whether all that will ever come has been read, by all. */
	readonly isOver: (contents: Contents) => boolean
	readonly throws: ReturnType<typeof dice>
	readonly faults: Faults
}

/** Nobody has anything left to do that could make work for another. */
const isQuiet = ({ mail, positions }: Contents): boolean =>
	mail.every((each) => each.due > NOW) && [...positions.values()].every((each) => each.unchecked === null)

/** Owns a partition: its turns one after the other, with crashes between them, until nothing is left to do for anyone. */
export const own = async ({ partition, registry, store, held, isOver, throws, faults }: Owning): Promise<void> => {
	const { int, chance } = throws
	const begin = () => new Owner({ partition, registry, incarnation: "1", now: () => NOW, posted: () => undefined })
	let owner = begin()
	let given = 0
	for (;;) {
		const all = held()
		if (chance(faults.crash)) {
			owner = begin()
			const { position } = await store.registry.open(partition, NOW, 0)
			const from = all.findIndex((each) => each.offset >= (position?.next ?? 0n))
			given = from < 0 ? all.length : from
		}
		if (given < all.length && chance(60)) {
			const count = 1 + int(Math.max(1, all.length))
			owner.give(all.slice(given, given + count))
			given = Math.min(all.length, given + count)
		}
		const step = await owner.step().catch(() => "failed" as const)
		if (step !== "idle") continue
		const contents = await store.contents()
		if (isOver(contents) && isQuiet(contents)) return
	}
}
