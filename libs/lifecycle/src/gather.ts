import { buildingOfCode, type EventKey, inOrder, isProject, type Known, type Moment, normalForm, parcelOfCode, type Scope, scopeOf } from "@yima/schemas"
import type { AnyFact } from "./fact.ts"
import { absolute } from "./facts.ts"
import { type Ends, endsFor, type Line, lineOf, type Sight, seen } from "./line.ts"
import { drawsEdges, type Edge, edgesOf, hasLineage } from "./lineage.ts"
import { projectsOf } from "./project.ts"
import type { State, States } from "./state.ts"

const EMPTY: State = new Map()

/** A state lists its events as they came; whatever is shown of it comes in their own order. */
export const inTime = <A extends { readonly key: EventKey; readonly fact: AnyFact }>(all: Iterable<A>): readonly A[] =>
	[...all].sort((a, b) => inOrder({ key: a.key, time: a.fact.time }, { key: b.key, time: b.fact.time }))

/** A unit over several buildings inherits from those that its first registration names. */
const buildingsOfMulti = (scope: Scope, states: States, sight: Sight | null): readonly Scope[] =>
	scope.length === 28 && scope.startsWith("F9999", 19)
		? inTime(seen(states.get(scope) ?? EMPTY, sight)).flatMap(({ fact }) =>
				fact.type === "registration.first-registered" ? (fact.says?.buildings ?? []).map((each) => absolute(scope, each)) : [],
			)
		: []

const above = (scope: Scope, states: States, sight: Sight | null, projects = projectsOf(scope, states, sight)): readonly Scope[] => {
	if (isProject(scope) || scope === "registry") return []
	const levels = [buildingOfCode(scope), parcelOfCode(scope)].filter((each): each is NonNullable<typeof each> => each !== null && each !== scope)
	return [...levels, ...buildingsOfMulti(scope, states, sight), ...projects]
}

/** The edges in the facts of one scope. */
const edgesAt = (scope: Scope, states: States, sight: Sight | null): readonly Edge[] =>
	hasLineage(scope) ? inTime(seen(states.get(scope) ?? EMPTY, sight).filter(drawsEdges)).flatMap(({ key, fact }) => edgesOf(scope, key, fact)) : []

/** A scope and its predecessors, back to the first, each with those right before it. A cycle is cut where it closes. */
const predecessorsOf = (scope: Scope, states: States, sight: Sight | null): ReadonlyMap<Scope, readonly Scope[]> => {
	const found = new Map<Scope, readonly Scope[]>([[scope, []]])
	for (const at of found.keys()) {
		const before = edgesAt(at, states, sight).flatMap((edge) => (edge.to === at && !found.has(edge.from) ? [edge.from] : []))
		found.set(at, [...new Set(before)])
		for (const each of before) if (!found.has(each)) found.set(each, [])
	}
	return found
}

const line = (scope: Scope, states: States, sight: Sight | null): readonly Scope[] => [...predecessorsOf(scope, states, sight).keys()]

const isSame = (edge: Edge): boolean => edge.kind === "MEASURED_AS" || edge.from.slice(0, 19) !== edge.to.slice(0, 19)

const sameThing = (scope: Scope, states: States, sight: Sight): readonly Scope[] => {
	const found = new Set([scope])
	for (const at of found) for (const edge of edgesAt(at, states, sight)) if (edge.to === at && isSame(edge)) found.add(edge.from)
	return [...found]
}

/** The projects of the first of these that has any: a flat whose parcel was divided stays with its project until another names it. */
const projectsOfAny = (scopes: readonly Scope[], states: States, sight: Sight): readonly Scope[] => {
	for (const scope of scopes) {
		const found = projectsOf(scope, states, sight)
		if (found.length > 0) return found
	}
	return []
}

/** The scope itself, then what it inherits from: above it, then its predecessors with what is above these. */
const sources = (scope: Scope, states: States, sight: Sight | null, kin = line(scope, states, sight), projects?: readonly Scope[]): readonly Scope[] => {
	const found = new Set<Scope>()
	for (const each of kin) {
		found.add(each)
		for (const higher of above(each, states, sight, each === scope ? projects : undefined)) for (const at of line(higher, states, sight)) found.add(at)
	}
	found.add("registry")
	return [...found]
}

/** The scopes whose states a view of `scope` reads, at any two times: load them until this adds none. */
export const reads = (scope: Scope, states: States): readonly Scope[] => withAmended(sources(scope, states, null), states, null)

/** And the scopes from which amendments bring something in. */
const withAmended = (all: readonly Scope[], states: States, sight: Sight | null): readonly Scope[] => {
	const amended = all.flatMap((each) => seen(states.get(each) ?? EMPTY, sight).flatMap(({ fact }) => (isAmendment(fact) ? (fact.at ?? []).map(scopeOf) : [])))
	return [...new Set([...all, ...amended])]
}

