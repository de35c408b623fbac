import type { Sight } from "./reading.ts"
import { refusal } from "./refusal.ts"

/** A place in a list: of which question, by which two times (null: for now), behind which item. */
export interface Place {
	readonly of: string
	readonly sight: Sight | null
	readonly at: readonly (string | number)[]
}

/** The most characters of a cursor that are read. */
const LONGEST = 20_000

export const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** What `encoded` wrote; undefined where the text is nothing of ours. */
export const decoded = (text: string): unknown => {
	try {
		return text.length > LONGEST ? undefined : (JSON.parse(Buffer.from(text, "base64url").toString()) as unknown)
	} catch {
		return undefined
	}
}

/** Opaque to whoever gets it. */
export const cursorOf = ({ of, sight, at }: Place): string => encoded([of, sight === null ? null : [sight.asOf, sight.knownAt], at])

const isPlain = (value: unknown): value is string | number => typeof value === "string" || Number.isSafeInteger(value)

/** Reads a cursor that was given for the same question; any other is refused. */
export const readCursor = (text: string | null | undefined, of: string): Place | null => {
	if (text === null || text === undefined) return null
	const value = decoded(text)
	if (!Array.isArray(value)) throw refusal("BAD_INPUT", "游标无法识别")
	const [whose, sight, at] = value as readonly unknown[]
	if (whose !== of) throw refusal("BAD_INPUT", "游标属于另一查询;请用同一查询给出的游标")
	const isSight = sight === null || (Array.isArray(sight) && sight.length === 2 && sight.every(Number.isSafeInteger))
	if (!isSight || !Array.isArray(at) || !at.every(isPlain)) throw refusal("BAD_INPUT", "游标无法识别")
	const [asOf, knownAt] = (sight ?? []) as readonly number[]
	return { of, sight: sight === null ? null : ({ asOf, knownAt } as Sight), at }
}

/** How many items a page may have. */
export const pageSize = (first: number | null | undefined, usual: number, most = 200): number => {
	const size = first ?? usual
	if (size < 0 || size > most) throw refusal("BAD_INPUT", `first 应为 0 至 ${most}`)
	return size
}
