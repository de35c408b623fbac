import type { Milestone, Parcel, Unit } from "@yima/lifecycle"
import type { ParcelCode, Scope } from "@yima/schemas"
import { formatUnitCode } from "@yima/unit-code"
import { accountsOf, UtilityAccountType } from "./account.ts"
import { ACTIVE, OPEN, TIMELINE_ARGS } from "./arguments.ts"
import { builder } from "./builder.ts"
import { DeadlineType, deadlinesIn, deadlinesOn } from "./deadline.ts"
import { FindingType, findingsIn } from "./finding.ts"
import { judgedUnit } from "./judging.ts"
import { identifiersOf, LineageEdgeType, predecessorsOf, successorsOf } from "./lineage.ts"
import {
	type BuildingNode,
	BuildingRef,
	EventConnection,
	EventRefRef,
	eventIn,
	IdentifierRef,
	type Of,
	type ParcelNode,
	ParcelRef,
	PartyRef,
	type ProjectNode,
	ProjectRef,
	partyIn,
	type SeenNode,
	type UnitNode,
	UnitRef,
} from "./nodes.ts"
import { ReadinessType } from "./readiness.ts"
import type { Reading } from "./reading.ts"
import { CertificateType, filtered, MortgageType, mortgagesOf, PermitType, permitsOf, RestrictionType, SeizureType, seizuresOf } from "./rights.ts"
import { ContractType, TaxReceiptType } from "./sale.ts"
import { placedKind, ScopeEnum } from "./scope-kind.ts"
import { StageEnum } from "./stage.ts"
import { timelineFor } from "./timeline.ts"
import type { When } from "./when.ts"

export const UnitStatus = builder.enumType("UnitStatus", {
	description: "PROVISIONAL: predicted, not yet measured",
	values: ["CURRENT", "PROVISIONAL", "RETIRED"] as const,
})

const MilestoneType = builder.objectRef<Of<Milestone>>("Milestone").implement({
	description: "里程碑",
	fields: (t) => ({
		stage: t.field({ type: StageEnum, resolve: ({ it }) => it.stage }),
		since: t.field({ type: "DateTime", resolve: ({ it }) => it.since }),
		because: t.field({ type: [EventRefRef], resolve: ({ it, of }) => it.because.map((key) => eventIn(of, key)) }),
	}),
})

const AreaType = builder.objectRef<Unit["area"]>("Area").implement({
	description: "m²",
	fields: (t) => ({
		predicted: t.field({ type: "Decimal", nullable: true, resolve: (area) => area.predicted }),
		contracted: t.field({ type: "Decimal", nullable: true, resolve: (area) => area.contracted }),
		measured: t.field({ type: "Decimal", nullable: true, resolve: (area) => area.measured }),
	}),
})

/** A parcel that no event in force has named yet: what lies on it was, so that it is known by its code alone. */
const unnamed = (code: ParcelCode): Parcel => ({
	is: "parcel",
	code,
	status: "CURRENT",
	timeline: [],
	lines: [],
	identifiers: [],
	predecessors: [],
	successors: [],
	doubts: [],
	projects: [],
	unnamed: [],
	permits: [],
	mortgages: [],
	seizures: [],
	restrictions: [],
	certificates: [],
	certificate: null,
	holders: [],
	areaM2: null,
	landUse: null,
	grant: null,
})

export const parcelFor = async (code: ParcelCode, when: When, reading: Reading): Promise<ParcelNode> => {
	const view = await reading.view(code, when)
	return { view: view?.is === "parcel" ? view : unnamed(code), when, reading }
}

export const buildingFor = async (code: Scope, when: When, reading: Reading): Promise<BuildingNode | null> => {
	const view = await reading.view(code, when)
	return view?.is === "building" ? { view, when, reading } : null
}

export const projectFor = async (code: Scope, when: When, reading: Reading): Promise<ProjectNode | null> => {
	const view = await reading.view(code, when)
	return view?.is === "project" ? { view, when, reading } : null
}

export const unitFor = async (code: Scope, when: When, reading: Reading): Promise<UnitNode | null> => {
	const view = await reading.view(code, when)
	return view?.is === "unit" ? { view, when, reading } : null
}

export const hashOf = ({ view, when, reading }: SeenNode): Promise<string> => reading.contentHash(view.code, when.knownAt)

