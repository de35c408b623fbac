import { replayHistory } from "@yima/linker"
import { MemoryRegistry } from "@yima/registry"
import type { Moment, Scope } from "@yima/schemas"

/** Turns of what was replayed lie before all others, as in `Shadow`. */
const FIRST_TURN = -1_000_000_000_000

/**
 * What `yima replay` does: from history into a registry beside this one, whose derived rows then take the place of its own (`Shadow.exchange`). At any moment:
 * what is asked of companies stands even where `Shadow.hold` would have waited for the linkers.
 */
export const replay = async (registry: MemoryRegistry, now: Moment): Promise<void> => {
	const shadow = new MemoryRegistry(registry.partitions)
	const history = [...registry.events.values()].flat().sort((a, b) => a.known - b.known)
	await replayHistory(
		shadow,
		async (partition, from, limit) =>
			history.flatMap((each) => (each.partition === partition && each.known >= from ? [{ ...each, offset: BigInt(each.known) }] : [])).slice(0, limit),
		() => now,
	)
	wake(registry, shadow)
	exchange(registry.links, shadow.links)
	exchange(registry.concerns, shadow.concerns)
	exchange(registry.states, shadow.states)
	exchange(registry.rulings, shadow.rulings)
	const mentions = [...shadow.mentions].map(
		([id, rows]) => [id, new Map([...rows].map(([row, each]) => [row, { ...each, turn: each.turn + FIRST_TURN }]))] as const,
	)
	exchange(registry.mentions, new Map(mentions))
	for (const [partition, position] of registry.positions) registry.positions.set(partition, { ...position, turn: position.turn + 1 })
}

/** What is to be looked at at another moment than by the rows that go has no letter for it yet. */
const wake = (registry: MemoryRegistry, shadow: MemoryRegistry): void => {
	const lacking = shadow.mail.filter(({ due, task }) => {
		const [scope] = (JSON.parse(task) as { readonly refresh?: readonly [Scope, unknown][] }).refresh?.[0] ?? []
		return scope !== undefined && shadow.states.get(scope)?.due === due && registry.states.get(scope)?.due !== due
	})
	// Numbers that no letter has had: those of turns rise.
	let least = 0n
	for (const { number } of registry.mail) if (number < least) least = number
	registry.mail = [...registry.mail, ...lacking.map((each, n) => ({ ...each, cause: { ...each.cause, offset: 0n }, number: least - BigInt(n + 1) }))]
}

const exchange = <K, V>(live: Map<K, V>, next: ReadonlyMap<K, V>): void => {
	live.clear()
	for (const [key, value] of next) live.set(key, value)
}
