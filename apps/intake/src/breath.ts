import { setImmediate } from "node:timers/promises"

/** How long a batch may compute before others get their turn, ms. */
const LONGEST = 10

/** Called between events: lets the process do something else when a batch has computed long enough. */
export const breathing = (): (() => Promise<void> | undefined) => {
	let since = performance.now()
	return () => {
		if (performance.now() - since < LONGEST) return undefined
		return setImmediate().then(() => {
			since = performance.now()
		})
	}
}
