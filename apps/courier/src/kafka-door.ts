import { randomUUID } from "node:crypto"
import { setTimeout as pause } from "node:timers/promises"
import { type Feed, readCursor, writeCursor } from "@yima/feed"
import type { Doors } from "@yima/registry"

/** What is written to: a topic of Kafka, whose records go to the partition of their key. */
export interface Topic {
	readonly append: (messages: readonly { readonly key: string; readonly value: string }[]) => Promise<unknown>
}

export interface KafkaDoorOptions {
	readonly feed: Feed
	readonly doors: Doors
	readonly topic: Topic
	readonly leaseMs?: number
	readonly failed?: (error: unknown) => void
}

const NAME = "kafka"
const PAGE = 1000
const AGAIN = 1000

/**
 * The fifth door: the whole stream to `yima.derived`, each event under its parcel's or project's key, so that a unit's lie in one partition, in
 * order. An event's `id` is its place in the stream: the ids that a reader has of each partition, joined by commas, are a cursor for every
 * other door. What was written and not yet noted is written again after a crash, under the same id.
 */
export const startKafkaDoor = ({ feed, doors, topic, leaseMs = 30_000, failed }: KafkaDoorOptions): { readonly stop: () => Promise<void> } => {
	const holder = randomUUID()
	const stopping = new AbortController()
	let wake: () => void = () => undefined
	const { leave } = feed.hub.follow(
		{
			filter: {},
			told: () => {
				wake()
				return true
			},
			ended: () => undefined,
		},
		null,
	)
	const wait = async (ms: number): Promise<void> => {
		const over = new AbortController()
		const woken = new Promise<void>((resolve) => (wake = resolve))
		await Promise.race([woken, pause(ms, undefined, { signal: over.signal }).catch(() => undefined)])
		over.abort()
	}
	const run = async (): Promise<void> => {
		while (!stopping.signal.aborted) {
			try {
				const held = await doors.hold(NAME, holder, leaseMs / 1000)
				if (held === null) {
					await wait(AGAIN)
					continue
				}
				const { rows, reached, isMore } = await feed.page({}, readCursor(held.cursor), PAGE)
				await feed.leaving(rows)
				if (rows.length > 0) await topic.append(rows.map((row) => ({ key: row.parcel, value: feed.text(row) })))
				const cursor = writeCursor(reached)
				if (cursor !== held.cursor) await doors.advance(NAME, held.lease, cursor)
				if (!isMore) await wait(AGAIN)
			} catch (error) {
				failed?.(error)
				await wait(AGAIN)
			}
		}
		const held = await doors.hold(NAME, holder, 0).catch(() => null)
		if (held !== null) await doors.release(NAME, held.lease).catch(() => undefined)
	}
	const running = run()
	return {
		stop: async () => {
			stopping.abort()
			wake()
			await running
			leave()
		},
	}
}
