import type { Appender } from "./appender.ts"
import type { Message, Place } from "./log.ts"
import { partitionOf } from "./partition.ts"

/**
 * Gives each message to the appender of its partition and gathers the places in the order of the messages. Waits for every partition,
 * also when one has failed: whoever sends again after an error does not overtake himself.
 */
export const scatter = async (messages: readonly Message[], appenders: readonly Appender[]): Promise<readonly Place[]> => {
	const parts = new Map<number, { readonly at: number[]; readonly messages: Message[] }>()
	for (const [index, message] of messages.entries()) {
		const partition = partitionOf(message.key, appenders.length)
		const part = parts.get(partition) ?? { at: [], messages: [] }
		parts.set(partition, part)
		part.at.push(index)
		part.messages.push(message)
	}
	const places: Place[] = []
	const results = await Promise.allSettled(
		[...parts].map(async ([partition, part]) => {
			const offsets = (await appenders[partition]?.append(part.messages)) ?? []
			for (const [i, offset] of offsets.entries()) places[part.at[i] ?? 0] = { partition, offset }
		}),
	)
	for (const result of results) if (result.status === "rejected") throw result.reason
	return places
}
