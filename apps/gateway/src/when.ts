import type { Known, Moment } from "@yima/schemas"
import type { Reading, Sight } from "./reading.ts"
import { refusal } from "./refusal.ts"

/** By which two times an answer is given, and which of them the asker named. */
export interface When extends Sight {
	readonly named: { readonly asOf: Moment | null; readonly knownAt: Known | null }
}

export interface Asked {
	readonly asOf?: Moment | null | undefined
	readonly knownAt?: Moment | null | undefined
}

/** The two times of a question: now, and all that the snapshot has, where it names none (`semantics.md` §4). */
export const whenOf = ({ asOf = null, knownAt = null }: Asked, reading: Reading): When => {
	if (knownAt !== null && knownAt > reading.now) throw refusal("BAD_INPUT", "knownAt 不能晚于现在:将来会知道什么,现在无从回答")
	// A moment on the wire is of the one kind or the other by where it stands.
	const named = { asOf, knownAt: knownAt as Known | null }
	const known = named.knownAt ?? reading.snapshot.latest
	reading.rests(known, named.knownAt !== null)
	return { asOf: asOf ?? reading.now, knownAt: known, named }
}

/** Whether the answer is for now: then what was judged and is kept will do. */
export const isNow = ({ asOf, knownAt, named }: When, reading: Reading): boolean =>
	named.asOf === null && named.knownAt === null && asOf === reading.now && knownAt === reading.snapshot.latest

/** For what answers for now alone: lists. */
export const nowOf = (reading: Reading): When => whenOf({}, reading)

/** The same question by the two times that a cursor pins: others named beside it are refused. */
export const pinned = (when: When, { asOf, knownAt }: Sight): When => {
	const { named } = when
	if ((named.asOf !== null && named.asOf !== asOf) || (named.knownAt !== null && named.knownAt !== knownAt))
		throw refusal("BAD_INPUT", "游标已定下 asOf 和 knownAt,不能另给别的值;请去掉它们,或从头查询")
	return { asOf, knownAt, named }
}
