import { type InboxRecord, type KafkaConnection, type KafkaInbox, type Notice, type Outgoing, openKafkaInbox } from "@yima/log"
import { INBOX_FAMILIES, inboxTopic, refusedTopic } from "@yima/schemas"
import { inputFrom } from "./binding.ts"
import { LIMITS } from "./limits.ts"
import { refusedOf } from "./refused.ts"
import { type Door, submit } from "./submit.ts"

export interface InboxOptions extends Door {
	readonly kafka: KafkaConnection
	/** What the topics' names begin with: `yima` for `yima.inbox.tax`. Another system on the same brokers has another. */
	readonly prefix: string
	/** Told of everything that is tried again; for the operator's eyes. */
	readonly notice?: Notice
	/** The pause before a batch is tried again, ms. */
	readonly retryMs?: number
}

/** The way of a batch of one family: in by the same door as everything else; what the sender is to be told comes back. */
export const taking =
	(door: Door, familyOf: (topic: string) => string) =>
	async (records: readonly InboxRecord[]): Promise<readonly Outgoing[]> => {
		const [first] = records
		if (first === undefined) return []
		const inputs = records.map((record) => inputFrom(record, LIMITS.bodyBytes))
		const results = await submit(door, inputs, { families: [familyOf(first.topic)] })
		return records.flatMap((record, at) => {
			const result = results[at]
			if (result === undefined) throw new Error("the door answered fewer events than it was given")
			return refusedOf(record, result)
		})
	}

/**
 * The departments' own Kafka topics (来文主题), a second door with the same checks: one topic a family, which takes that family alone.
 * Whoever can write to a topic is its department: the brokers' ACLs see to that. While the log or the registry is away, and on a defect of
 * ours, records wait and are tried again: only what is wrong with a record itself is answered with a refusal.
 */
export const openInbox = ({ kafka, prefix, notice, retryMs, ...door }: InboxOptions): Promise<KafkaInbox> => {
	const families = new Map(INBOX_FAMILIES.map((family) => [inboxTopic(prefix, family), family]))
	const familyOf = (topic: string): string => {
		const family = families.get(topic)
		if (family === undefined) throw new Error(`no family comes in by ${topic}`)
		return family
	}
	return openKafkaInbox({
		...kafka,
		group: `${prefix}.inbox`,
		topics: [...families].map(([inbox, family]) => ({ inbox, refused: refusedTopic(prefix, family) })),
		take: taking(door, familyOf),
		...(notice === undefined ? {} : { notice }),
		...(retryMs === undefined ? {} : { retryMs }),
	})
}
