import { type Code, type EventKey, equal, type Identifier, type Moment, type Scope, scopeOf } from "@yima/schemas"
import { authority } from "./authority.ts"

/** One event gives an identifier its meaning. `issuer` is filled in: the one it names, else the source that defines. */
export interface Definition {
	readonly id: Identifier & { readonly issuer: string }
	readonly by: EventKey
	readonly codes: readonly Code[]
	/** The predicted codes that a measured survey's entry replaces. */
	readonly insteadOf: readonly Code[]
	/** The project that a works permit was given for: its amendments need not say so again. */
	readonly project: string | null
	readonly time: Moment
}

/** What an identifier leads to, instead of which predicted codes, and for which projects; null: nobody has defined it. */
export type Meaning = {
	readonly is: "ONE" | "SET" | "DISPUTED"
	readonly codes: readonly Code[]
	readonly insteadOf: readonly Code[]
	readonly projects: readonly string[]
} | null

/** What an identifier, used by an event of this `time`, leads to. */
export type Resolve = (id: Identifier, time: Moment) => Meaning

/** The key under which all issuers' definitions of one number are found together. */
export const idKey = (id: Identifier): string => `${id.kind} ${id.value}`

/** The key of a number with the issuer that was named, if any. */
export const issuedKey = (id: Identifier): string => `${idKey(id)} ${id.issuer ?? ""}`

/** A list of codes without doubles, in one order. */
export const codeSet = <C extends Code>(codes: Iterable<C>): readonly C[] => {
	const found = [...codes]
	return found.length < 2 ? found : [...new Set(found)].sort()
}

/** A measured survey's definition stands in place of one that leads to a code it replaces, for events from its `time` on; for earlier ones the older stands. */
const standing = (definitions: readonly Definition[], time: Moment): readonly Definition[] => {
	if (definitions.every((each) => each.insteadOf.length === 0)) return definitions
	const held = new Set(definitions.flatMap((each) => each.codes))
	const replaced = new Set(definitions.flatMap((each) => (each.time <= time ? each.insteadOf : [])))
	return definitions.filter((each) => !each.codes.some((code) => replaced.has(code)) && (each.time <= time || !each.insteadOf.some((code) => held.has(code))))
}

/** Definitions disagree when their scopes do: a whole building and its building are one. */
const standsAt = ({ codes }: Definition): readonly Scope[] => [...new Set(codes.map(scopeOf))].sort()

/** The meaning of `id` among all definitions of its kind and value. A use without issuer meets every issuer's, one with meets that alone. */
export const meaning = (id: Identifier, all: readonly Definition[], time: Moment): Meaning => {
	const issued = id.issuer === null ? all : all.filter((each) => each.id.issuer === id.issuer)
	const valid = standing(issued, time)
	const [first] = valid
	if (first === undefined) return null
	const codes = valid.length === 1 ? first.codes : codeSet(valid.flatMap((each) => each.codes))
	if (authority[id.kind].agree && valid.some((each) => !equal(standsAt(each), standsAt(first)))) return { is: "DISPUTED", codes, insteadOf: [], projects: [] }
	return {
		is: codes.length === 1 ? "ONE" : "SET",
		codes,
		insteadOf: valid.flatMap((each) => each.insteadOf),
		projects: [...new Set(valid.flatMap((each) => each.project ?? []))].sort(),
	}
}
