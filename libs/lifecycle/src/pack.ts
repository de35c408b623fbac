import type { IdKind, TypeName } from "@yima/schemas"
import { type AnyFact, partiesIn, type Who } from "./fact.ts"
import { kept } from "./kept.ts"

/** A fact as it is stored: without field names, for the type says which values stand in which order; null: not stated. */
export type PackedFact = readonly [type: TypeName, time: number, says: readonly unknown[] | null, more?: Readonly<Record<string, unknown>>]

type Fields = Readonly<Record<string, unknown>>

/** A party as `[id, name, mark, share]`: the mark is the id kind's first letter, `!` behind it where the number is invalid. */
type PackedWho = readonly [id: string, name: string, mark?: string, share?: string]

const KINDS: Readonly<Record<string, Exclude<IdKind, "uscc">>> = { r: "resident-id", p: "passport", o: "other" }

const packWho = ({ id, name, kind, share, invalid }: Who): PackedWho => {
	const mark = `${kind?.[0] ?? ""}${invalid ? "!" : ""}`
	return share === undefined ? (mark === "" ? [id, name] : [id, name, mark]) : [id, name, mark, share]
}

const unpackWho = ([id, name, mark = "", share]: PackedWho): Who => {
	const kind = KINDS[mark[0] ?? ""]
	return {
		id,
		name,
		...(kind === undefined ? {} : { kind }),
		...(share === undefined ? {} : { share }),
		...(mark.endsWith("!") ? { invalid: true as const } : {}),
	}
}

const each = (type: TypeName, field: string, value: unknown, one: (party: never) => unknown): unknown => {
	const parties = partiesIn(type, field)
	if (parties === null) return value
	return parties === "one" ? one(value as never) : (value as readonly never[]).map(one)
}

/** The fact in its stored form; `unpack` gives an equal one back. So the fields that `kept` lists keep their places: new ones go to the end. */
export const pack = (fact: AnyFact): PackedFact => {
	const { type, time, says, ...more } = fact
	const stated = (field: string) => (says as Fields | undefined)?.[field] ?? null
	const values = says === undefined ? null : kept[type].map((field) => (stated(field) === null ? null : each(type, field, stated(field), packWho)))
	while (values?.at(-1) === null) values.pop()
	return Object.keys(more).length === 0 ? [type, time, values] : [type, time, values, more]
}

/** The fact of a stored form. */
export const unpack = ([type, time, values, more = {}]: PackedFact): AnyFact => {
	const said = kept[type].flatMap((field, at) => {
		const value = values?.[at] ?? null
		return value === null ? [] : [[field, each(type, field, value, unpackWho)]]
	})
	return { type, time, ...more, ...(values === null ? {} : { says: Object.fromEntries(said) }) } as AnyFact
}
