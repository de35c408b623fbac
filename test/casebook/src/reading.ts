import type { States } from "@yima/lifecycle"
import type { TypeName } from "@yima/schemas"

/** What decides which scopes see each other, and by which rules, whatever a rule reads. */
const STRUCTURE: readonly TypeName[] = [
	"survey.measured",
	"land.parcel-divided",
	"land.parcel-merged",
	"land.parcel-redrawn",
	"project.approved",
	"project.scoped",
	"planning.works-permitted",
	"planning.permit-amended",
	"registration.first-registered",
	"registrar.party-renamed",
	"registrar.ruleset-adopted",
]

/** A world as one sees it who reads nothing but these types of events, and those that give it its structure. */
export const only = <W extends { readonly states: States }>(world: W, types: readonly TypeName[]): W => {
	const read = new Set<TypeName>([...STRUCTURE, ...types])
	const states = new Map(
		[...world.states].map(([scope, state]) => [
			scope,
			new Map([...state].filter(([, steps]) => steps.every(({ value }) => value === null || read.has(value.type)))),
		]),
	)
	return { ...world, states }
}
