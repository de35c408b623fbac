import type { Astray, Code, Data, Identifier, IdKind, Moment, Reach, SealedParty, TypeName } from "@yima/schemas"
import type { Kept } from "./kept.ts"

/** 当事人 in a fact: natural persons by blind index; their names are read with the body when asked for. */
export interface Who {
	readonly id: string
	readonly name: string
	/** Absent: an organisation. */
	readonly kind?: Exclude<IdKind, "uscc">
	readonly share?: string
	/** The id number's form or check digit is wrong (C29). */
	readonly invalid?: true
}

const ONE: ReadonlySet<string> = new Set(["grantee", "holder", "developer", "seller", "mortgagee", "mortgagor", "objector"])
const SEVERAL: ReadonlySet<string> = new Set(["holders", "buyers", "payers"])

/** Which fields of a type hold a party or a list of them. By name, never by shape: what a sender adds on its own may look like anything. */
export const partiesIn = (type: TypeName, field: string): "one" | "several" | null =>
	ONE.has(field) || type === "registrar.party-renamed" ? "one" : SEVERAL.has(field) ? "several" : null

/** A value of an event's data as a fact keeps it: parties as `Who`, codes relative to the fact's scope. */
export type Compact<V> = V extends SealedParty
	? Who
	: V extends string | number | boolean
		? V
		: V extends readonly (infer E)[]
			? readonly Compact<E>[]
			: V extends object
				? { readonly [K in keyof V]: Compact<V[K]> }
				: V

/** What an event of type `T` says about one scope. */
export type Says<T extends TypeName> = { readonly [K in Kept<T>]: Compact<Data[T][K]> }

/**
 * What one event yields for one scope (事实): compact, canonical, everything that views and rules read. What is usual is left
 * out: reach below, known to the second, in force.
 */
export interface Fact<T extends TypeName = TypeName> {
	readonly type: T
	readonly time: Moment
	readonly byDay?: true
	readonly reach?: Exclude<Reach, "below">
	/** Not in force, or with rivals (L02): which other versions or retractions there are. */
	readonly force?: { readonly off?: true; readonly correctedBy?: string; readonly retractedBy?: string; readonly rivals?: readonly string[] }
	/** Where the event stands, if elsewhere: the old parcel, for what a division says of a new one. */
	readonly at?: readonly Code[]
	readonly astray?: readonly Astray[]
	readonly disputed?: readonly Identifier[]
	/** Its numbers have no meaning from here, though its type defines them: it was placed by others of their rank. */
	readonly nameless?: true
	/** Absent when not in force or astray. */
	readonly says?: Says<T>
}

/** A fact of any one type: `type` tells what it says. */
export type AnyFact = { readonly [T in TypeName]: Fact<T> }[TypeName]
