import { logKey } from "@yima/linking"
import type { Log, Message } from "@yima/log"
import { type AnyEvent, toCloudEvent } from "@yima/schemas"
import { eventOf, type Json } from "@yima/test-kit"
import { reports } from "../city.ts"
import { batched, flying } from "./flying.ts"

/** An event of the city as the log takes it: sealed, as a text. */
export interface Given extends Message {
	readonly event: AnyEvent
}

const ENDLESS = 1_000_000_000

/** What the city's departments send, as long as anybody listens. */
export const endless = (): Generator<Json, void, undefined> => reports(ENDLESS)

/** Events of the city in the order in which its departments report them. */
export function* given(all: Iterable<Json>, most = Number.POSITIVE_INFINITY): Generator<Given, void, undefined> {
	let count = 0
	for (const json of all) {
		if (count++ >= most) return
		const event = eventOf(json)
		yield { event, key: logKey(event), value: JSON.stringify(toCloudEvent(event)) }
	}
}

/** Puts them into a log, without the door. */
export const fill = (log: Pick<Log, "append">, events: Iterable<Given>): Promise<void> =>
	flying(batched(events, 1000), 4, (batch) => log.append(batch.map(({ key, value }) => ({ key, value }))))
