import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { blinded, type Concern, formatMoment, inOrder, type Place, type Scope } from "@yima/schemas"
import canonicalize from "canonicalize"
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

const hashed = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(canonicalize(value) ?? "")))

/**
 * The hash of one scope's own history, links and facts: canonical JSON (RFC 8785) of its concerns in order. `asOf` plays no
 * part; the caller gives the concerns as known at the moment asked. Recorded times and ciphertext are not in it.
 */
export const scopeHash = (concerns: readonly Concern[]): string =>
	hashed(
		[...concerns]
			.sort((a, b) => inOrder(a.event, b.event))
			.map((concern) => ({
				event: eventOf(concern),
				inForce: concern.force.inForce,
				reach: concern.reach,
				place: placeOf(concern.place),
				fact: factOf(concern),
			})),
	)

/** The hash of what a view covers (`contentHash`): its own scope's and each that it inherits, once. */
export const contentHash = (own: Scope, hashes: ReadonlyMap<Scope, string>): string =>
	hashed({ scope: own, covers: Object.fromEntries([...hashes].filter(([, hash]) => hash !== EMPTY)) })

/** The hash of a scope that nothing concerns. */
const EMPTY = scopeHash([])
