import {
	type BuildingCode,
	buildingOfCode,
	type Decimal,
	type EventKey,
	isProject,
	isRetracted,
	type Known,
	type Moment,
	type ParcelCode,
	parcelOfCode,
	relatedToAny,
	type Scope,
	scopeOf,
	type UnitCode,
} from "@yima/schemas"
import { type UtilityAccount, utilityAccounts } from "./account.ts"
import { type Certificate, certificates, currentCertificate, firstRegistrations } from "./certificate.ts"
import { contracts, type Filing, filings, liveContract, type SaleContract } from "./contract.ts"
import type { AnyFact, Says, Who } from "./fact.ts"
import { absolute } from "./facts.ts"
import { type Gathered, gather, inTime, type TimelineEntry } from "./gather.ts"
import { identifiers, type NamedAs } from "./identifiers.ts"
import { type Line, last, linesOf, type Sight, seen } from "./line.ts"
import { type Edge, PARCEL_SUCCESSIONS } from "./lineage.ts"
import { type Mortgage, mortgages } from "./mortgage.ts"
import { sameParty } from "./party.ts"
import { type Permit, permits } from "./permit.ts"
import { holdsOf, type ProjectView, projectView } from "./project.ts"
import { type Restriction, restrictions } from "./restriction.ts"
import { type Seizure, seizures } from "./seizure.ts"
import type { States } from "./state.ts"
import { type Surveyed, surveyed, unitRoll } from "./survey.ts"
import { type TaxReceipt, taxReceipts } from "./tax.ts"

/** CURRENT 现状, PROVISIONAL 预测未实测, RETIRED 已灭失. */
export type Status = "CURRENT" | "PROVISIONAL" | "RETIRED"

/** A fact whose refs or numbers stand against others', for the findings L01 to L03. */
export interface Doubt {
	readonly event: EventKey
	readonly fact: AnyFact
}

/** What every scope shows, as of two times. */
export interface Seen {
	readonly code: Scope
	readonly timeline: readonly TimelineEntry[]
	/** The facts in force, its own and inherited, in order: what rules read. */
	readonly lines: readonly Line[]
	readonly identifiers: readonly NamedAs[]
	readonly predecessors: readonly Edge[]
	readonly successors: readonly Edge[]
	readonly doubts: readonly Doubt[]
}

/** What lies on a map, as of two times. */
interface Spatial extends Seen {
	readonly status: Status
	readonly projects: readonly Scope[]
	/** The building and parcel that it lies in, if no event in force names them (C01). */
	readonly unnamed: readonly Scope[]
	readonly permits: readonly Permit[]
	readonly mortgages: readonly Mortgage[]
	readonly seizures: readonly Seizure[]
	readonly restrictions: readonly Restriction[]
	readonly certificates: readonly Certificate[]
	readonly certificate: Certificate | null
	readonly holders: readonly Who[]
}

/** 不动产单元. */
export interface Unit extends Spatial, Omit<Surveyed, "predictedM2" | "measuredM2"> {
	readonly is: "unit"
	readonly code: UnitCode
	readonly parcel: ParcelCode
	readonly building: BuildingCode | null
	/** The one that was named last. */
	readonly project: Scope | null
	readonly area: { readonly predicted: Decimal | null; readonly contracted: Decimal | null; readonly measured: Decimal | null }
	readonly contracts: readonly SaleContract[]
	readonly taxReceipts: readonly TaxReceipt[]
	readonly utilityAccounts: readonly UtilityAccount[]
}

/** 自然幢. */
export interface Building extends Spatial {
	readonly is: "building"
	readonly code: BuildingCode
	readonly parcel: ParcelCode
	readonly project: Scope | null
	readonly label: string | null
	/** 楼盘表: the units that its surveys list. */
	readonly units: readonly Scope[]
	readonly holds: ProjectView["holds"]
}

/** 宗地. */
export interface Parcel extends Spatial {
	readonly is: "parcel"
	readonly code: ParcelCode
	readonly areaM2: Decimal | null
	readonly landUse: string | null
	readonly grant: Says<"land.granted"> | null
}

/** 项目. */
export interface Project extends Seen, ProjectView {
	readonly is: "project"
}

/** What is about no place: renamed companies, rule sets. */
export interface Registry extends Seen {
	readonly is: "registry"
}

export type View = Unit | Building | Parcel | Project | Registry

/** Acts stand in a scope's history without naming its code. */
const isAct = ({ type }: AnyFact): boolean => isRetracted(type) || type === "registrar.resolved"

/** Somebody named the code: an event in force that is not merely led astray here (`semantics.md` §4). */
const isNamed = (own: Gathered["own"]): boolean => own.some(({ fact }) => fact.force?.off !== true && fact.reach !== "astray" && !isAct(fact))

const unnamedAbove = (scope: Scope, states: States, sight: Sight): readonly Scope[] =>
	[buildingOfCode(scope), parcelOfCode(scope)].filter(
		(code): code is BuildingCode | ParcelCode => code !== null && code !== scope && !isNamed(seen(states.get(code) ?? new Map(), sight)),
	)

/** A ref that leads to an earlier or later code of the same thing has not gone astray: it follows its lineage. */
const isStray = ({ astray, at }: AnyFact, { scope, edges, kin }: Gathered): boolean => {
	if (astray === undefined) return false
	const isKin = relatedToAny([...kin, ...edges.flatMap((edge) => (edge.from === scope ? [edge.to] : []))])
	return at === undefined ? astray.some(({ codes }) => !codes.map(scopeOf).some(isKin)) : !at.map(scopeOf).some(isKin)
}

const isDoubtful = (fact: AnyFact, gathered: Gathered): boolean => isStray(fact, gathered) || fact.disputed !== undefined || fact.force?.rivals !== undefined

