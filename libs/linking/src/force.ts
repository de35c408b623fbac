import { type AnyEvent, compare, type EventKey, eventKey, type Force, inOrder, isRetracted } from "@yima/schemas"

/** Reads the events around one key, as known at one moment. */
export interface Around {
	readonly event: (key: EventKey) => AnyEvent | undefined
	/** Events that state to correct `key`. */
	readonly corrections: (key: EventKey) => readonly AnyEvent[]
	/** Retractions that name `key`. */
	readonly retractions: (key: EventKey) => readonly AnyEvent[]
	/** `registrar.resolved` that name `key`. */
	readonly decisions: (key: EventKey) => readonly AnyEvent[]
}

/** The event that a retraction or a decision speaks about; null for all others. */
export const namedBy = (event: AnyEvent): EventKey | null => {
	if (event.type === "registrar.resolved") return `${event.data.event.source}#${event.data.event.id}` as EventKey
	return isRetraction(event) ? eventKey(event.source, (event.data as { readonly event: { readonly id: string } }).event.id) : null
}

/** A retraction; one that states to correct something is none (`semantics.md` §3: never corrected). */
const isRetraction = (event: AnyEvent): boolean => isRetracted(event.type) && event.corrects === null

/** What has been found out about a family: worked out once for all that is known at one moment. */
interface Memo {
	readonly ringed: Map<EventKey, boolean>
	readonly alive: Map<EventKey, boolean>
	readonly families: Map<EventKey, Family>
}

const memos = new WeakMap<Around, Memo>()

const memoOf = (around: Around): Memo => {
	const memo = memos.get(around) ?? { ringed: new Map(), alive: new Map(), families: new Map() }
	memos.set(around, memo)
	return memo
}

/** Whether following what it retracts leads a retraction back to itself: rings are dead and kill nothing. */
const isInRing = (event: AnyEvent, around: Around): boolean => {
	const { ringed } = memoOf(around)
	const path = new Map<EventKey, number>()
	let at: AnyEvent | undefined = event
	while (at !== undefined && isRetraction(at) && !ringed.has(at.key) && !path.has(at.key)) {
		path.set(at.key, path.size)
		const named = namedBy(at)
		at = named === null ? undefined : around.event(named)
	}
	const from = (at === undefined ? undefined : path.get(at.key)) ?? Number.POSITIVE_INFINITY
	for (const [key, index] of path) ringed.set(key, index >= from)
	return ringed.get(event.key) ?? false
}

/** The retractions that could kill `key`: those of a ring cannot. */
const retractionsOf = (key: EventKey, around: Around): readonly AnyEvent[] =>
	around.retractions(key).filter((each) => isRetraction(each) && !isInRing(each, around))

/** Whether no living retraction names the event. Chains are walked from their far end, for they may be long. */
const isAlive = (event: AnyEvent, around: Around): boolean => {
	const { alive } = memoOf(around)
	const open = [event.key]
	for (let key = open.at(-1); key !== undefined; key = open.at(-1)) {
		const killers = retractionsOf(key, around)
		const unknown = killers.filter((each) => !alive.has(each.key))
		if (!alive.has(key) && unknown.length > 0) open.push(...unknown.map((each) => each.key))
		else {
			alive.set(key, !killers.some((each) => alive.get(each.key)))
			open.pop()
		}
	}
	return (alive.get(event.key) ?? true) && !(isRetraction(event) && isInRing(event, around))
}

/** The living retraction that kills `key`, the greatest of several. */
const killer = (key: EventKey, around: Around): AnyEvent | null => {
	let found: AnyEvent | null = null
	for (const each of retractionsOf(key, around)) if (isAlive(each, around) && (found === null || inOrder(each, found) > 0)) found = each
	return found
}

/** Whether `event` states to correct one of its own kind: another type is ignored (`semantics.md` §3). */
const isVersionOf = (event: AnyEvent, target: AnyEvent): boolean => event.type === target.type

/** The original at the end of the `corrects` chain; null where the chain is a cycle, misses a target or changes its type. */
const originalOf = (event: AnyEvent, around: Around): AnyEvent | null => {
	const seen = new Set<EventKey>()
	let at = event
	while (at.corrects !== null) {
		const target = around.event(at.corrects)
		if (seen.has(at.key) || target === undefined || !isVersionOf(at, target)) return null
		seen.add(at.key)
		at = target
	}
	return at
}

