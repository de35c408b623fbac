import type { Edge, NamedAs } from "@yima/lifecycle"
import { type BuildingCode, issuerOf, type ParcelCode, type Scope, type Source } from "@yima/schemas"
import { bareLandUnitOf, wholeBuildingUnitOf } from "@yima/unit-code"
import { builder } from "./builder.ts"
import { sourceOf } from "./event.ts"
import { EventType, eventIn, type IdentifierNode, IdentifierRef, type SeenNode } from "./nodes.ts"

/** A code by 28 characters: a parcel as its bare land, a building as a whole. */
export const asUnitCode = (scope: Scope): string =>
	scope.length === 19 ? bareLandUnitOf(scope as ParcelCode) : scope.length === 24 ? wholeBuildingUnitOf(scope as BuildingCode) : scope

const LineageKind = builder.enumType("LineageKind", { values: ["MEASURED_AS", "MERGED", "DIVIDED", "REDRAWN"] as const })

interface LineageNode {
	readonly edge: Edge
	readonly other: Scope
	readonly of: SeenNode
}

export const LineageEdgeType = builder.objectRef<LineageNode>("LineageEdge").implement({
	description: "变更沿革. Parcels and buildings by their 28 characters",
	fields: (t) => ({
		unit: t.field({ type: "UnitCode", resolve: ({ other }) => asUnitCode(other) }),
		kind: t.field({ type: LineageKind, resolve: ({ edge }) => edge.kind }),
		at: t.field({ type: "DateTime", resolve: ({ edge }) => edge.at }),
		event: t.field({ type: EventType, resolve: ({ edge, of }) => eventIn(of, edge.event) }),
	}),
})

export const predecessorsOf = (of: SeenNode): readonly LineageNode[] => of.view.predecessors.map((edge) => ({ edge, other: edge.from, of }))
export const successorsOf = (of: SeenNode): readonly LineageNode[] => of.view.successors.map((edge) => ({ edge, other: edge.to, of }))

/** Facts name no issuer: it is read in the body, for whoever asks; a definition without one has its source as issuer. */
const issuerIn = async ({ reading }: SeenNode, { kind, value, definedBy }: NamedAs): Promise<string | null> => {
	const event = await reading.event(definedBy)
	const mention = event?.mentions.find((each) => each.kind === kind && each.value === value)
	return mention === undefined ? null : issuerOf(mention, sourceOf(definedBy) as Source)
}

export const identifiersOf = (of: SeenNode): readonly IdentifierNode[] =>
	of.view.identifiers.map((named) => ({
		kind: named.kind,
		value: named.value,
		issuer: () => issuerIn(of, named),
		since: named.since,
		definedBy: eventIn(of, named.definedBy),
	}))

IdentifierRef.implement({
	description: "业务标识",
	fields: (t) => ({
		kind: t.string({ resolve: (each) => each.kind }),
		value: t.string({ resolve: (each) => each.value }),
		issuer: t.string({ nullable: true, resolve: ({ issuer }) => (typeof issuer === "function" ? issuer() : issuer) }),
		since: t.field({ type: "DateTime", resolve: (each) => each.since }),
		definedBy: t.field({ type: EventType, resolve: (each) => each.definedBy }),
	}),
})
