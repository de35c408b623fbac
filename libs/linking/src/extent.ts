import {
	type AnyEvent,
	ancestorsOf,
	type Code,
	type Data,
	isPseudoCode,
	normalProject,
	type Place,
	type Reach,
	type Scope,
	scopeOf,
	type TypeName,
} from "@yima/schemas"
import { hasLabelList, type Listed, listed, listsOf } from "./lists.ts"
import { codeSet, type Resolve } from "./meaning.ts"

/** One scope of an event's extent, with its slice of the event's lists. */
export interface Part<T extends TypeName = TypeName> {
	readonly scope: Scope
	readonly reach: Reach
	readonly slice: Data[T]
}

const isMultiBuildingUnit = (code: Code) => code.length === 28 && code.startsWith("F9999", 19)

/** What the event's lists speak of: as `listed`, less what the rules take out. */
const spokenOf = (event: AnyEvent, place: Extract<Place, { is: "PLACED" }>, resolve: Resolve): readonly Listed[] => {
	const all = listed(event, resolve)
	if (all.length === 0) return all
	const multi =
		event.type === "registration.first-registered" &&
		[event.subject, ...all.flatMap((each) => each.codes)].some((code) => code !== null && isMultiBuildingUnit(code))
	const real = all.map((each) => ({ ...each, codes: each.codes.filter((code) => !isPseudoCode(code)) }))
	const kept = multi ? real.filter((each) => each.field !== "buildings") : real
	if (place.rule !== "decision") return kept
	// A decision outranks lists: they still narrow what it names, and say nothing about what it does not.
	return kept.filter((each) => each.codes.some((code) => place.codes.some((decided) => code.startsWith(decided) || code === scopeOf(decided))))
}

/**
 * The codes that the event speaks of (所及): its lists where they narrow, else its place. Labels that nobody has defined
 * yet stay with the place.
 */
export const extentCodes = (event: AnyEvent, place: Extract<Place, { is: "PLACED" }>, resolve: Resolve): readonly Code[] => {
	if (!listsOf[event.type].narrows) return place.codes
	const spoken = spokenOf(event, place, resolve)
	if (spoken.length === 0 || spoken.some((each) => each.codes.length === 0)) return place.codes
	return deepest(spoken.flatMap((each) => each.codes))
}

/** A building whose units are listed beside it is narrowed by them. */
const deepest = (codes: readonly Code[]): readonly Code[] => {
	const all = codeSet(codes)
	return all.filter((code, at) => !(all[at + 1]?.startsWith(code) ?? false))
}

/** The successors of a parcel are no list that a scope has a slice of: they say what became of it. */
const isSliced = (field: string) => field !== "to"

/** The event's data with only these entries of its lists. */
const withLists = (event: AnyEvent, lists: readonly Listed[]): AnyEvent["data"] => {
	const slices = new Map<string, unknown[]>()
	for (const { field } of listsOf[event.type].lists) if (isSliced(field) && Object.hasOwn(event.data, field)) slices.set(field, [])
	if (hasLabelList(event.type) && Object.hasOwn(event.data, "buildingLabels")) slices.set("buildingLabels", [])
	for (const { field, entry } of lists) slices.get(field)?.push(entry)
	return { ...event.data, ...Object.fromEntries(slices) } as AnyEvent["data"]
}

/** The place keeps the whole lists, with the buildings that its labels have led to. */
const withBuildings = (event: AnyEvent, lists: readonly Listed[]): AnyEvent["data"] => {
	if (!hasLabelList(event.type)) return event.data
	const byLabel = lists.flatMap((each) => (each.field === "buildings" ? [] : each.codes.filter((code) => code.length === 24)))
	if (byLabel.length === 0) return event.data
	const { buildings = [] } = event.data as { readonly buildings?: readonly Code[] }
	return { ...event.data, buildings: codeSet([...buildings, ...byLabel]) } as AnyEvent["data"]
}

/** An amendment changes the fields that it names: a works permit stays with the project that it was given for. */
const completed = (event: AnyEvent, resolve: Resolve): AnyEvent => {
	if (event.type !== "planning.permit-amended" || event.data.projectCode !== undefined) return event
	const [projectCode, other] = event.mentions.flatMap((each) => (each.kind === "works-permit-no" ? (resolve(each, event.time)?.projects ?? []) : []))
	return projectCode === undefined || other !== undefined ? event : { ...event, data: { ...event.data, projectCode } }
}

/** The scopes that the event speaks of, each with its slice. */
export const extent = (sent: AnyEvent, place: Place, resolve: Resolve): readonly Part[] => {
	const event = completed(sent, resolve)
	if (place.is !== "PLACED") return []
	if (place.rule === "registry") return [{ scope: "registry", reach: "below", slice: event.data }]
	const spoken = spokenOf(event, place, resolve)
	const narrows = listsOf[event.type].narrows && spoken.length > 0
	const parts = new Map<Scope, Part>()
	const shown = withBuildings(event, spoken)
	for (const code of place.codes) parts.set(scopeOf(code), { scope: scopeOf(code), reach: narrows ? "here" : "below", slice: shown })
	if (spoken.length === 0) return [...parts.values()]
	const byScope = new Map<Scope, Listed[]>()
	for (const each of spoken) for (const scope of new Set(each.codes.map(scopeOf))) listAt(byScope, scope).push(each)
	const holding = ancestorsOf(byScope.keys())
	for (const [scope, lists] of byScope) {
		// A building beside its own listed units is narrowed by them, and shows the whole lists as a place does.
		if (narrows && holding.has(scope)) parts.set(scope, { scope, reach: "here", slice: shown })
		else if (narrows || !parts.has(scope)) parts.set(scope, { scope, reach: "below", slice: withLists(event, lists) })
	}
	return addMembers(event, parts, spoken)
}

const listAt = (lists: Map<Scope, Listed[]>, scope: Scope): Listed[] => {
	const list = lists.get(scope) ?? []
	lists.set(scope, list)
	return list
}

/** A works permit is also part of the project that it names: that is how buildings come to belong to projects (`semantics.md` §2). */
const addMembers = (event: AnyEvent, parts: Map<Scope, Part>, spoken: readonly Listed[]): readonly Part[] => {
	const isPermit = event.type === "planning.works-permitted" || event.type === "planning.permit-amended"
	if (isPermit && event.data.projectCode !== undefined) {
		const scope: Scope = `project:${normalProject(event.data.projectCode)}`
		parts.set(scope, { scope, reach: "here", slice: withBuildings(event, spoken) })
	}
	return [...parts.values()]
}
