import { setTimeout as pause } from "node:timers/promises"
import type { Log, LogRecord, Membership } from "@yima/log"
import type { Registry } from "@yima/registry"
import type { Moment } from "@yima/schemas"
import { Owner, type TurnReport } from "./owner.ts"

/** How often the mailbox is looked into for letters of other processes and for what has become due, ms. */
const POLL = 200
/** Pauses after failures of the registry: from, to, ms. */
const PATIENCE = { least: 50, most: 3000 } as const

/** What a partition is doing. `red`: it stands still until someone acts; `failing`: it tries again by itself. */
export type PartitionHealth =
	| { readonly is: "working" }
	| { readonly is: "failing"; readonly since: Date; readonly reason: string; readonly error: unknown }
	| { readonly is: "red"; readonly reason: string }

export interface LinkerOptions {
	readonly log: Log
	readonly registry: Registry
	readonly group?: string
	readonly now: () => Moment
	/** Told that something waits for time to pass on all partitions: those that lag want a tick. */
	readonly waits?: () => void
	/** Told of every turn, and of every failure of one; for the operator's eyes. */
	readonly turned?: (turn: TurnReport) => void
	readonly failed?: (partition: number, error: unknown) => void
	/** Told when a partition begins to fare otherwise. */
	readonly changed?: (partition: number, health: PartitionHealth) => void
}

export interface Linker {
	readonly health: () => ReadonlyMap<number, PartitionHealth>
	/** For each partition in hand, when the log took in the first record that is not worked off, µs since 1970; null: none is known of. */
	readonly unreadSince: () => ReadonlyMap<number, number | null>
	/** Finishes the turns under way and leaves the group. */
	readonly stop: () => Promise<void>
}

interface Assigned {
	readonly owner: Owner
	readonly stop: AbortController
	readonly finished: Promise<void>
	wake: () => void
	settle: ((error?: Error) => void) | null
}

/**
 * Joins the group of linkers and owns what it is given: each partition's turns one after the other, partitions beside each other.
 * The place to read from is the registry's. A log that is not the one that the place is in, or that no longer holds it, stops the
 * partition red: `yima log adopt` is the way on.
 */
export const startLinker = async ({ log, registry, group = "linker", now, waits, turned, failed, changed }: LinkerOptions): Promise<Linker> => {
	const owned = new Map<number, Assigned>()
	const health = new Map<number, PartitionHealth>()
	const fares = (partition: number, next: PartitionHealth): void => {
		const before = health.get(partition)
		health.set(partition, next)
		if (before?.is !== next.is) changed?.(partition, next)
	}
	const posted = (partitions: Iterable<number>) => {
		for (const partition of partitions) owned.get(partition)?.wake()
	}

	const begin = (partition: number, incarnation: string): void => {
		const owner = new Owner({
			partition,
			registry,
			incarnation,
			now,
			posted,
			passed: () => registry.watermark(),
			...(turned === undefined ? {} : { turned }),
			...(waits === undefined ? {} : { waits }),
		})
		const stop = new AbortController()
		let isAwake = true
		let rouse: () => void = () => undefined
		const wake = () => {
			isAwake = true
			rouse()
		}
		const run = async () => {
			let patience: number = PATIENCE.least
			while (!stop.signal.aborted) {
				if (!isAwake) await new Promise<void>((resolve) => (rouse = resolve))
				isAwake = false
				if (stop.signal.aborted) break
				try {
					const step = await owner.step()
					fares(partition, { is: "working" })
					patience = PATIENCE.least
					if (step !== "idle") isAwake = true
					if (!owner.isGiven) assigned.settle?.()
				} catch (error) {
					const before = health.get(partition)
					fares(partition, { is: "failing", since: before?.is === "failing" ? before.since : new Date(), reason: String(error), error })
					failed?.(partition, error)
					isAwake = true
					await pause(patience, undefined, { signal: stop.signal }).catch(() => undefined)
					patience = Math.min(patience * 2, PATIENCE.most)
				}
			}
			assigned.settle?.(new Error(`partition ${partition} is no longer ours`))
		}
		const assigned: Assigned = { owner, stop, wake, settle: null, finished: Promise.resolve() }
		owned.set(partition, Object.assign(assigned, { finished: run() }))
	}

	const end = async (partition: number): Promise<void> => {
		const assigned = owned.get(partition)
		if (assigned === undefined) return
		owned.delete(partition)
		assigned.stop.abort()
		assigned.wake()
		await assigned.finished
	}

	const membership: Membership = await log.join(group, {
		assigned: async (partition, { incarnation, low, high }) => {
			await end(partition)
			const { position } = await registry.open(partition, now(), 0)
			const reason = position === null ? null : misplaced(position, incarnation, low, high)
			if (reason !== null) {
				if (position !== null && position.incarnation === incarnation && position.next > high) await registry.distrust(partition, incarnation)
				fares(partition, { is: "red", reason })
				return null
			}
			fares(partition, { is: "working" })
			begin(partition, incarnation)
			return position?.next ?? low
		},
		records: (partition: number, records: readonly LogRecord[]) =>
			new Promise<void>((resolve, reject) => {
				const assigned = owned.get(partition)
				if (assigned === undefined) return reject(new Error(`partition ${partition} is not ours`))
				assigned.settle = (error) => {
					assigned.settle = null
					if (error === undefined) resolve()
					else reject(error)
				}
				assigned.owner.give(records)
				assigned.wake()
			}),
		revoked: async (partition) => {
			await end(partition)
			health.delete(partition)
		},
	})

	const stopping = new AbortController()
	const poll = async () => {
		while (!stopping.signal.aborted) {
			await pause(POLL, undefined, { signal: stopping.signal }).catch(() => undefined)
			posted(await registry.waiting(now()).catch(() => []))
		}
	}
	const polling = poll()

	return {
		health: () => health,
		unreadSince: () => new Map([...owned].map(([partition, { owner }]) => [partition, owner.unreadSince])),
		stop: async () => {
			stopping.abort()
			await Promise.all([...owned.keys()].map(end))
			await membership.leave()
			await polling
		},
	}
}

const misplaced = (position: { readonly incarnation: string; readonly next: bigint }, incarnation: string, low: bigint, high: bigint): string | null => {
	if (position.incarnation !== incarnation) return `日志已非原来的日志(原 ${position.incarnation},现 ${incarnation});确认后用 yima log adopt 接受`
	if (position.next > high) return `日志只到 ${high},而登记库已读到 ${position.next}:日志缺了后段;确认后用 yima log adopt 接受`
	if (position.next < low) return `日志从 ${low} 起,而登记库只读到 ${position.next}:其间的记录已不在日志中;确认后用 yima log adopt 接受`
	return null
}