/** What a scope and its history cover, as known at one moment and whatever the valid time: its own scope first (`contentHash`). */
export const covers = (scope: Scope, states: States, knownAt: Known): readonly Scope[] => {
	const sight = { asOf: Number.MAX_VALUE as Moment, knownAt }
	return withAmended(sources(scope, states, sight), states, sight)
}

/** What an amendment and the document that it amends have in common: the number and, of permits, the kind. */
const AMENDED: Readonly<Record<string, (fact: AnyFact) => string>> = {
	"finance.mortgage-amended": ({ says }) => (says !== undefined && "proofNo" in says ? normalForm(says.proofNo) : ""),
	"planning.permit-amended": ({ type, says }) => {
		const kind = says !== undefined && "kind" in says ? String(says.kind) : type === "planning.land-permitted" ? "land" : "works"
		return says !== undefined && "permitNo" in says ? `${kind} ${normalForm(String(says.permitNo))}` : ""
	},
}
const isAmendment = (fact: AnyFact): boolean => fact.type in AMENDED

/**
 * A list that is amended to take in another unit or building brings the mortgage or permit with it: what else was said under
 * its number, and of the whole of it, stands where the amendment stands.
 */
const broughtIn = (line: Line, states: States, sight: Sight): readonly { readonly key: EventKey; readonly fact: AnyFact; readonly from: Scope }[] => {
	const numberOf = AMENDED[line.type]
	if (numberOf === undefined) return []
	const [family] = line.type.split(".")
	return (line.fact.at ?? []).flatMap((code) => {
		const from = scopeOf(code)
		return seen(states.get(from) ?? EMPTY, sight).flatMap(({ key, fact }) => {
			const isSame = fact.says !== undefined && fact.type.startsWith(`${family}.`) && numberOf(fact) === numberOf(line.fact)
			const isPart = fact.says !== undefined && "units" in fact.says && fact.type !== "finance.mortgage-registered"
			return isSame && !isPart ? [{ key, fact, from }] : []
		})
	})
}

/** One event in a scope's history, in force or not. */
export interface TimelineEntry {
	readonly key: EventKey
	readonly fact: AnyFact
	/** Where the view took it from; null: its own, or a list names it. */
	readonly inheritedFrom: Scope | null
}

/** All that a scope sees: its history, and the lines that its views are made of. */
export interface Gathered {
	readonly scope: Scope
	readonly timeline: readonly TimelineEntry[]
	readonly lines: readonly Line[]
	readonly sources: readonly Scope[]
	/** The projects that the scope belongs to; the one named last comes last. */
	readonly projects: readonly Scope[]
	/** The scope under this and its earlier codes: measured as another, or carried over when its parcel changed. */
	readonly same: readonly Scope[]
	/** The scope and all its predecessors. */
	readonly kin: readonly Scope[]
	readonly ends: Ends
	/** Edges into and out of the scope itself. */
	readonly edges: readonly Edge[]
	/** The facts of its own state, in no order. */
	readonly own: readonly { readonly key: EventKey; readonly fact: AnyFact }[]
}

/** Reads the states as of two times. An event that stands at several of the scopes is taken from the nearest. */
export const gather = (scope: Scope, states: States, sight: Sight): Gathered => {
	const predecessors = predecessorsOf(scope, states, sight)
	const same = predecessors.size === 1 ? [scope] : sameThing(scope, states, sight)
	const projects = projectsOfAny([...same, ...buildingsOfMulti(scope, states, sight)], states, sight)
	const kin = [...predecessors.keys()]
	const all = sources(scope, states, sight, kin, projects)
	const timeline = new Map<EventKey, TimelineEntry>()
	const stands = new Map<EventKey, Scope[]>()
	for (const from of all) {
		for (const { key, fact } of seen(states.get(from) ?? EMPTY, sight)) {
			if (fact.reach === "astray" || (fact.reach === "here" && !predecessors.has(from))) continue
			const known = stands.get(key)
			if (known !== undefined) known.push(from)
			else {
				timeline.set(key, { key, fact, inheritedFrom: from === scope ? null : from })
				stands.set(key, [from])
			}
		}
	}
	const lines = [...timeline.values()].flatMap(({ key, fact, inheritedFrom }) => lineOf(key, fact, inheritedFrom ?? scope, stands.get(key)) ?? [])
	for (const amendment of [...lines].sort(inOrder))
		for (const { key, fact, from } of broughtIn(amendment, states, sight)) {
			if (timeline.has(key)) continue
			timeline.set(key, { key, fact, inheritedFrom: from })
			const line = lineOf(key, fact, from)
			if (line !== null) lines.push(line)
		}
	return {
		scope,
		timeline: inTime(timeline.values()),
		lines: lines.sort(inOrder),
		sources: all,
		projects,
		same,
		kin,
		ends: endsFor(scope, predecessors),
		edges: edgesAt(scope, states, sight),
		own: seen(states.get(scope) ?? EMPTY, sight),
	}
}