UnitRef.implement({
	description: "不动产单元",
	fields: (t) => ({
		code: t.field({ type: "UnitCode", resolve: ({ view }) => view.code }),
		formattedCode: t.string({ description: "410811 001002 GB00018 F00030045", resolve: ({ view }) => formatUnitCode(view.code) }),
		scope: t.field({
			type: ScopeEnum,
			description: "PARCEL for bare land, BUILDING for a whole building, else UNIT",
			resolve: ({ view }) => placedKind(view.code),
		}),
		status: t.field({ type: UnitStatus, resolve: ({ view }) => view.status }),
		parcel: t.field({ type: ParcelRef, resolve: ({ view, when, reading }) => parcelFor(view.parcel, when, reading) }),
		building: t.field({
			type: BuildingRef,
			nullable: true,
			resolve: ({ view, when, reading }) => (view.building === null ? null : buildingFor(view.building, when, reading)),
		}),
		project: t.field({
			type: ProjectRef,
			nullable: true,
			resolve: ({ view, when, reading }) => (view.project === null ? null : projectFor(view.project, when, reading)),
		}),
		address: t.string({ nullable: true, resolve: ({ view }) => view.address }),
		floor: t.string({ nullable: true, resolve: ({ view }) => view.floor }),
		room: t.string({ nullable: true, resolve: ({ view }) => view.room }),
		use: t.string({ nullable: true, resolve: ({ view }) => view.use }),
		area: t.field({ type: AreaType, resolve: ({ view }) => view.area }),
		stage: t.field({ type: StageEnum, nullable: true, description: "Null before any milestone", resolve: async (unit) => (await judgedUnit(unit)).stage }),
		milestones: t.field({
			type: [MilestoneType],
			description: "Every stage whose own condition holds, since when, by which events",
			resolve: async (unit) => (await judgedUnit(unit)).milestones.map((it) => ({ it, of: unit })),
		}),
		timeline: t.field({
			type: EventConnection,
			args: TIMELINE_ARGS,
			resolve: (unit, args) => timelineFor(unit, args),
		}),
		holders: t.field({
			type: [PartyRef],
			resolve: (unit) => unit.view.holders.map((who) => partyIn(unit, who, unit.view.certificate?.events ?? [])),
		}),
		certificate: t.field({ type: CertificateType, nullable: true, resolve: (of) => (of.view.certificate === null ? null : { it: of.view.certificate, of }) }),
		contracts: t.field({ type: [ContractType], resolve: (of) => of.view.contracts.map((it) => ({ it, of })) }),
		taxReceipts: t.field({ type: [TaxReceiptType], resolve: (of) => of.view.taxReceipts.map((it) => ({ it, of })) }),
		mortgages: t.field({
			type: [MortgageType],
			args: ACTIVE,
			resolve: mortgagesOf,
		}),
		seizures: t.field({
			type: [SeizureType],
			args: ACTIVE,
			resolve: seizuresOf,
		}),
		restrictions: t.field({
			type: [RestrictionType],
			args: ACTIVE,
			resolve: (of, { active }) => filtered(of.view.restrictions, active, (each) => each.active).map((it) => ({ it, of })),
		}),
		permits: t.field({ type: [PermitType], resolve: permitsOf }),
		utilityAccounts: t.field({ type: [UtilityAccountType], resolve: accountsOf }),
		readiness: t.field({ type: ReadinessType, resolve: judgedUnit }),
		findings: t.field({
			type: [FindingType],
			args: OPEN,
			description: "Its own, and those of its building, parcel and project",
			resolve: async (unit, which) => {
				const { own, above } = await judgedUnit(unit)
				return findingsIn([own, ...above], which)
			},
		}),
		deadlines: t.field({
			type: [DeadlineType],
			args: OPEN,
			description: "Its own, and those of its building, parcel and project",
			resolve: async (unit, { open }) => {
				const { own, above } = await judgedUnit(unit)
				return deadlinesIn((await Promise.all([own, ...above].map(deadlinesOn))).flat(), open)
			},
		}),
		predecessors: t.field({ type: [LineageEdgeType], resolve: predecessorsOf }),
		successors: t.field({ type: [LineageEdgeType], resolve: successorsOf }),
		identifiers: t.field({ type: [IdentifierRef], resolve: identifiersOf }),
		contentHash: t.string({
			description: "sha-256 of the canonical history, links and facts, without recorded times: the same set of events gives the same hash",
			resolve: hashOf,
		}),
	}),
})
