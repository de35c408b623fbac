import { type AnyEvent, type Astray, type Concern, compare, type Identifier, isProject, type Place, relatedToAny, type Scope, scopeOf } from "@yima/schemas"
import { definitionsOf } from "./define.ts"
import { extent, type Part } from "./extent.ts"
import { type Around, type Decision, decisionOn, decisionsOn, forceOf, namedBy } from "./force.ts"
import { listed } from "./lists.ts"
import { codeSet, type Definition, issuedKey, type Resolve } from "./meaning.ts"
import { type Placing, placeOf, sortIdentifiers } from "./place.ts"

/** What linking decides of one event, as known at one moment. */
export interface Settlement {
	readonly place: Place
	readonly concerns: readonly Concern[]
	readonly definitions: readonly Definition[]
}

/** Reads that settling one event needs, as known at one moment. */
export interface View extends Around {
	readonly resolve: Resolve
}

/** The event that an act (a retraction or a decision) is about in the end: the acts between are walked through; null: none, or a ring. */
const baseOf = (event: AnyEvent, around: Around): AnyEvent | null => {
	const seen = new Set<string>()
	let at: AnyEvent | undefined = event
	while (at !== undefined) {
		if (seen.has(at.key)) return null
		seen.add(at.key)
		const named = namedBy(at)
		if (named === null) return at
		at = around.event(named)
	}
	return null
}

const placing = (event: AnyEvent, view: View, decision: Decision | null): Placing => placeOf(event, view.resolve, decision)

/** An act stands wherever the event that it is about stands or stood: without a decision, or by any that was made on it. */
const standings = (base: AnyEvent, view: View): readonly Part[] => {
	const parts = new Map<Scope, Part>()
	for (const decision of [null, ...decisionsOn(base, view)])
		for (const part of extent(base, placing(base, view, decision).place, view.resolve))
			if (parts.get(part.scope)?.reach !== "below") parts.set(part.scope, part)
	return [...parts.values()]
}

const settleAct = (act: AnyEvent, view: View): Settlement => {
	const base = baseOf(act, view)
	const parts = base === null ? [] : standings(base, view)
	const codes = codeSet(parts.flatMap((part) => (part.scope === "registry" ? [] : [part.scope])))
	const place: Place = { is: "PLACED", codes, rule: "event", through: [] }
	const shared = { event: act, slice: act.data, force: forceOf(act, view), place, astray: [], defines: false, disputed: [] }
	return { place, definitions: [], concerns: sorted(parts.map(({ scope, reach }) => ({ ...shared, scope, reach }))) }
}

const standsAt = (scope: Scope): Scope => (scope === "registry" ? scope : scopeOf(scope))

const astrayRefs = (event: AnyEvent, place: Place, parts: readonly Part[], view: View): readonly Astray[] => {
	// What belongs to a project is above any parcel: its own refs lead below it.
	if (place.is !== "PLACED" || place.rule === "registry" || place.codes.some(isProject)) return []
	let isHere: ((code: Scope) => boolean) | null = null
	const found: Astray[] = []
	for (const mention of event.mentions) {
		const { kind, value, issuer } = mention
		if (mention.defines || kind === "project-code") continue
		const meaning = view.resolve(mention, event.time)
		if (meaning === null || meaning.is === "DISPUTED") continue
		isHere ??= relatedToAny([...place.codes, ...parts.map((part) => part.scope), ...listed(event, view.resolve).flatMap((each) => each.codes)].map(standsAt))
		if (![...meaning.codes, ...meaning.insteadOf].map(standsAt).some(isHere)) found.push({ kind, value, issuer, codes: meaning.codes })
	}
	return sortIdentifiers(found) as readonly Astray[]
}

const disputedOwn = (definitions: readonly Definition[], event: AnyEvent, view: View): readonly Identifier[] => {
	if (definitions.length === 0) return []
	const found = event.mentions.filter((mention) => mention.defines && view.resolve(mention, event.time)?.is === "DISPUTED")
	const each = new Map(found.map(({ kind, value, issuer }) => [issuedKey({ kind, value, issuer }), { kind, value, issuer }]))
	return sortIdentifiers([...each.values()])
}

const sorted = (concerns: readonly Concern[]): readonly Concern[] => [...concerns].sort((a, b) => compare(a.scope, b.scope))

/** The definitions of an event in force, from what lower ranks mean. */
export const defining = (event: AnyEvent, view: View): readonly Definition[] =>
	event.mentions.some((each) => each.defines) && forceOf(event, view).inForce
		? definitionsOf(event, placing(event, view, decisionOn(event, view)), view.resolve)
		: []

/** Everything that linking decides of one event, as known at one moment (`semantics.md` §2–3). */
export const settleAt = (event: AnyEvent, view: View): Settlement => {
	if (namedBy(event) !== null) return settleAct(event, view)
	const force = forceOf(event, view)
	const placed = placing(event, view, decisionOn(event, view))
	const parts = extent(event, placed.place, view.resolve)
	const definitions = force.inForce ? definitionsOf(event, placed, view.resolve) : []
	const astray = astrayRefs(event, placed.place, parts, view)
	const shared = { event, force, place: placed.place, astray, defines: definitions.length > 0, disputed: disputedOwn(definitions, event, view) }
	const concerns: Concern[] = parts.map((part) => ({ ...shared, ...part }))
	const scopes = new Set(parts.map((part) => part.scope))
	for (const code of codeSet(astray.flatMap((each) => each.codes)))
		if (!scopes.has(scopeOf(code))) concerns.push({ ...shared, scope: scopeOf(code), reach: "astray", slice: event.data })
	return { place: placed.place, definitions, concerns: sorted(concerns) }
}
