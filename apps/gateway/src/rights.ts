import type { Building, Certificate, Mortgage, Parcel, Permit, Restriction, Seizure, Unit } from "@yima/lifecycle"
import { type EventKey, type LocalDate, localDate, type Moment } from "@yima/schemas"
import { builder } from "./builder.ts"
import { EventType, eventIn, type Of, PartyRef, partyIn, type SeenNode } from "./nodes.ts"
import { placedKind, ScopeEnum } from "./scope-kind.ts"

/** What lies on a map. */
export type SpatialNode = SeenNode<Unit | Building | Parcel>

const event = ({ it, of }: Of<{ readonly event: EventKey }>) => eventIn(of, it.event)

const PermitKind = builder.enumType("PermitKind", { values: ["LAND", "WORKS", "CONSTRUCTION", "PRESALE", "COMPLETED_SALE"] as const })
export const PermitType = builder.objectRef<Of<Permit>>("Permit").implement({
	description: "许可证",
	fields: (t) => ({
		permitNo: t.string({ resolve: ({ it }) => it.permitNo }),
		kind: t.field({ type: PermitKind, resolve: ({ it }) => it.kind }),
		inForce: t.boolean({ resolve: ({ it }) => it.inForce }),
		validUntilOn: t.field({ type: "Date", nullable: true, resolve: ({ it }) => it.validUntilOn }),
		holder: t.field({ type: PartyRef, nullable: true, resolve: ({ it, of }) => (it.holder === null ? null : partyIn(of, it.holder, it.events)) }),
		event: t.field({ type: EventType, resolve: event }),
	}),
})

const CertificateKind = builder.enumType("CertificateKind", { values: ["TITLE", "PROOF"] as const })
export const CertificateType = builder.objectRef<Of<Certificate>>("Certificate").implement({
	description: "不动产权证书",
	fields: (t) => ({
		certificateNo: t.string({ resolve: ({ it }) => it.certificateNo }),
		kind: t.field({ type: CertificateKind, resolve: () => "TITLE" as const }),
		registeredOn: t.field({ type: "Date", resolve: ({ it }) => it.registeredOn }),
		holders: t.field({ type: [PartyRef], resolve: ({ it, of }) => it.holders.map((who) => partyIn(of, who, it.events)) }),
		event: t.field({ type: EventType, resolve: event }),
	}),
})

const MORTGAGE_KINDS = { land: "LAND", construction: "CONSTRUCTION", unit: "UNIT", "priority-notice": "PRIORITY_NOTICE" } as const
const MortgageKind = builder.enumType("MortgageKind", { values: Object.values(MORTGAGE_KINDS) })
export const MortgageType = builder.objectRef<Of<Mortgage>>("Mortgage").implement({
	description: "抵押权",
	fields: (t) => ({
		proofNo: t.string({ resolve: ({ it }) => it.proofNo }),
		kind: t.field({ type: MortgageKind, resolve: ({ it }) => MORTGAGE_KINDS[it.kind] }),
		rank: t.int({ nullable: true, resolve: ({ it }) => it.rank }),
		active: t.boolean({ resolve: ({ it }) => it.active }),
		mortgagee: t.field({ type: PartyRef, resolve: ({ it, of }) => partyIn(of, it.mortgagee, it.events) }),
		mortgagor: t.field({ type: PartyRef, nullable: true, resolve: ({ it, of }) => partyIn(of, it.mortgagor, it.events) }),
		debtCny: t.field({ type: "Decimal", nullable: true, resolve: ({ it }) => it.debtCny }),
		fromOn: t.field({ type: "Date", resolve: ({ it }) => it.fromOn }),
		toOn: t.field({ type: "Date", nullable: true, resolve: ({ it }) => it.toOn }),
		scope: t.field({ type: ScopeEnum, resolve: ({ it }) => placedKind(it.scope) }),
		saleConsented: t.boolean({ resolve: ({ it }) => it.consentedAt !== null }),
		dischargedAt: t.field({ type: "DateTime", nullable: true, resolve: ({ it }) => it.dischargedAt }),
		event: t.field({ type: EventType, resolve: event }),
	}),
})

