import type { Concern, Scope, SealedParty, TypeName } from "@yima/schemas"
import { isRetracted, normalIdNumber, normalName, scopeOf } from "@yima/schemas"
import { type AnyFact, type Fact, partiesIn, type Who } from "./fact.ts"
import { kept } from "./kept.ts"

type Fields = Readonly<Record<string, unknown>>

const who = (party: SealedParty): Who => {
	const share = party.share === undefined ? {} : { share: party.share }
	if (party.idKind === "uscc") return { id: normalIdNumber("uscc", party.idNumber), name: normalName(party.name), ...share }
	const invalid = party.idNumber.valid === false ? { invalid: true as const } : {}
	return { id: party.idNumber.blind, name: party.name.blind, kind: party.idKind, ...share, ...invalid }
}

const CODES: ReadonlySet<string> = new Set(["units", "buildings", "parcels", "to", "from", "code", "predicted", "unit"])

/** A code within the scope by its tail only, `""` the scope itself: most codes in a building's facts repeat its 24 characters. */
const relative = (scope: Scope, code: string): string => (code.startsWith(scope) ? code.slice(scope.length) : code)

/** The code that `relative` shortened: no whole code is shorter than 19 characters. */
export const absolute = (scope: Scope, tail: string): Scope => (tail.length < 19 ? `${scope}${tail}` : tail) as Scope

const compact = (scope: Scope, field: string, value: unknown): unknown => {
	if (typeof value === "string") return CODES.has(field) ? relative(scope, value) : value
	if (typeof value !== "object" || value === null) return value
	if (Array.isArray(value)) return value.map((each) => compact(scope, field, each))
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, compact(scope, key, each)]))
}

/** A building's own fact of a survey keeps its rows by code, area and link; what a flat is called stands with the flat. */
const ROLL = ["code", "areaM2", "predicted", "link"]
const roll = (rows: unknown): unknown =>
	(rows as readonly Fields[]).map((row) => Object.fromEntries(ROLL.flatMap((key) => (key in row ? [[key, row[key]]] : []))))

const saysOf = ({ scope, event, slice, reach }: Concern): Fields => {
	const data = slice as Fields
	const found: Record<string, unknown> = {}
	for (const field of kept[event.type as TypeName] as readonly string[]) {
		const value = data[field]
		if (value === undefined) continue
		const parties = partiesIn(event.type, field)
		if (parties !== null) {
			found[field] = parties === "one" ? who(value as SealedParty) : (value as readonly SealedParty[]).map(who)
			continue
		}
		const isRoll = field === "units" && reach === "here" && event.type.startsWith("survey.")
		found[field] = compact(scope, field, isRoll ? roll(value) : value)
	}
	const contractNo = contractIn(event)
	if (contractNo !== null && (kept[event.type] as readonly string[]).includes("contractNo")) found["contractNo"] ??= contractNo
	return found
}

/** The one contract that an event names among its refs: a number counts wherever it stands (`events.md`, identifiers). */
const contractIn = (event: Concern["event"]): string | null => {
	const [contract, other] = event.mentions.filter((each) => each.kind === "contract-no" && !each.defines)
	return contract !== undefined && other === undefined ? contract.value : null
}

/** Types whose lists reach scopes outside their place: there the fact says where the event stands. */
const REACHING: ReadonlySet<TypeName> = new Set([
	"land.parcel-divided",
	"land.parcel-merged",
	"land.parcel-redrawn",
	"finance.mortgage-amended",
	"planning.permit-amended",
])

const standsElsewhere = ({ event, place, scope }: Concern): boolean =>
	REACHING.has(event.type) && place.is === "PLACED" && !place.codes.some((code) => scopeOf(code) === scope)

/** Everything that views and rules will ever read of this event for this scope; total, and the same for equal concerns. */
export const factOf = (concern: Concern): AnyFact => {
	const { event, reach, force, place, astray, defines, disputed } = concern
	const off = !force.inForce
	const silent = off || reach === "astray" || isRetracted(event.type) || event.type === "registrar.resolved"
	const said = silent ? null : saysOf(concern)
	const status = {
		...(off ? { off: true as const } : {}),
		...(force.correctedBy === null ? {} : { correctedBy: force.correctedBy }),
		...(force.retractedBy === null ? {} : { retractedBy: force.retractedBy }),
		...(force.rivals.length === 0 ? {} : { rivals: force.rivals }),
	}
	const fact: Fact = {
		type: event.type,
		time: event.time,
		...(event.byDay ? { byDay: true as const } : {}),
		...(reach === "below" ? {} : { reach }),
		...(Object.keys(status).length === 0 ? {} : { force: status }),
		...(place.is === "PLACED" && (reach === "astray" || standsElsewhere(concern)) ? { at: place.codes } : {}),
		...(off || astray.length === 0 ? {} : { astray }),
		...(off || disputed.length === 0 ? {} : { disputed }),
		...(silent || defines || !event.mentions.some((each) => each.defines) ? {} : { nameless: true as const }),
		...(said === null ? {} : { says: said as Fact["says"] & object }),
	}
	return fact as AnyFact
}
