import {
	type Building,
	candidatesOf,
	currentCertificate,
	type Edge,
	type Parcel,
	type Project,
	type Service,
	type States,
	stageOf,
	type Unit,
	type View,
	type Who,
} from "@yima/lifecycle"
import {
	aboveUnit,
	type Condition,
	conditionsAt,
	type Deadline,
	deadlines,
	findings,
	judge,
	nextSteps,
	type Readiness,
	type Reason,
	readinessOf,
	sceneOf,
} from "@yima/rules"
import { type EventKey, type Identifier, type Known, type Moment, normalIdNumber, type Place, type Scope } from "@yima/schemas"
import { testSealer, type World } from "@yima/test-kit"
import { limitsOf } from "./limits.ts"
import type { Names } from "./names.ts"
import { written } from "./when.ts"

/**
 * A view in the casebook's words. A record's first field is its headline: a story may give that alone. A Map is keyed by
 * what people call its items: numbers, codes, ids of events.
 */
export type Portrait = Readonly<Record<string, unknown>>

const id = (key: EventKey): string => key.slice(key.indexOf("#") + 1)
const ids = (keys: readonly EventKey[]) => keys.map(id)
const date = (at: Moment | null) => (at === null ? null : written(at))

interface Party {
	readonly idKind: "uscc" | "resident-id" | "passport" | "other"
	readonly idNumber: string
}

const isParty = (value: unknown): value is Party => typeof value === "object" && value !== null && "idKind" in value && "idNumber" in value

/** Facts name a party by its number, sealed for people; the story calls it by its name. */
const calling = (names: Names): ((who: Who) => string) => {
	const known = new Map<string, string>()
	for (const [name, value] of names) {
		if (!isParty(value)) continue
		const normal = normalIdNumber(value.idKind, value.idNumber)
		known.set(value.idKind === "uscc" ? normal : testSealer("idNumber", normal, value.idNumber, { kind: "idNumber", idKind: value.idKind, normal }).blind, name)
	}
	return (who) => known.get(who.id) ?? who.id
}

/** Lists by a key; of two with one key both are shown, the later under `key (2)`. */
const keyed = <A>(all: readonly A[], key: (item: A) => string, show: (item: A) => Portrait): ReadonlyMap<string, Portrait> => {
	const found = new Map<string, Portrait>()
	for (const each of all) {
		let name = key(each)
		for (let n = 2; found.has(name); n++) name = `${key(each)} (${n})`
		found.set(name, show(each))
	}
	return found
}

const edges = (all: readonly Edge[], end: "from" | "to") =>
	keyed(
		all,
		(each) => each[end],
		({ kind, at, event }) => ({ kind, at: date(at), event: id(event) }),
	)

/** Findings by code; of several of a code on one scope, `code on`. */
const found = (view: View, asOf: Moment): ReadonlyMap<string, Portrait> => {
	const all = findings(view, sceneOf(view, asOf))
	const isAlone = (code: string) => all.filter((each) => each.code === code).length === 1
	return keyed(
		all,
		({ code, on }) => (isAlone(code) ? code : `${code} ${on}`),
		({ severity, evidence, since, on, explanation }) => ({ severity, because: ids(evidence), since: date(since), on, explanation }),
	)
}

/** Identifiers as a story writes them, each once. */
const naming = (all: readonly Identifier[] = []) => [...new Set(all.map((each) => `${each.kind} ${each.value}`))]

const seen = (view: View): Portrait => ({
	timeline: ids(view.timeline.map((each) => each.key)),
	events: keyed(
		view.timeline,
		(each) => id(each.key),
		({ fact, inheritedFrom }) => ({
			inForce: fact.force?.off !== true,
			correctedBy: fact.force?.correctedBy ?? null,
			retractedBy: fact.force?.retractedBy ?? null,
			rivals: fact.force?.rivals ?? [],
			inheritedFrom,
		}),
	),
	identifiers: view.identifiers.map((each) => `${each.kind} ${each.value}`),
	predecessors: edges(view.predecessors, "from"),
	successors: edges(view.successors, "to"),
	doubts: keyed(
		view.doubts,
		(each) => id(each.event),
		({ fact }) => ({
			astray: naming(fact.astray),
			disputed: naming(fact.disputed),
			rivals: fact.force?.rivals ?? [],
		}),
	),
})

