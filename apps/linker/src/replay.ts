import type { Recorded, Registry } from "@yima/registry"
import type { Moment } from "@yima/schemas"
import { Owner } from "./owner.ts"

/** Where history comes from: a partition's events in the log's order, from an offset on. */
export type History = (partition: number, from: bigint, limit: number) => Promise<readonly Recorded[]>

/** The most events that one turn takes. */
const AT_ONCE = 1000

/**
 * Takes into a registry all of history that it does not hold yet, by the same turns as linkers take, partitions beside each other, until
 * nothing is left to look at. Recorded times are history's own, so every answer is the same as before, unless the logic is another. `now`: up to when letters
 * that wait for a moment are worked off.
 */
export const replayHistory = async (registry: Registry, history: History, now: () => Moment): Promise<void> => {
	const partitions = Array.from({ length: registry.partitions }, (_, partition) => partition)
	const owners = partitions.map((partition) => new Owner({ partition, registry, incarnation: "history", now, posted: () => undefined }))
	const nothingLeft = async (owner: Owner, partition: number): Promise<boolean> => {
		let isIdle = true
		for (;;) {
			const { position } = await registry.open(partition, now(), 0)
			const found = await history(partition, position?.next ?? 0n, AT_ONCE)
			owner.give(found.map(({ offset, known, body }) => ({ partition, offset, appendedAt: known, key: "", value: body })))
			const step = await owner.step()
			if (step === "idle") return isIdle
			isIdle = false
		}
	}
	// One partition's last turn may leave letters for another: until all are idle in one round.
	for (;;) {
		const idle = await Promise.all(owners.map((owner, partition) => nothingLeft(owner, partition)))
		if (idle.every((each) => each)) return
	}
}
