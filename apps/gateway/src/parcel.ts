import { ACTIVE, OPEN, pageArgs, TIMELINE_ARGS } from "./arguments.ts"
import { DeadlineType, deadlinesIn, deadlinesOn } from "./deadline.ts"
import { FindingType, findingsIn } from "./finding.ts"
import { judgedNode } from "./judging.ts"
import { identifiersOf, LineageEdgeType, predecessorsOf, successorsOf } from "./lineage.ts"
import { BuildingRef, EventConnection, IdentifierRef, ParcelRef, PartyRef, ProjectRef, partyIn, UnitConnection } from "./nodes.ts"
import { ConditionType, conditionsOf } from "./readiness.ts"
import { CertificateType, MortgageType, mortgagesOf, PermitType, permitsOf, SeizureType, seizuresOf } from "./rights.ts"
import { timelineFor } from "./timeline.ts"
import { buildingFor, hashOf, projectFor, UnitStatus } from "./unit.ts"
import { areaOf, buildingsOf, listUnits } from "./unit-list.ts"

export const some = <A>(all: readonly (A | null)[]): readonly A[] => all.filter((each) => each !== null)

ParcelRef.implement({
	description: "宗地",
	fields: (t) => ({
		code: t.field({ type: "ParcelCode", resolve: ({ view }) => view.code }),
		status: t.field({ type: UnitStatus, resolve: ({ view }) => view.status }),
		areaM2: t.field({ type: "Decimal", nullable: true, resolve: ({ view }) => view.areaM2 }),
		landUse: t.string({ nullable: true, resolve: ({ view }) => view.landUse }),
		holders: t.field({ type: [PartyRef], resolve: (of) => of.view.holders.map((who) => partyIn(of, who, of.view.certificate?.events ?? [])) }),
		certificate: t.field({ type: CertificateType, nullable: true, resolve: (of) => (of.view.certificate === null ? null : { it: of.view.certificate, of }) }),
		permits: t.field({ type: [PermitType], resolve: permitsOf }),
		projects: t.field({
			type: [ProjectRef],
			resolve: async ({ view, when, reading }) => some(await Promise.all(view.projects.map((code) => projectFor(code, when, reading)))),
		}),
		buildings: t.field({
			type: [BuildingRef],
			resolve: async ({ view, when, reading }) => {
				const codes = await buildingsOf(view.code, when, reading)
				return some(await Promise.all(codes.map((code) => buildingFor(code, when, reading))))
			},
		}),
		units: t.field({
			type: UnitConnection,
			args: pageArgs(50),
			resolve: ({ view, when, reading }, args) => listUnits({ of: `parcel ${view.code}`, area: () => areaOf(view.code), usual: 50 }, when, reading, args),
		}),
		timeline: t.field({
			type: EventConnection,
			args: TIMELINE_ARGS,
			resolve: (parcel, args) => timelineFor(parcel, args),
		}),
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
		conditions: t.field({ type: [ConditionType], description: "Those decided at this scope", resolve: (of) => conditionsOf(judgedNode(of)) }),
		findings: t.field({ type: [FindingType], args: OPEN, resolve: (of, which) => findingsIn([judgedNode(of)], which) }),
		deadlines: t.field({ type: [DeadlineType], args: OPEN, resolve: async (of, { open }) => deadlinesIn(await deadlinesOn(judgedNode(of)), open) }),
		predecessors: t.field({ type: [LineageEdgeType], resolve: predecessorsOf }),
		successors: t.field({ type: [LineageEdgeType], resolve: successorsOf }),
		identifiers: t.field({ type: [IdentifierRef], resolve: identifiersOf }),
		contentHash: t.string({ resolve: hashOf }),
	}),
})
