import type { AnyEvent } from "./event.ts"
import type { Data, TypeName } from "./events/catalogue.ts"
import type { Identifier } from "./identifier.ts"
import type { Code, Scope } from "./scope.ts"

/** `registry`: about nothing in particular; `event`: stands where the event that it names stands. */
export type PlaceRule = "decision" | "subject" | "list" | "identifiers" | "registry" | "event"

export type ParkReason = "UNKNOWN_IDENTIFIER" | "DISPUTED" | "TOO_COARSE" | "NOT_ON_A_PARCEL"

/** Where an event belongs (挂接). `codes` as named: a whole building keeps its 28 characters. `through`: the identifiers that decided. */
export type Place =
	| { readonly is: "PLACED"; readonly codes: readonly Code[]; readonly rule: PlaceRule; readonly through: readonly Identifier[] }
	| { readonly is: "PARKED"; readonly reason: ParkReason; readonly candidates: readonly Code[] }
	| { readonly is: "DISMISSED" }

/**
 * How far a concern reaches. `below`: all within its scope inherit it. `here`: shown at the scope, inherited by none,
 * for the event's lists say whom it concerns. `astray`: one of its refs leads here, but it belongs elsewhere (L01).
 */
export type Reach = "below" | "here" | "astray"

/** Whether an event counts, and which event took its place (`semantics.md` §3). */
export interface Force {
	readonly inForce: boolean
	/** The id of the version in force in its stead. */
	readonly correctedBy: string | null
	readonly retractedBy: string | null
	/** Other living versions that no one replaced (L02); stands on the version in force. */
	readonly rivals: readonly string[]
}

/** A ref that leads elsewhere than the place (L01). */
export interface Astray extends Identifier {
	readonly codes: readonly Code[]
}

/** One event as one scope sees it (一事所及), with its slice of the lists: everything from which its fact is made. */
export interface Concern<T extends TypeName = TypeName> {
	readonly scope: Scope
	readonly event: Extract<AnyEvent, { readonly type: T }>
	readonly slice: Data[T]
	readonly reach: Reach
	readonly force: Force
	readonly place: Place
	readonly astray: readonly Astray[]
	/** Whether the event gives its identifiers a meaning: not while it is parked or not in force. */
	readonly defines: boolean
	/** Identifiers that this event defines and another event defines otherwise (L03). */
	readonly disputed: readonly Identifier[]
}
