import { type AnyEvent, decodeSealed } from "@yima/schemas"
import { Result } from "effect"

/** An event of the log, or a defect: the bench's own events are right. */
export const decoded = (json: unknown): AnyEvent => {
	const read = decodeSealed(json)
	if (Result.isFailure(read)) throw new Error(JSON.stringify(read.failure))
	return read.success
}
