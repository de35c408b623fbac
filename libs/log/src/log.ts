/** What is to be appended: `key` decides the partition, `value` is the event's JSON text. */
export interface Message {
	readonly key: string
	readonly value: string
}

/** A place in the log. Offsets of a partition rise without holes that a reader could see filled later. */
export interface Place {
	readonly partition: number
	readonly offset: bigint
}

/** A record as the log gives it back. `appendedAt`: the log's own append time, µs since 1970; it may repeat or step back, readers make it rise. */
export interface LogRecord extends Place {
	readonly appendedAt: number
	readonly key: string
	readonly value: string
}

/** What one partition still holds: offsets from `low` up to, not including, `high`. */
export interface Watermark {
	readonly partition: number
	readonly low: bigint
	readonly high: bigint
}

/**
 * What a member of a group does with the partitions that it is given. Calls for one partition never overlap, and each `assigned` that
 * resolved is followed by one `revoked` before the next.
 */
export interface Consumer {
	/**
	 * The partition is this member's from now on: answers the offset to read first, or null to leave it unread (it stays red until it is
	 * assigned again). Asked again from time to time while it is red, possibly after any change of the group, and whenever the log turns out not to
	 * be what was said. An offset outside of `low` to `high` is never read: one beyond `high` is looked at once more, since the owner before
	 * may have moved it meanwhile, then it is red as well. A rejection asks again after a pause.
	 */
	readonly assigned: (partition: number, log: { readonly incarnation: string; readonly low: bigint; readonly high: bigint }) => Promise<bigint | null>
	/** Records in order, each once per assignment; the next ones come when this has resolved. A rejection gives the same records again after a pause. */
	readonly records: (partition: number, records: readonly LogRecord[]) => Promise<void>
	/** The partition is no longer this member's. Late calls of a member that does not know it yet (a zombie) are possible: its store must fence them. */
	readonly revoked: (partition: number) => Promise<void>
}

export interface Membership {
	/** Leaves the group; resolves when no call is under way. */
	readonly leave: () => Promise<void>
}

/**
 * The log (事件日志): one port, several implementations that pass one contract suite (`test/contract`).
 * Promises: what `append` has acknowledged is read by everyone, in one order per partition, whatever is killed; what it has not may
 * be there none, one or several times. Nobody keeps places here: readers hold theirs in their own store.
 */
export interface Log {
	readonly partitions: number
	/** Names this log as it was created: another name means that places stored before lead nowhere. */
	readonly incarnation: () => Promise<string>
	/**
	 * Resolves when all messages are durable, with their places in the order given. Messages of one partition keep their order.
	 * Fails with `LogBusy` or `LogUnavailable`: then any of them may be there or not, and sending them again is safe.
	 */
	readonly append: (messages: readonly Message[]) => Promise<readonly Place[]>
	readonly watermarks: () => Promise<readonly Watermark[]>
	/** Joins a group: its members share the partitions, each read by one of them. Resolves once joined. */
	readonly join: (group: string, consumer: Consumer) => Promise<Membership>
	readonly close: () => Promise<void>
}

/** Somebody holds a partition for longer than 2 s; the same again later may succeed. */
export class LogBusy extends Error {
	readonly _tag = "LogBusy"
	readonly retry = true
}

/** The log cannot be reached or did not take all; the same again later may succeed. */
export class LogUnavailable extends Error {
	readonly _tag = "LogUnavailable"
	readonly retry = true
}
