import type { Feed } from "@yima/feed"
import type { Reader } from "@yima/registry"
import type { AnyEvent, Checked, SubmitResult } from "@yima/schemas"
import { type Means, Reading } from "./reading.ts"
import type { Subscribers } from "./subscribers.ts"

/** What the gateway stands on: the registry to read, the door to send through, the clock. */
export interface Desk extends Means {
	readonly reader: Reader
	readonly submit: (events: readonly unknown[]) => Promise<readonly SubmitResult[]>
	/** What the door would make of an event: read, checked and sealed, and not sent. Null: there is no door to ask. */
	readonly examine: ((event: unknown) => Checked<AnyEvent>) | null
	/** The derived stream and who is told of it; null: this process has none. */
	readonly feed: Feed | null
	readonly subscribers: Subscribers | null
	/** Appends a tick to every partition that lags. */
	readonly tick: () => Promise<void>
}

/** A reading in a snapshot of its own. */
export const reading = <A>(desk: Desk, work: (reading: Reading) => Promise<A>): Promise<A> =>
	desk.reader.snapshot((snapshot) => work(new Reading(snapshot, desk)))

/** Sends one event in through the door. */
export const sent = async (desk: Desk, event: unknown): Promise<SubmitResult> => {
	const [result] = await desk.submit([event])
	if (result === undefined) throw new Error("the door has given no answer")
	return result
}
