import { blinded, type Concern, type EventKey, formatMoment, inOrder, type Moment, type Place, type Scope } from "@yima/schemas"
import { digest } from "./canonical.ts"
import type { AnyFact } from "./fact.ts"
import { factOf } from "./facts.ts"

type Fields = Readonly<Record<string, unknown>>

/** The decoded event without what only the registry adds; `slice` is what it says of this scope. */
const eventOf = ({ event, slice }: Concern): Fields => ({
	id: event.id,
	source: event.source,
	type: event.type,
	subject: event.subject,
	time: formatMoment(event.time),
	byDay: event.byDay,
	corrects: event.corrects,
	statedAt: formatMoment(event.statedAt),
	extensions: event.extensions,
	data: blinded(slice),
})

const placeOf = (place: Place): Fields =>
	place.is === "PLACED" ? { is: place.is, rule: place.rule, through: place.through, codes: place.codes } : { ...place }

/** The hash of one concern: the decoded event with its slice, persons by blind index, its place and its fact. Recorded times and ciphertext are not in it. */
export const concernHash = (concern: Concern, fact: AnyFact = factOf(concern)): string =>
	digest({ event: eventOf(concern), inForce: concern.force.inForce, reach: concern.reach, place: placeOf(concern.place), fact })

/** One concern's hash, with what puts it in order. */
export interface Hashed {
	readonly key: EventKey
	readonly time: Moment
	readonly hash: string
}

/**
 * The hash of one scope's own history, links and facts: of its concerns' hashes (canonical JSON, RFC 8785) in order. `asOf` plays
 * no part; the caller gives the concerns as known at the moment asked.
 */
export const scopeHash = (concerns: readonly Hashed[]): string => digest([...concerns].sort(inOrder).map((each) => each.hash))

/** The hash of what a view covers (`contentHash`): its own scope's and each that it inherits, once. */
export const contentHash = (own: Scope, hashes: ReadonlyMap<Scope, string>): string =>
	digest({ scope: own, covers: Object.fromEntries([...hashes].filter(([, hash]) => hash !== EMPTY)) })

/** The hash of a scope that nothing concerns. */
const EMPTY = scopeHash([])
