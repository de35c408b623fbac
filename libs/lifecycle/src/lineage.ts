import { type EventKey, isProject, type Moment, type Scope, scopeOf } from "@yima/schemas"
import type { AnyFact } from "./fact.ts"
import { absolute } from "./facts.ts"

/** MEASURED_AS 预测转实测, MERGED 合并, DIVIDED 分割, REDRAWN 界址调整. */
export type LineageKind = "MEASURED_AS" | "MERGED" | "DIVIDED" | "REDRAWN"

/** One step of a code's lineage (变更沿革). */
export interface Edge {
	readonly from: Scope
	readonly to: Scope
	readonly kind: LineageKind
	readonly at: Moment
	readonly event: EventKey
}

const LINKS = { same: "MEASURED_AS", merged: "MERGED", divided: "DIVIDED", new: null } as const

type Row = { readonly code: string; readonly predicted?: readonly string[]; readonly link?: keyof typeof LINKS }

/** A row without a stated link: one predicted unit was measured, several were merged. */
const kindOf = ({ link, predicted = [] }: Row): LineageKind | null => (link === undefined ? (predicted.length > 1 ? "MERGED" : "MEASURED_AS") : LINKS[link])

/** The edges that one fact draws, as its scope sees them; an edge from a code to itself says that it goes on. */
export const edgesOf = (scope: Scope, key: EventKey, fact: AnyFact): readonly Edge[] => {
	if (fact.says === undefined) return []
	const edge = (from: Scope, to: Scope, kind: LineageKind): readonly Edge[] => {
		const [old, now] = [scopeOf(from as never), scopeOf(to as never)]
		return old !== scope && now !== scope ? [] : [{ from: old, to: now, kind, at: fact.time, event: key }]
	}
	switch (fact.type) {
		case "survey.measured":
			if (fact.reach === "here") return []
			return fact.says.units.flatMap((row) => {
				const kind = kindOf(row as Row)
				return kind === null ? [] : (row.predicted ?? []).flatMap((from) => edge(absolute(scope, from), absolute(scope, row.code), kind))
			})
		case "land.parcel-divided":
		case "land.parcel-merged":
		case "land.parcel-redrawn": {
			const kind = fact.type === "land.parcel-divided" ? "DIVIDED" : fact.type === "land.parcel-merged" ? "MERGED" : "REDRAWN"
			const { says } = fact
			const parcels = (fact.at ?? [scope]).flatMap((from) => says.to.flatMap((to) => edge(from, absolute(scope, to), kind)))
			const below = [...(says.buildings ?? []), ...(says.units ?? [])]
			return [...parcels, ...below.flatMap(({ from, to }) => edge(absolute(scope, from), absolute(scope, to), kind))]
		}
		default:
			return []
	}
}

/** 宗地分割, 合并, 界址调整: the acts that end a parcel and say what became of it. */
export const PARCEL_SUCCESSIONS = ["land.parcel-divided", "land.parcel-merged", "land.parcel-redrawn"] as const

const DRAWING: ReadonlySet<string> = new Set(["survey.measured", ...PARCEL_SUCCESSIONS])

/** Whether a fact may draw edges: most do not, and need not be put in order to find that out. */
export const drawsEdges = ({ fact }: { readonly fact: AnyFact }): boolean => DRAWING.has(fact.type)

/** Whether facts of this scope may draw edges at all. */
export const hasLineage = (scope: Scope): boolean => !isProject(scope) && scope !== "registry"
