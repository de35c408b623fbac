import { type EventKey, type Identifier, type Moment, ownDefinitions, type Scope } from "@yima/schemas"
import { absolute } from "./facts.ts"
import type { Line } from "./line.ts"

/** What a thing is called (业务标识), since when, by which event. */
export interface NamedAs extends Pick<Identifier, "kind" | "value"> {
	readonly since: Moment
	readonly definedBy: EventKey
	readonly from: Scope
}

/** The identifiers that the events of a scope define, in order. Survey rows and account lists name the unit that they are about. */
export const identifiers = (scope: Scope, lines: readonly Line[]): readonly NamedAs[] =>
	lines.flatMap((line) => {
		if (line.fact.nameless === true || (line.fact.reach === "here" && line.from !== scope)) return []
		return ownDefinitions(line.type, line.says, (code) => absolute(line.from, code) === line.from || absolute(line.from, code) === scope).map(
			({ kind, value }) => ({
				kind,
				value,
				since: line.time,
				definedBy: line.key,
				from: line.from,
			}),
		)
	})
