import { setTimeout as pause } from "node:timers/promises"
import type { KafkaInbox, Notice } from "@yima/log"

/** How soon opening is tried again, ms. */
const AGAIN = 2000

/**
 * Opens the departments' topics in the background, again and again until it has: the other doors do not wait for a broker that is slow to
 * make them. Until then the process is not ready.
 */
export const openPatiently = (open: () => Promise<KafkaInbox>, notice: Notice): KafkaInbox => {
	const stopping = new AbortController()
	let reason = "has not been opened yet"
	let inbox: KafkaInbox | null = null
	const opening = async (): Promise<void> => {
		while (!stopping.signal.aborted) {
			try {
				inbox = await open()
				return
			} catch (error) {
				reason = error instanceof Error ? error.message : String(error)
				notice({ doing: "open inbox", error })
			}
			await pause(AGAIN, undefined, { signal: stopping.signal }).catch(() => undefined)
		}
	}
	const opened = opening()
	return {
		trouble: () => (inbox === null ? reason : inbox.trouble()),
		stop: async () => {
			stopping.abort()
			await opened
			await inbox?.stop()
		},
	}
}
