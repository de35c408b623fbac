import type { DerivedRow } from "@yima/registry"
import type { Feed } from "./feed.ts"
import { idOf } from "./outgoing.ts"

/** As much of a body as the record of its delivery shows, characters. */
const MOST_SHOWN = 4096

/** What is posted: one event as it is, several as a list (CloudEvents, structured and batched mode). */
export const bodyOf = (events: readonly string[], isBatch: boolean): string => (isBatch ? `[${events.join(",")}]` : events.join())

/** `webhook-id` of a request with these events: the same whenever the same are sent. */
export const requestIdOf = (rows: readonly Pick<DerivedRow, "partition" | "number">[]): string => rows.map(idOf).join("_")

const idsIn = (head: string | null): readonly string[] => /^webhook-id: (\S+)$/m.exec(head ?? "")?.[1]?.match(/\d+-\d+/g) ?? []

/**
 * Requests as they were sent, of which only the headers are kept: what they held is in the stream and leaves as it did then. So whoever
 * can no longer be named in what leaves (个人信息保护法 §47) is not named by the record of it.
 */
export const requestsOf = async (heads: readonly (string | null)[], feed: Pick<Feed, "derived" | "leaving">): Promise<(string | null)[]> => {
	const places = [...new Set(heads.flatMap(idsIn))].map((id) => {
		const [partition = 0, number = 0] = id.split("-").map(Number)
		return { partition, number }
	})
	const rows = await feed.derived.at(places)
	const texts = await feed.leaving(rows)
	const left = new Map(rows.map((row, n) => [idOf(row), texts[n] as string]))
	return heads.map((head) => {
		const events = idsIn(head).flatMap((id) => left.get(id) ?? [])
		return head === null || events.length === 0 ? head : `${head}\n\n${bodyOf(events, head.includes("cloudevents-batch")).slice(0, MOST_SHOWN)}`
	})
}