const spatial = (view: Unit | Building | Parcel, name: (who: Who) => string): Portrait => ({
	...seen(view),
	status: view.status,
	projects: view.projects,
	permits: keyed(
		view.permits,
		(each) => each.permitNo,
		({ inForce, kind, validUntilOn, revokedAt, holder, scope }) => ({
			inForce,
			kind,
			validUntilOn,
			revokedAt: date(revokedAt),
			holder: holder && name(holder),
			scope,
		}),
	),
	mortgages: keyed(
		view.mortgages,
		(each) => each.proofNo,
		(each) => ({
			active: each.active,
			kind: each.kind,
			rank: each.rank,
			mortgagee: name(each.mortgagee),
			debtCny: each.debtCny,
			fromOn: each.fromOn,
			toOn: each.toOn,
			saleConsented: each.consentedAt !== null,
			dischargedAt: date(each.dischargedAt),
			leftOutAt: date(each.leftOutAt),
			scope: each.scope,
		}),
	),
	mortgageOrder: view.mortgages.map((each) => each.proofNo),
	seizures: keyed(
		view.seizures,
		(each) => each.seizureNo,
		(each) => ({
			state: each.state,
			kind: each.kind,
			from: date(each.from),
			to: date(each.to),
			liftedAt: date(each.liftedAt),
			idle: ids(each.idle),
			queuePosition: each.queuePosition,
			scope: each.scope,
		}),
	),
	restrictions: keyed(
		view.restrictions,
		(each) => each.proofNo,
		(each) => ({
			active: each.active,
			kind: each.kind,
			holder: each.holder && name(each.holder),
			endsAt: date(each.endsAt),
			toOn: each.toOn,
			scope: each.scope,
		}),
	),
	certificates: keyed(
		view.certificates,
		(each) => each.certificateNo,
		(each) => ({ inForce: each.inForce, act: each.act, holders: each.holders.map(name), startOn: each.startOn, endOn: each.endOn, scope: each.scope }),
	),
	certificate: currentCertificate(view.code, view.certificates)?.certificateNo ?? null,
	holders: view.holders.map(name),
})

const unit = (view: Unit, name: (who: Who) => string, ready: boolean, services: readonly Service[]): Portrait => {
	const { stage, milestones } = stageOf(view, ready, services)
	return {
		...spatial(view, name),
		stage,
		stages: milestones.map((each) => each.stage),
		milestones: keyed(
			milestones,
			(each) => each.stage,
			({ because, since }) => ({ because: ids(because), since: date(since) }),
		),
		building: view.building,
		parcel: view.parcel,
		project: view.project,
		address: view.address,
		area: view.area,
		contracts: keyed(
			view.contracts,
			(each) => each.contractNo,
			(each) => ({
				status: each.status,
				seller: name(each.seller),
				buyers: each.buyers.map(name),
				signedOn: each.signedOn,
				areaM2: each.areaM2,
				totalPriceCny: each.totalPriceCny,
				paidInFull: each.paidInFull,
				invoices: keyed(
					each.invoices,
					(invoice) => invoice.invoiceNo,
					({ voided, totalCny }) => ({ voided, totalCny }),
				),
				events: ids(each.events),
				from: each.from,
			}),
		),
		taxReceipts: keyed(
			view.taxReceipts,
			(each) => id(each.event),
			(each) => ({
				status: each.status,
				kind: each.kind,
				contractNo: each.contractNo,
				amountCny: each.amountCny,
				settled: each.settled,
				payers: each.payers.map(name),
			}),
		),
		accounts: keyed(
			view.utilityAccounts,
			(each) => each.service,
			({ status, company, accountNo, connected, reasonCode }) => ({ status, company, accountNo, connected, reasonCode }),
		),
	}
}

const project = (view: Project, name: (who: Who) => string): Portrait => ({
	...seen(view),
	name: view.name,
	developer: view.developer && name(view.developer),
	parcels: view.parcels,
	buildings: view.buildings,
	enlisted: view.enlisted && id(view.enlisted),
	holds: view.holds.map((each) => each.holdNo),
})

const stateOf = ({ metAt, dueAt, pausedSince, overdue }: Deadline): string => {
	if (metAt !== null) return metAt < dueAt ? "MET" : "LATE"
	return pausedSince !== null ? "PAUSED" : overdue ? "MISSED" : "RUNNING"
}