/** The last day of a period that ends before this moment, never before its first. */
const lastDay = (from: Moment | null, to: Moment | null): LocalDate | null =>
	to === null ? null : localDate(Math.max(from ?? Number.MIN_SAFE_INTEGER, to - 1) as Moment)

const SEIZURE_KINDS = { seizure: "SEIZURE", "pre-seizure": "PRE_SEIZURE", waiting: "WAITING" } as const
const SeizureKind = builder.enumType("SeizureKind", { values: Object.values(SEIZURE_KINDS) })
const SeizureState = builder.enumType("SeizureState", { values: ["ACTIVE", "WAITING", "LIFTED", "LAPSED"] as const })
export const SeizureType = builder.objectRef<Of<Seizure>>("Seizure").implement({
	description: "查封. fromOn, toOn: in effect from, to; null while it waits",
	fields: (t) => ({
		seizureNo: t.string({ resolve: ({ it }) => it.seizureNo }),
		kind: t.field({ type: SeizureKind, resolve: ({ it }) => SEIZURE_KINDS[it.kind] }),
		state: t.field({ type: SeizureState, resolve: ({ it }) => it.state }),
		queuePosition: t.int({ nullable: true, resolve: ({ it }) => it.queuePosition }),
		court: t.string({ resolve: ({ it }) => it.court }),
		fromOn: t.field({ type: "Date", nullable: true, resolve: ({ it }) => (it.from === null ? null : localDate(it.from)) }),
		toOn: t.field({ type: "Date", nullable: true, resolve: ({ it }) => lastDay(it.from, it.to) }),
		scope: t.field({ type: ScopeEnum, resolve: ({ it }) => placedKind(it.scope) }),
		liftedAt: t.field({ type: "DateTime", nullable: true, resolve: ({ it }) => it.liftedAt }),
		event: t.field({ type: EventType, resolve: event }),
	}),
})

const RestrictionKind = builder.enumType("RestrictionKind", { values: ["PRIORITY_NOTICE", "OBJECTION", "RESIDENCE_RIGHT"] as const })
export const RestrictionType = builder.objectRef<Of<Restriction>>("Restriction").implement({
	description: "预告登记, 异议登记, 居住权",
	fields: (t) => ({
		proofNo: t.string({ resolve: ({ it }) => it.proofNo }),
		kind: t.field({ type: RestrictionKind, resolve: ({ it }) => it.kind }),
		active: t.boolean({ resolve: ({ it }) => it.active }),
		holder: t.field({ type: PartyRef, nullable: true, resolve: ({ it, of }) => (it.holder === null ? null : partyIn(of, it.holder, it.events)) }),
		contractNo: t.string({ nullable: true, resolve: ({ it }) => it.contractNo }),
		fromOn: t.field({ type: "Date", resolve: ({ it }) => it.fromOn }),
		toOn: t.field({ type: "Date", nullable: true, resolve: ({ it }) => it.toOn }),
		scope: t.field({ type: ScopeEnum, resolve: ({ it }) => placedKind(it.scope) }),
		event: t.field({ type: EventType, resolve: event }),
	}),
})

/** true: only those; false: only the others; null: all (`semantics.md` §4). */
export const filtered = <A>(all: readonly A[], which: boolean | null | undefined, is: (each: A) => boolean): readonly A[] =>
	which === null || which === undefined ? all : all.filter((each) => is(each) === which)

type Which = { readonly active?: boolean | null | undefined }

/** The rights of a parcel, a building or a unit: each thing lists them alike. */
export const permitsOf = (of: SpatialNode): readonly Of<Permit>[] => of.view.permits.map((it) => ({ it, of }))
export const mortgagesOf = (of: SpatialNode, { active }: Which): readonly Of<Mortgage>[] =>
	filtered(of.view.mortgages, active, (each) => each.active).map((it) => ({ it, of }))
export const seizuresOf = (of: SpatialNode, { active }: Which): readonly Of<Seizure>[] =>
	filtered(of.view.seizures, active, (each) => each.state === "ACTIVE").map((it) => ({ it, of }))
