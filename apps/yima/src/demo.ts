import { spawn } from "node:child_process"
import { createReadStream } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as pause } from "node:timers/promises"
import type { Intake } from "@yima/intake"
import type { Reader } from "@yima/registry"
import { type LogPlace, parsePosition } from "@yima/schemas"
import { systemNow } from "./clock.ts"

const SEEDS = join(import.meta.dirname, "../../../seeds")
/** What ten departments said of one small building (seeds/README.md). */
const BUILDING = join(SEEDS, "stories/building.ndjson")
/** A program of its own: it makes events while this one takes them in, and what it makes depends on its arguments alone. */
export const GENERATOR = join(SEEDS, "src/main.ts")

/** What a first start loads. */
export const DEMOS = ["none", "building", "city"] as const
export type Demo = (typeof DEMOS)[number]

export interface DemoWork {
	readonly door: Intake
	readonly reader: Reader
	/** Tells how far it is, as often as it has something to tell. */
	readonly say: (progress: Progress) => void
	readonly signal: AbortSignal
}

export interface Progress {
	readonly accepted: number
	/** Share of these that is linked, in percent; null while events are still being taken in. */
	readonly linked: number | null
}

/** Events that go through the door at once. */
const BATCH = 500
/** How often it is looked how much is linked, ms. */
const LOOK = 50
/** Records that may wait for the linkers: whoever asks meanwhile is answered soon, and health stays green. */
const AHEAD = 1500

async function* eventsOf(lines: AsyncIterable<string>): AsyncGenerator<readonly unknown[]> {
	let events: unknown[] = []
	for await (const line of lines) {
		if (line !== "") events.push(JSON.parse(line))
		if (events.length < BATCH) continue
		yield events
		events = []
	}
	if (events.length > 0) yield events
}

/** Puts events in as departments would: through the door. Resolves when all of them are linked; fails where one is refused, for that is a defect of ours. */
const load = async (lines: AsyncIterable<string>, { door, reader, say, signal }: DemoWork): Promise<void> => {
	/** The last record of each partition. */
	const last = new Map<number, LogPlace>()
	let accepted = 0
	/** Of the records that were put in or stood before them, how many are read, of how many. */
	const read = async (): Promise<{ readonly done: number; readonly all: number }> => {
		const next = await reader.snapshot(async (snapshot) => snapshot.next)
		const done = [...last.values()].map(({ partition, offset }) => Math.min(Number(next.get(partition) ?? 0n), Number(offset + 1n)))
		return { done: done.reduce((sum, each) => sum + each, 0), all: [...last.values()].reduce((sum, each) => sum + Number(each.offset + 1n), 0) }
	}
	for await (const events of eventsOf(lines)) {
		for (let at = await read(); at.all - at.done > AHEAD; at = await read()) await pause(LOOK, undefined, { signal })
		signal.throwIfAborted()
		const results = await door.submit(events)
		const refused = results.find((each) => each.status === "rejected" || each.status === "conflict")
		if (refused !== undefined) throw new Error(`the demo data holds an event that is refused: ${JSON.stringify(refused)}`)
		for (const { position } of results) {
			const place = parsePosition(position ?? "")
			if (place !== null && place.offset > (last.get(place.partition)?.offset ?? -1n)) last.set(place.partition, place)
		}
		accepted += events.length
		say({ accepted, linked: null })
	}
	for (;;) {
		signal.throwIfAborted()
		const { done, all } = await read()
		say({ accepted, linked: all === 0 ? 0 : Math.min(99, Math.floor((done * 100) / all)) })
		const reached = await Promise.all([...last.values()].map((place) => reader.hasReached(place, systemNow())))
		if (reached.every((each) => each)) return
		await pause(LOOK, undefined, { signal })
	}
}

export const loadBuilding = (work: DemoWork): Promise<void> => load(createInterface({ input: createReadStream(BUILDING) }), work)

/** The demo city. Begun again it goes on: what was taken in before is a duplicate. */
export const loadCity = async (work: DemoWork): Promise<void> => {
	const child = spawn(process.execPath, [GENERATOR], { stdio: ["ignore", "pipe", "inherit"] })
	const ended = new Promise<number | null>((resolve, reject) => {
		child.once("error", reject)
		child.once("exit", resolve)
	})
	try {
		await load(createInterface({ input: child.stdout }), work)
		const code = await ended
		if (code !== 0) throw new Error(`the generator of the demo city ended with ${code}`)
	} finally {
		child.kill()
	}
}
