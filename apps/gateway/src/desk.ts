import type { Reader } from "@yima/registry"
import type { SubmitResult } from "@yima/schemas"
import { type Means, Reading } from "./reading.ts"

/** What the gateway stands on: the registry to read, the door to send through, the clock. */
export interface Desk extends Means {
	readonly reader: Reader
	readonly submit: (events: readonly unknown[]) => Promise<readonly SubmitResult[]>
	/** Appends a tick to every partition that lags. */
	readonly tick: () => Promise<void>
}

/** A reading in a snapshot of its own. */
export const reading = <A>(desk: Desk, work: (reading: Reading) => Promise<A>): Promise<A> =>
	desk.reader.snapshot((snapshot) => work(new Reading(snapshot, desk)))