/** All versions of one event, and which of them counts. */
interface Family {
	/** The original first; each after the one that it corrects. */
	readonly versions: readonly AnyEvent[]
	/** The living version that no living one replaces; of several the greatest (statedat, id). */
	readonly version: AnyEvent | null
	/** Living versions that no one replaced: one, or rivals (L02). */
	readonly candidates: readonly AnyEvent[]
}

const familyOf = (original: AnyEvent, around: Around): Family => {
	const { families } = memoOf(around)
	const known = families.get(original.key)
	if (known !== undefined) return known
	const versions = [original]
	for (const each of versions) for (const correction of around.corrections(each.key)) if (isVersionOf(correction, each)) versions.push(correction)
	const replaced = new Set<EventKey>()
	const candidates: AnyEvent[] = []
	for (const each of versions.toReversed()) {
		const isLiving = isAlive(each, around)
		if (isLiving && !replaced.has(each.key)) candidates.push(each)
		if (each.corrects !== null && (isLiving || replaced.has(each.key))) replaced.add(each.corrects)
	}
	const greatest = candidates.reduce<AnyEvent | null>(
		(best, each) => (best !== null && (each.statedAt - best.statedAt || compare(each.id, best.id)) < 0 ? best : each),
		null,
	)
	const family = { versions, candidates, version: isAlive(original, around) ? greatest : null }
	families.set(original.key, family)
	return family
}

/** All versions of the event, the original first; without an original, the event alone. */
const versionsOf = (event: AnyEvent, around: Around): readonly AnyEvent[] => {
	if (event.corrects === null && around.corrections(event.key).length === 0) return [event]
	const original = originalOf(event, around)
	return original === null ? [event] : familyOf(original, around).versions
}

/** The version of an event that counts; null: it is retracted, or has no original. */
export const versionOf = (event: AnyEvent, around: Around): AnyEvent | null => {
	const original = originalOf(event, around)
	return original === null ? null : familyOf(original, around).version
}

/** What nobody corrects or retracts. */
const PLAIN: Force = { inForce: true, correctedBy: null, retractedBy: null, rivals: [] }

/** Whether the event counts, and what took its place (`semantics.md` §3). */
export const forceOf = (event: AnyEvent, around: Around): Force => {
	const retraction = killer(event.key, around)
	if (retraction === null && event.corrects === null && !isRetracted(event.type) && around.corrections(event.key).length === 0) return PLAIN
	const retractedBy = retraction?.id ?? null
	const dead = { inForce: false, correctedBy: null, retractedBy, rivals: [] }
	if (isRetracted(event.type)) return event.corrects === null && isAlive(event, around) ? { ...dead, inForce: true } : dead
	const original = originalOf(event, around)
	if (original === null) return dead
	const { version, candidates } = familyOf(original, around)
	if (version === null) return dead
	if (version.key === event.key) return { ...dead, inForce: true, rivals: candidates.flatMap((each) => (each.key === version.key ? [] : [each.id])).sort() }
	const isReplaced = candidates.some((each) => each.key === event.key) || descendsFrom(version, event, around)
	return isReplaced ? { ...dead, correctedBy: version.id } : dead
}

/** Whether one version corrects another, directly or through others. */
const descendsFrom = (version: AnyEvent, event: AnyEvent, around: Around): boolean => {
	let at: AnyEvent | undefined = version
	while (at !== undefined && at.corrects !== null && at.corrects !== event.key) at = around.event(at.corrects)
	return at !== undefined && at.corrects === event.key
}

/** A registrar's decision on where an event belongs: its subjects; none: dismissed. */
export type Decision = Extract<AnyEvent, { readonly type: "registrar.resolved" }>

/** All decisions that name a version of the event, in force or not. */
export const decisionsOn = (event: AnyEvent, around: Around): readonly Decision[] =>
	versionsOf(event, around).flatMap((version) => around.decisions(version.key).filter((each): each is Decision => each.type === "registrar.resolved"))

/**
 * The decision that holds for this version: in force, the greatest by (time, source, id), unless the version states
 * another subject of its own than the one that was decided on.
 */
export const decisionOn = (event: AnyEvent, around: Around): Decision | null => {
	let found: Decision | null = null
	for (const each of decisionsOn(event, around)) {
		const named = namedBy(each)
		const decided = named === null ? undefined : around.event(named)
		const holds = event.key === named || event.subject === null || event.subject === decided?.subject
		if (holds && forceOf(each, around).inForce && (found === null || inOrder(each, found) > 0)) found = each
	}
	return found
}
