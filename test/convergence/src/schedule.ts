import type { Entry, EventKey } from "@yima/schemas"
import type { Schedule } from "@yima/test-kit"
import { dice } from "./dice.ts"

/** Some order of arrival: shuffled, with doubles, in batches, and any open event settled next. */
export const someSchedule = (entries: readonly Entry[], seed: number): Schedule => {
	const { shuffle, chance, int } = dice(seed)
	const arriving = shuffle([...entries, ...entries.filter(() => chance(20))])
	const batches: Entry[][] = [[]]
	for (const entry of arriving) {
		if (chance(50)) batches.push([])
		batches.at(-1)?.push(entry)
	}
	const pick = (open: ReadonlySet<EventKey>): EventKey | undefined => [...open][int(open.size)]
	return { batches, pick }
}
