import {
	type AnyEvent,
	buildingOfCode,
	type Code,
	type Identifier,
	isProject,
	isPseudoCode,
	type Kind,
	type Level,
	levelOf,
	type Mention,
	normalProject,
	type ParkReason,
	type Place,
	type PlaceRule,
	parcelOfCode,
	scopeOf,
	sealed,
	withinAny,
} from "@yima/schemas"
import { authority } from "./authority.ts"
import type { Decision } from "./force.ts"
import { answeredUnit, placingCodes } from "./lists.ts"
import { codeSet, issuedKey, type Resolve } from "./meaning.ts"

const parked = (reason: ParkReason, candidates: Iterable<Code> = []): Place => ({ is: "PARKED", reason, candidates: codeSet(candidates) })

/** The code lifted to a level that the type allows; null: it is too coarse, or of another tree. */
export const lift = (code: Code, levels: readonly Level[]): Code | null => {
	const allows = (level: Level) => levels.includes(level)
	if (isProject(code)) return allows("J") ? code : null
	if (levelOf(code) === "U" && allows("U")) return code
	const scope = scopeOf(code)
	const building = buildingOfCode(scope)
	if (building !== null && allows("B")) return building
	if (building !== null && scope.length === 24 && allows("U")) return null
	return allows("P") ? parcelOfCode(scope) : null
}

/** What the identifiers of one kind lead to together. */
interface Led {
	readonly codes: readonly Code[]
	/** The predicted codes that these stand in place of: a contract filed before the measured survey still names one of them. */
	readonly insteadOf: readonly Code[]
}

/** The deepest codes on which two kinds agree: of each related pair the one within the other, of a predicted and its measured code the latter. */
const meet = (a: Led, b: Led): Led => {
	const measured = (older: Led, newer: Led) => (older.codes.some((code) => newer.insteadOf.includes(code)) ? newer.codes : [])
	const related = [...a.codes.filter(withinAny(b.codes)), ...b.codes.filter(withinAny(a.codes))]
	return { codes: codeSet([...related, ...measured(a, b), ...measured(b, a)]), insteadOf: [...a.insteadOf, ...b.insteadOf] }
}

/** Places the event on codes that are stated, by whatever rule. */
const settleOn = (codes: readonly Code[], rule: PlaceRule, levels: readonly Level[], through: readonly Identifier[] = []): Place => {
	const real = codes.filter((code) => !isPseudoCode(code))
	if (real.length === 0) return parked("NOT_ON_A_PARCEL")
	const lifted = real.map((code) => lift(code, levels))
	if (lifted.includes(null)) return parked("TOO_COARSE", real)
	return { is: "PLACED", codes: codeSet(lifted.filter((code) => code !== null)), rule, through }
}

/** What an event's text names in the place of a subject: a project's own event its project, a company's report the unit of the request that it answers. */
const statedIn = (event: AnyEvent): Code | null => {
	const { projectCode } = event.data as { readonly projectCode?: string }
	return event.type.startsWith("project.") && projectCode !== undefined ? `project:${normalProject(projectCode)}` : answeredUnit(event)
}

/** The mentions that may place the whole event: those of list entries speak of their entry alone. */
const placing = (event: AnyEvent): readonly Mention[] => event.mentions.filter((each) => each.entry === null && each.kind !== "project-code")

/** By all identifiers together: the deepest codes on which every undisputed one agrees (`semantics.md` §2). */
const byIdentifiers = (event: AnyEvent, mentions: readonly Mention[], resolve: Resolve): Place => {
	const { levels } = sealed[event.type]
	const disputed: Code[] = []
	const byKind = new Map<Kind, { codes: Code[]; insteadOf: Code[] }>()
	const through: Identifier[] = []
	for (const mention of mentions) {
		const { kind, value, issuer } = mention
		const found = resolve(mention, event.time)
		if (found === null) continue
		if (found.is === "DISPUTED") {
			disputed.push(...found.codes)
			continue
		}
		through.push({ kind, value, issuer })
		const led = byKind.get(kind) ?? { codes: [], insteadOf: [] }
		led.codes.push(...(levels.includes("U") ? found.codes : found.codes.map((code) => lift(code, levels) ?? code)))
		led.insteadOf.push(...found.insteadOf)
		byKind.set(kind, led)
	}
	const [first, ...others] = [...byKind.values()].map(({ codes, insteadOf }) => ({ codes: codeSet(codes), insteadOf }))
	if (first === undefined) return disputed.length > 0 ? parked("DISPUTED", disputed) : parked("UNKNOWN_IDENTIFIER")
	const { codes: agreed } = others.reduce(meet, first)
	if (agreed.length === 0)
		return parked(
			"DISPUTED",
			[...byKind.values()].flatMap((led) => led.codes),
		)
	if (agreed.length > 1 && levels.includes("U") && !isTakenWhole(agreed, byKind)) return parked("TOO_COARSE", agreed)
	return settleOn(agreed, "identifiers", levels, sortIdentifiers(through))
}

/** Whether one kind that may be taken whole leads to all of these itself; sets of ranks 1 and 2 only narrow. */
const isTakenWhole = (agreed: readonly Code[], byKind: ReadonlyMap<Kind, Led>): boolean =>
	[...byKind].some(([kind, { codes }]) => authority[kind].whole && agreed.every((code) => codes.includes(code)))

/** Identifiers in one order, whatever the order in which the sender wrote them. */
export const sortIdentifiers = (ids: readonly Identifier[]): readonly Identifier[] =>
	ids.length < 2 ? ids : [...ids].sort((a, b) => (issuedKey(a) < issuedKey(b) ? -1 : 1))

/** Where an event belongs, and whether it defines its identifiers from there: what is parked defines nothing. */
export interface Placing {
	readonly place: Place
	readonly defines: boolean
}

/**
 * The one place of an event (`semantics.md` §2): by a registrar's decision, else its subject, else its lists, else its
 * identifiers. One that defines is placed by kinds of lower rank than the lowest that it defines; if these do not place it,
 * it defines nothing and is placed as any other.
 */
export const placeOf = (event: AnyEvent, resolve: Resolve, decision: Decision | null): Placing => {
	const { levels } = sealed[event.type]
	const stated = (place: Place): Placing => ({ place, defines: place.is === "PLACED" })
	if (levels.length === 0) return stated({ is: "PLACED", codes: [], rule: "registry", through: [] })
	if (decision !== null) {
		const { subjects } = decision.data
		return subjects.length === 0 ? { place: { is: "DISMISSED" }, defines: false } : stated(settleOn(subjects, "decision", levels))
	}
	const subject = event.subject ?? statedIn(event)
	if (subject !== null) return stated(settleOn([subject], "subject", levels))
	const codes = placingCodes(event)
	if (codes.length > 0) return stated(settleOn(codes, "list", levels))
	const mentions = placing(event)
	const defined = mentions.filter((each) => each.defines)
	if (defined.length > 0) {
		const lowest = Math.min(...defined.map((each) => authority[each.kind].rank))
		const place = byIdentifiers(
			event,
			mentions.filter((each) => authority[each.kind].rank < lowest),
			resolve,
		)
		if (place.is === "PLACED") return { place, defines: true }
	}
	return { place: byIdentifiers(event, mentions, resolve), defines: false }
}
