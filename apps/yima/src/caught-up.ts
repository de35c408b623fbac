import { setTimeout as pause } from "node:timers/promises"
import { Unavailable } from "@yima/intake"
import type { Log } from "@yima/log"
import type { Reader } from "@yima/registry"
import { systemNow } from "./clock.ts"

/** How often it is looked whether the registry has caught up, ms. */
const LOOK = 100
/** After so long it is an outage, ms: nobody links, or far too much lies before. */
const PATIENCE = 60_000

/** Waits until the registry holds all that the log holds when it is asked, with all that this caused. Fails with `Unavailable`. */
export const caughtUp =
	(log: Pick<Log, "watermarks">, reader: Pick<Reader, "hasReached">) =>
	async (signal: AbortSignal): Promise<void> => {
		const marks = await log.watermarks().catch((cause: unknown) => {
			throw new Unavailable("log", cause)
		})
		const end = performance.now() + PATIENCE
		const places = marks.flatMap(({ partition, high }) => (high > 0n ? [{ partition, offset: high - 1n }] : []))
		for (const place of places)
			for (;;) {
				signal.throwIfAborted()
				const isReached = await reader.hasReached(place, systemNow()).catch((cause: unknown) => {
					throw new Unavailable("registry", cause)
				})
				if (isReached) break
				if (performance.now() > end) throw new Unavailable("registry", new Error("the registry has not caught up with the log"))
				await pause(LOOK, undefined, { signal })
			}
	}
