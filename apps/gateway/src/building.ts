import { ACTIVE, OPEN, pageArgs, TIMELINE_ARGS } from "./arguments.ts"
import { DeadlineType, deadlinesIn, deadlinesOn } from "./deadline.ts"
import { FindingType, findingsIn } from "./finding.ts"
import { judgedNode } from "./judging.ts"
import { identifiersOf, LineageEdgeType, predecessorsOf, successorsOf } from "./lineage.ts"
import { BuildingRef, EventConnection, IdentifierRef, ParcelRef, ProjectRef, UnitConnection } from "./nodes.ts"
import { MortgageType, mortgagesOf, PermitType, permitsOf, SeizureType, seizuresOf } from "./rights.ts"
import { RollUpType, rollUpOf } from "./roll-up.ts"
import { timelineFor } from "./timeline.ts"
import { hashOf, parcelFor, projectFor, UnitStatus } from "./unit.ts"
import { areaOf, listUnits } from "./unit-list.ts"

BuildingRef.implement({
	description: "自然幢",
	fields: (t) => ({
		code: t.string({ resolve: ({ view }) => view.code }),
		label: t.string({ nullable: true, resolve: ({ view }) => view.label }),
		status: t.field({ type: UnitStatus, resolve: ({ view }) => view.status }),
		parcel: t.field({ type: ParcelRef, resolve: ({ view, when, reading }) => parcelFor(view.parcel, when, reading) }),
		project: t.field({
			type: ProjectRef,
			nullable: true,
			resolve: ({ view, when, reading }) => (view.project === null ? null : projectFor(view.project, when, reading)),
		}),
		permits: t.field({ type: [PermitType], resolve: permitsOf }),
		units: t.field({
			type: UnitConnection,
			args: pageArgs(50),
			resolve: ({ view, when, reading }, args) => listUnits({ of: `building ${view.code}`, area: () => areaOf(view.code), usual: 50 }, when, reading, args),
		}),
		timeline: t.field({
			type: EventConnection,
			args: TIMELINE_ARGS,
			resolve: (building, args) => timelineFor(building, args),
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
		readiness: t.field({ type: RollUpType, resolve: rollUpOf }),
		findings: t.field({ type: [FindingType], args: OPEN, resolve: (of, which) => findingsIn([judgedNode(of)], which) }),
		deadlines: t.field({ type: [DeadlineType], args: OPEN, resolve: async (of, { open }) => deadlinesIn(await deadlinesOn(judgedNode(of)), open) }),
		predecessors: t.field({ type: [LineageEdgeType], resolve: predecessorsOf }),
		successors: t.field({ type: [LineageEdgeType], resolve: successorsOf }),
		identifiers: t.field({ type: [IdentifierRef], resolve: identifiersOf }),
		contentHash: t.string({ resolve: hashOf }),
	}),
})
