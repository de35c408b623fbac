import type { Doubt, View } from "@yima/lifecycle"
import { relatedToAny, type Scope, scopeOf } from "@yima/schemas"
import { isOwn } from "../own.ts"

/** The refs of a doubt that lead elsewhere; those that follow a code's own lineage have not gone astray. */
export const straysOf = (view: View, { fact }: Doubt): NonNullable<Doubt["fact"]["astray"]> => {
	const kin = [
		view.code,
		...view.predecessors.map((edge) => edge.from),
		...view.successors.map((edge) => edge.to),
		...view.lines.flatMap((line) => (isOwn(view, line.from) ? line.from : [])),
	]
	const isKin = relatedToAny([...new Set<Scope>(kin)])
	return (fact.astray ?? []).filter(({ codes }) => !codes.map(scopeOf).some(isKin))
}

/** Where an event stands whose ref leads here. */
export const standsAt = ({ fact }: Doubt): readonly Scope[] => (fact.at ?? []).map(scopeOf)
