import type { DerivedRow } from "@yima/registry"
import type { Feed } from "./feed.ts"
import type { Outgoing } from "./outgoing.ts"

/** As much of a body as the record of its delivery shows, characters. */
const MOST_SHOWN = 4096

/** What is posted: one event as it is, several as a list (CloudEvents, structured and batched mode). */
export const bodyOf = (events: readonly Outgoing[], isBatch: boolean): string => JSON.stringify(isBatch ? events : events[0])

/** `webhook-id` of a request with these events: the same whenever the same are sent. */
export const requestIdOf = (rows: readonly Pick<DerivedRow, "partition" | "number">[]): string =>
	rows.map(({ partition, number }) => `${partition}-${number}`).join("_")

const placesIn = (head: string): readonly { readonly partition: number; readonly number: number }[] =>
	[...(/^webhook-id: (\S+)$/m.exec(head)?.[1] ?? "").matchAll(/(\d+)-(\d+)/g)].map(([, partition, number]) => ({
		partition: Number(partition),
		number: Number(number),
	}))

/**
 * Requests as they were sent, of which only the headers are kept: what they held is in the stream and leaves as it did then. So whoever
 * can no longer be named in what leaves (个人信息保护法 §47) is not named by the record of it.
 */
export const requestsOf = async (heads: readonly (string | null)[], feed: Pick<Feed, "derived" | "leaving">): Promise<(string | null)[]> => {
	const rows = await feed.derived.at([
		...new Map(heads.flatMap((head) => (head === null ? [] : placesIn(head))).map((place) => [requestIdOf([place]), place])).values(),
	])
	const left = await feed.leaving(rows)
	const byPlace = new Map(rows.map((row, n) => [requestIdOf([row]), left[n]]))
	return heads.map((head) => {
		if (head === null) return null
		const events = placesIn(head).flatMap((place) => byPlace.get(requestIdOf([place])) ?? [])
		return events.length === 0 ? head : `${head}\n\n${bodyOf(events, head.includes("cloudevents-batch")).slice(0, MOST_SHOWN)}`
	})
}
