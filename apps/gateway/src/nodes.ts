import type { AnyFact, Building, Parcel, Project, Unit, View, Who } from "@yima/lifecycle"
import type { ParkedRow, RejectedRow } from "@yima/registry"
import type { EventKey, Identifier, Moment, Place, Scope } from "@yima/schemas"
import { builder } from "./builder.ts"
import { connectionOf } from "./connection.ts"
import type { Reading } from "./reading.ts"
import type { When } from "./when.ts"

/** Something seen by two times, with what else of it can be read. */
export interface SeenNode<V extends View = View> {
	readonly view: V
	readonly when: When
	readonly reading: Reading
}

export type UnitNode = SeenNode<Unit>
export type ParcelNode = SeenNode<Parcel>
export type BuildingNode = SeenNode<Building>
export type ProjectNode = SeenNode<Project>

/** A part of what is seen: a contract, a permit. */
export interface Of<A> {
	readonly it: A
	readonly of: SeenNode
}

/** An event, in a view or by itself. `seen`: how the view has it; null: it was asked for by its identity. */
export interface EventNode {
	readonly key: EventKey
	readonly when: When
	readonly reading: Reading
	readonly seen: { readonly scope: Scope; readonly fact: AnyFact; readonly inheritedFrom: Scope | null } | null
}

/** A party of a fact; persons' names stand in the bodies of these events. */
export interface PartyNode {
	readonly who: Who
	readonly events: readonly EventKey[]
	readonly reading: Reading
}

export interface IdentifierNode extends Pick<Identifier, "kind" | "value"> {
	readonly issuer: string | null | (() => Promise<string | null>)
	readonly since: Moment
	readonly definedBy: EventNode
}

export interface ParkedNode {
	readonly row: ParkedRow
	readonly place: Extract<Place, { readonly is: "PARKED" }>
	readonly event: EventNode
}

export interface RejectedNode {
	readonly row: RejectedRow
	readonly reading: Reading
}

export const UnitRef = builder.objectRef<UnitNode>("Unit")
export const ParcelRef = builder.objectRef<ParcelNode>("Parcel")
export const BuildingRef = builder.objectRef<BuildingNode>("Building")
export const ProjectRef = builder.objectRef<ProjectNode>("Project")
export const EventRefRef = builder.objectRef<EventNode>("EventRef")
export const EventType = builder.objectRef<EventNode>("Event")
export const PartyRef = builder.objectRef<PartyNode>("Party")
export const IdentifierRef = builder.objectRef<IdentifierNode>("Identifier")
export const ParkedRef = builder.objectRef<ParkedNode>("ParkedEvent")
export const RejectedRef = builder.objectRef<RejectedNode>("RejectedEvent")

export const UnitConnection = connectionOf("Unit", UnitRef)
export const EventConnection = connectionOf("Event", EventType)
export const ProjectConnection = connectionOf("Project", ProjectRef)
export const ParkedConnection = connectionOf("ParkedEvent", ParkedRef)
export const RejectedConnection = connectionOf("RejectedEvent", RejectedRef)

const byView = new WeakMap<View, ReadonlyMap<EventKey, View["timeline"][number]>>()

const entriesOf = (view: View): ReadonlyMap<EventKey, View["timeline"][number]> => {
	const known = byView.get(view)
	if (known !== undefined) return known
	const entries = new Map(view.timeline.map((entry) => [entry.key, entry]))
	byView.set(view, entries)
	return entries
}

/** An event as a view has it. */
export const eventIn = ({ view, when, reading }: SeenNode, key: EventKey): EventNode => {
	const entry = entriesOf(view).get(key)
	return { key, when, reading, seen: entry === undefined ? null : { scope: view.code, fact: entry.fact, inheritedFrom: entry.inheritedFrom } }
}

export const partyIn = ({ reading }: SeenNode, who: Who, events: readonly EventKey[]): PartyNode => ({ who, events, reading })
