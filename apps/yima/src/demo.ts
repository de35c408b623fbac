import { createReadStream } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as pause } from "node:timers/promises"
import type { Intake } from "@yima/intake"
import type { Reader } from "@yima/registry"
import { parsePosition } from "@yima/schemas"
import { systemNow } from "./clock.ts"

/** What ten departments said of one small building (seeds/README.md). */
export const DEMO_FILE = join(import.meta.dirname, "../../../seeds/demo.ndjson")

/** How long the demo set may take to be linked, ms; it goes on by itself afterwards. */
const PATIENCE = 20_000

/** Puts the demo set in, as departments would: through the door, and waits until all of it is linked. Fails where one of its events is refused, for that is a defect of ours. */
export const loadDemo = async (door: Intake, reader: Reader): Promise<void> => {
	const events: unknown[] = []
	for await (const line of createInterface({ input: createReadStream(DEMO_FILE) })) if (line !== "") events.push(JSON.parse(line))
	const results = await door.submit(events)
	const refused = results.find((each) => each.status === "rejected" || each.status === "conflict")
	if (refused !== undefined) throw new Error(`the demo set holds an event that is refused: ${JSON.stringify(refused)}`)
	const places = results.flatMap(({ position }) => parsePosition(position ?? "") ?? [])
	const until = Date.now() + PATIENCE
	for (const place of places) while (!(await reader.hasReached(place, systemNow())) && Date.now() < until) await pause(20)
}
