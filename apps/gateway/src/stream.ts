import { setTimeout as pause } from "node:timers/promises"
import type { Snapshot } from "@yima/registry"
import { type Desk, reading } from "./desk.ts"
import type { Reading, Reads } from "./reading.ts"
import type { When } from "./when.ts"

/** How often a stream is looked into, ms; after a failure of the registry, how long it waits at most. */
const POLL = 200
const PATIENCE = 3000

/** Reads each in a snapshot of its own: for what is still asked of an event after it was told. */
const late = ({ reader }: Desk, { watermark, latest, next, turns }: Reads): Reads => {
	const each = <A>(read: (snapshot: Snapshot) => Promise<A>) => reader.snapshot(read)
	return {
		watermark,
		latest,
		next,
		turns,
		concerns: (...args) => each((snapshot) => snapshot.concerns(...args)),
		events: (...args) => each((snapshot) => snapshot.events(...args)),
		links: (...args) => each((snapshot) => snapshot.links(...args)),
		mentions: (...args) => each((snapshot) => snapshot.mentions(...args)),
		definitions: (...args) => each((snapshot) => snapshot.definitions(...args)),
		projects: (...args) => each((snapshot) => snapshot.projects(...args)),
		named: (...args) => each((snapshot) => snapshot.named(...args)),
		countNamed: (...args) => each((snapshot) => snapshot.countNamed(...args)),
		parked: (...args) => each((snapshot) => snapshot.parked(...args)),
		rejected: (...args) => each((snapshot) => snapshot.rejected(...args)),
		rejectedAt: (...args) => each((snapshot) => snapshot.rejectedAt(...args)),
		rejectedOf: (...args) => each((snapshot) => snapshot.rejectedOf(...args)),
		changes: (...args) => each((snapshot) => snapshot.changes(...args)),
		judged: {
			states: (...args) => each(({ judged }) => judged.states(...args)),
			units: (...args) => each(({ judged }) => judged.units(...args)),
			unitsAt: (...args) => each(({ judged }) => judged.unitsAt(...args)),
			unitsOf: (...args) => each(({ judged }) => judged.unitsOf(...args)),
			buildingsOf: (...args) => each(({ judged }) => judged.buildingsOf(...args)),
			findings: (...args) => each(({ judged }) => judged.findings(...args)),
			cleared: (...args) => each(({ judged }) => judged.cleared(...args)),
			deadlines: (...args) => each(({ judged }) => judged.deadlines(...args)),
			readinessChanges: (...args) => each(({ judged }) => judged.readinessChanges(...args)),
			accountRequests: (...args) => each(({ judged }) => judged.accountRequests(...args)),
			accountRequest: (...args) => each(({ judged }) => judged.accountRequest(...args)),
			requestedUnits: (...args) => each(({ judged }) => judged.requestedUnits(...args)),
			delivered: (...args) => each(({ judged }) => judged.delivered(...args)),
		},
	}
}

/** A reading whose snapshot is closed: what is asked of it is read as it is asked. */
export const lateReading = (desk: Desk): Promise<Reading> =>
	reading(desk, async (own) => {
		own.goesOnWith(late(desk, own.snapshot))
		return own
	})

/** As of when what a stream tells is seen. */
export const streamed = ({ now, snapshot }: Reading): When => ({ asOf: now, knownAt: snapshot.latest, named: { asOf: null, knownAt: null } })

/**
 * Looks again and again until it is stopped, each time from the place that the look before has reached; that is taken only once all that was
 * found has been told, so that nothing is lost with a connection.
 */
export async function* looking<A, P>(
	start: P,
	look: (from: P, own: Reading) => Promise<{ readonly told: readonly A[]; readonly reached: P }>,
	desk: Desk,
	stop: AbortSignal,
): AsyncGenerator<A, void, void> {
	let place = start
	let patience = POLL
	while (!stop.aborted) {
		try {
			const { found, own } = await reading(desk, async (own) => ({ found: await look(place, own), own }))
			own.goesOnWith(late(desk, own.snapshot))
			patience = POLL
			yield* found.told
			place = found.reached
		} catch (error) {
			// A lost connection is waited out.
			if (patience >= PATIENCE) throw error
			patience = Math.min(2 * patience, PATIENCE)
		}
		await pause(patience, undefined, { signal: stop }).catch(() => undefined)
	}
}

/** Ends as soon as nobody listens any more: a generator that is waiting cannot be ended from outside. */
export const streaming = <A>(begin: (stop: AbortSignal) => AsyncGenerator<A, void, void>): AsyncIterableIterator<A> => {
	const stop = new AbortController()
	const all = begin(stop.signal)
	return {
		next: () => all.next(),
		return: () => {
			stop.abort()
			return all.return()
		},
		[Symbol.asyncIterator]() {
			return this
		},
	}
}
