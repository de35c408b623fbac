import { type EventKey, inOrder, type Known, type Moment, type Scope, stepAt, type TypeName, withinAny } from "@yima/schemas"
import type { AnyFact, Says } from "./fact.ts"
import type { State } from "./state.ts"

/** One fact as a view sees it: by which event, from which scope. */
export interface Line<T extends TypeName = TypeName> {
	readonly key: EventKey
	readonly from: Scope
	/** Every scope of the view's sources at which the event stands; `from` is the nearest. */
	readonly stands: readonly Scope[]
	readonly time: Moment
	readonly byDay: boolean
	readonly type: T
	readonly fact: AnyFact
	readonly says: Says<T>
}

/** Which facts are seen: by two times, or (null) at any moment, for what has to be loaded. */
export interface Sight {
	readonly asOf: Moment
	readonly knownAt: Known
}

/** The facts of a state that are seen, in force or not. */
export const seen = (state: State, sight: Sight | null): readonly { readonly key: EventKey; readonly fact: AnyFact }[] => {
	const found: { key: EventKey; fact: AnyFact }[] = []
	for (const [key, steps] of state) {
		if (sight === null) for (const { value } of steps) value !== null && found.push({ key, fact: value })
		else {
			const fact = stepAt(steps, sight.knownAt)
			if (fact !== null && fact !== undefined && fact.time <= sight.asOf) found.push({ key, fact })
		}
	}
	return found
}

/** A fact in force as a line; null for one that says nothing. */
export const lineOf = (key: EventKey, fact: AnyFact, from: Scope, stands: readonly Scope[] = [from]): Line | null =>
	fact.says === undefined ? null : { key, from, stands, time: fact.time, byDay: fact.byDay ?? false, type: fact.type, fact, says: fact.says as Says<TypeName> }

/**
 * Whether a fact takes in the whole of what a view looks at: one that is shown at its place only speaks of parts of it.
 */
export const takesIn = (line: Line): boolean => line.fact.reach !== "here"

/** Whether acts (discharges, lifts, consents) that stand at these scopes end together, for the whole scope, what `started` began. */
export type Ends = (stands: readonly Scope[], started: Line) => boolean

/**
 * Said of the scope itself or above it, an act ends it. Said of a predecessor, it ends what came by that predecessor: of two
 * merged flats or parcels one may be free and the other not, and then what they became is not free.
 */
export const endsFor = (scope: Scope, predecessors: ReadonlyMap<Scope, readonly Scope[]>): Ends => {
	const kin = [...predecessors.keys()]
	const before = (at: Scope) => predecessors.get(at) ?? []
	const reaches = (started: Line, at: Scope): boolean => started.stands.some((each) => at.startsWith(each)) || before(at).some((each) => reaches(started, each))
	return (stands, started) => {
		const isEnded = withinAny(stands)
		const ends = (at: Scope): boolean => {
			if (stands.some((each) => at.startsWith(each))) return true
			const ended = before(at).filter(ends)
			return ended.length > 0 && before(at).every((each) => ended.includes(each) || !reaches(started, each))
		}
		if (stands.some((each) => scope.startsWith(each))) return true
		const elsewhere = started.stands.filter((each) => !kin.some((at) => at.startsWith(each)))
		return elsewhere.every(isEnded) && (ends(scope) || elsewhere.length === started.stands.length)
	}
}

const byType = new WeakMap<readonly Line[], ReadonlyMap<TypeName, readonly Line[]>>()

const sorted = (lines: readonly Line[]): ReadonlyMap<TypeName, readonly Line[]> => {
	const known = byType.get(lines)
	if (known !== undefined) return known
	const found = new Map<TypeName, Line[]>()
	for (const line of lines) {
		const list = found.get(line.type)
		if (list === undefined) found.set(line.type, [line])
		else list.push(line)
	}
	byType.set(lines, found)
	return found
}

/** The lines of these types, in order. Lines are kept sorted by (time, source, id); each view asks for some thirty kinds of them. */
export const linesOf = <T extends TypeName>(lines: readonly Line[], ...types: readonly T[]): readonly { readonly [K in T]: Line<K> }[T][] => {
	const all = sorted(lines)
	const lists = types.flatMap((type) => {
		const list = all.get(type)
		return list === undefined ? [] : [list]
	})
	const [only = NONE] = lists
	return (lists.length < 2 ? only : lists.flat().sort(inOrder)) as unknown as readonly { readonly [K in T]: Line<K> }[T][]
}

const NONE: readonly Line[] = []

export const last = <A>(all: readonly A[]): A | undefined => all.at(-1)