const seenOf = (gathered: Gathered): Seen => ({
	code: gathered.scope,
	timeline: gathered.timeline,
	lines: gathered.lines,
	identifiers: identifiers(gathered.scope, gathered.lines),
	predecessors: gathered.edges.filter((edge) => edge.to === gathered.scope && edge.from !== edge.to),
	successors: gathered.edges.filter((edge) => edge.from === gathered.scope && edge.from !== edge.to),
	doubts: inTime(gathered.own.filter((each) => isDoubtful(each.fact, gathered))).map(({ key, fact }) => ({ event: key, fact })),
})

const statusOf = ({ scope, lines, edges }: Gathered, isMeasured: boolean): Status => {
	const goesOn = new Set(edges.flatMap((edge) => (edge.from === scope && edge.to === scope ? [edge.event] : [])))
	if (edges.some((edge) => edge.from === scope && !goesOn.has(edge.event))) return "RETIRED"
	const isBuilding = scope.length === 24
	// An old parcel retires with its buildings; a unit that the event does not list goes on (`semantics.md` §5).
	if (
		isBuilding &&
		linesOf(lines, ...PARCEL_SUCCESSIONS).some(
			(line) => (line.fact.at ?? [line.from]).some((code) => code === parcelOfCode(scope)) && !staysIn(line, parcelOfCode(scope)),
		)
	)
		return "RETIRED"
	return isMeasured ? "CURRENT" : "PROVISIONAL"
}

/** A redrawn parcel may keep its code: then nothing on it retires. */
const staysIn = (line: Line<(typeof PARCEL_SUCCESSIONS)[number]>, parcel: ParcelCode | null): boolean =>
	line.says.to.some((tail) => absolute(line.from, tail) === parcel)

const spatial = (gathered: Gathered, states: States, sight: Sight, isMeasured: boolean, filed: readonly Filing[]): Spatial => {
	const { scope, lines } = gathered
	const all = certificates(lines, sight.asOf)
	const certificate = currentCertificate(scope, all)
	return {
		...seenOf(gathered),
		status: statusOf(gathered, isMeasured),
		projects: gathered.projects,
		unnamed: unnamedAbove(scope, states, sight),
		permits: permits(gathered.sources, lines, sight.asOf),
		mortgages: mortgages(gathered.sources, lines, gathered.ends),
		seizures: seizures(lines, sight.asOf, gathered.ends),
		restrictions: restrictions(lines, firstRegistrations(all), filed, sight.asOf),
		certificates: all,
		certificate,
		holders: certificate?.holders ?? [],
	}
}

const unit = (gathered: Gathered, states: States, sight: Sight): Unit => {
	const { scope, lines, edges } = gathered
	const { predictedM2, measuredM2, ...survey } = surveyed(gathered.same, lines, edges)
	const same = sameParty(lines)
	const filed = filings(lines, same)
	const base = spatial(gathered, states, sight, survey.measuredBy !== null, filed)
	const all = contracts(lines, same, filed)
	return {
		is: "unit",
		...base,
		...survey,
		code: scope as UnitCode,
		parcel: parcelOfCode(scope) as ParcelCode,
		building: buildingOfCode(scope),
		project: last(base.projects) ?? null,
		area: { predicted: predictedM2, contracted: liveContract(all)?.areaM2 ?? null, measured: measuredM2 },
		contracts: all,
		taxReceipts: taxReceipts(lines, same),
		utilityAccounts: utilityAccounts(lines),
	}
}

const building = (gathered: Gathered, states: States, sight: Sight): Building => {
	const { scope, lines } = gathered
	const isMeasured = linesOf(lines, "survey.measured").some((line) => gathered.same.includes(line.from))
	const base = spatial(gathered, states, sight, isMeasured, filings(lines, sameParty(lines)))
	const labels = linesOf(lines, "survey.predicted", "survey.measured").flatMap((line) => line.says.buildingLabels ?? [])
	return {
		is: "building",
		...base,
		code: scope as BuildingCode,
		parcel: parcelOfCode(scope) as ParcelCode,
		project: last(base.projects) ?? null,
		label: last(labels) ?? null,
		units: unitRoll(gathered.same, lines),
		holds: holdsOf(lines),
	}
}

const parcel = (gathered: Gathered, states: States, sight: Sight): Parcel => {
	const grant = last(linesOf(gathered.lines, "land.granted"))?.says ?? null
	const base = spatial(gathered, states, sight, true, filings(gathered.lines, sameParty(gathered.lines)))
	return { is: "parcel", ...base, code: gathered.scope as ParcelCode, areaM2: grant?.areaM2 ?? null, landUse: grant?.landUse ?? null, grant }
}

/**
 * A scope as of two times: what was true at `asOf` by what was known at `knownAt`; null until an event in force names it. Asked by
 * 28 characters, a whole building (…0000) or bare land (…W00000000) is seen as the unit that it also is. Reads the states of
 * `reads(scopeOf(code), states)`; needs no body and no clock.
 */
export const at = (code: Scope, states: States, asOf: Moment, knownAt: Known): View | null => {
	const sight = { asOf, knownAt }
	const scope = code === "registry" ? code : scopeOf(code)
	const gathered = gather(scope, states, sight)
	if (scope === "registry") return { is: "registry", ...seenOf(gathered) }
	if (!isNamed(gathered.own)) return null
	if (isProject(scope)) return { is: "project", ...seenOf(gathered), ...projectView(scope, gathered.lines, states, sight) }
	if (code.length === 28) return { ...unit(gathered, states, sight), code: code as UnitCode }
	return scope.length === 19 ? parcel(gathered, states, sight) : building(gathered, states, sight)
}
