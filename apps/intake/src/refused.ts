import type { InboxRecord, Outgoing } from "@yima/log"
import type { Refused, SubmitResult } from "@yima/schemas"

/** A larger original is not repeated, bytes: its sender finds it by its place. */
const LONGEST_ORIGINAL = 1_000_000

const base64 = (bytes: Buffer) => bytes.toString("base64")

const originalOf = ({ value, headers }: InboxRecord): Refused["original"] => {
	if ((value?.length ?? 0) + [...headers.values()].flat().reduce((sum, { length }) => sum + length, 0) > LONGEST_ORIGINAL) return null
	return {
		headers: Object.fromEntries([...headers].map(([name, values]) => [name, values.map(base64)])),
		value: value === null ? null : base64(value),
	}
}

/**
 * What the department is told of a record, by the topic that it alone may read (退回); nothing of what went in or was there already.
 * The original is repeated as it came and not sealed: whoever reads it wrote it. Both topics keep it for the same few days.
 */
export const refusedOf = (record: InboxRecord, { status, ...answer }: SubmitResult): readonly Outgoing[] => {
	if (status === "accepted" || status === "duplicate") return []
	const refused: Refused = { ...answer, status, original: originalOf(record) }
	const headers = {
		"content-type": "application/json",
		"yima-topic": record.topic,
		"yima-partition": String(record.partition),
		"yima-offset": String(record.offset),
	}
	return [{ key: record.key, value: JSON.stringify(refused), headers }]
}