/** By id; where an id has several terms, by id and what each is on. */
const limits = (view: View, asOf: Moment, world: World, viewOf: ViewOf) => {
	const all = limitsOf(view, sceneOf(view, asOf), world, viewOf)
	return keyed(
		all,
		(each) => (all.filter((other) => other.id === each.id).length > 1 ? `${each.id} ${each.on}` : each.id),
		(each) => ({
			state: stateOf(each),
			on: each.on,
			startedAt: date(each.startedAt),
			dueAt: date(each.dueAt),
			pausedSince: date(each.pausedSince),
			metAt: date(each.metAt),
			events: ids(each.events),
		}),
	)
}

/** The statements that decide: what fails, with all above it, and nothing below it. */
const failing = (because: readonly Reason[]): readonly string[] => {
	const byId = new Map(because.map((each) => [each.id, each]))
	const [root] = because
	const fails = (node: Reason | undefined): boolean =>
		node !== undefined && !node.holds && (node.parent === null || node.parent === root?.id || fails(byId.get(node.parent)))
	return because.filter((node) => node !== root && fails(node) && !because.some((each) => each.parent === node.id && !each.holds)).map((each) => each.statement)
}

const decided = (all: readonly Condition[]) =>
	keyed(
		all,
		(each) => each.id,
		({ status, since, because, evidence, responsible }) => ({ status, since: date(since), why: failing(because), evidence: ids(evidence), responsible }),
	)

const readiness = (view: Unit, asOf: Moment, viewOf: ViewOf): Readiness =>
	readinessOf(
		judge(view, asOf),
		aboveUnit(view).flatMap((scope) => {
			const above = viewOf(scope)
			return above === null ? [] : [judge(above, asOf)]
		}),
	)

const steps = (view: Unit, asOf: Moment, all: Readiness) =>
	nextSteps(view, all, deadlines(view, sceneOf(view, asOf))).map((each) => `${each.condition ?? each.finding} ${each.eventType}`)

/** A portrait with parts that are worked out only where a story asks for them. */
const withLazy = (portrait: Portrait, parts: Readonly<Record<string, () => unknown>>): Portrait =>
	Object.defineProperties({ ...portrait }, Object.fromEntries(Object.entries(parts).map(([key, get]) => [key, { get, enumerable: true }])))

/** Another scope of the same world, as of the same times. */
export type ViewOf = (scope: Scope) => View | null

/** What rules say of a view at the moment asked. */
const judged = (view: View, asOf: Moment, world: World, viewOf: ViewOf): Readonly<Record<string, () => unknown>> => {
	const both = { findings: () => found(view, asOf), deadlines: () => limits(view, asOf, world, viewOf) }
	if (view.is !== "unit") return { ...both, conditions: () => decided(conditionsAt(judge(view, asOf))) }
	return {
		...both,
		conditions: () => decided(readiness(view, asOf, viewOf).conditions),
		ready: () => readiness(view, asOf, viewOf).ready,
		steps: () => steps(view, asOf, readiness(view, asOf, viewOf)),
	}
}

/** What a view shows, and what rules say of it. */
export const portraitOf = (view: View, asOf: Moment, names: Names, ready: boolean, services: readonly Service[], world: World, viewOf: ViewOf): Portrait =>
	withLazy(shown(view, names, ready, services), judged(view, asOf, world, viewOf))

const shown = (view: View, names: Names, ready: boolean, services: readonly Service[]): Portrait => {
	const name = calling(names)
	switch (view.is) {
		case "unit":
			return unit(view, name, ready, services)
		case "building":
			return {
				...spatial(view, name),
				parcel: view.parcel,
				project: view.project,
				label: view.label,
				units: view.units,
				holds: view.holds.map((each) => each.holdNo),
			}
		case "parcel":
			return { ...spatial(view, name), areaM2: view.areaM2, landUse: view.landUse }
		case "project":
			return project(view, name)
		case "registry":
			return seen(view)
	}
}

/** A place in the casebook's words: codes alone say PLACED. */
export const placePortrait = (place: Place, states: States, known: Known): Portrait => {
	switch (place.is) {
		case "PLACED":
			return { PLACED: place.codes, by: place.rule, through: place.through.map((each) => `${each.kind} ${each.value}`) }
		case "PARKED":
			return { PARKED: place.reason, candidates: candidatesOf(place, states, known) }
		case "DISMISSED":
			return { DISMISSED: true }
	}
}
