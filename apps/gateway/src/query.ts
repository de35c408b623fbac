import { pageArgs, TIMES } from "./arguments.ts"
import { builder } from "./builder.ts"
import { buildingCodeOf, parcelCodeOf, projectOf, unitCodeOf } from "./codes.ts"
import { BuildingRef, ParcelRef, ProjectConnection, ProjectRef, UnitConnection, UnitRef } from "./nodes.ts"
import { listProjects, ProjectFilter } from "./project.ts"
import { readingOf } from "./reading-of.ts"
import { refusal } from "./refusal.ts"
import { buildingFor, projectFor, unitFor } from "./unit.ts"
import { filteredUnits, UnitFilter } from "./unit-filter.ts"
import { isSaidByRows } from "./unit-row.ts"
import { whenOf } from "./when.ts"

/** The most units of one batch. */
const MOST_CODES = 200
/** The most units of a page: of those that are seen, and of those that the registry keeps as lists show them. */
const MOST_UNITS = { seen: 200, listed: 1000 } as const

builder.queryType({
	fields: (t) => ({
		unit: t.field({
			type: UnitRef,
			nullable: true,
			description: "One unit's full life. asOf: valid time; knownAt: what we knew then",
			args: { code: t.arg({ type: "UnitCode", required: true }), ...TIMES },
			resolve: (_, { code, ...asked }, context) => unitFor(unitCodeOf(code), whenOf(asked, readingOf(context)), readingOf(context)),
		}),
		unitsByCodes: t.field({
			type: [UnitRef],
			nullable: { list: false, items: true },
			description: "Many units at once (at most 200), in the order asked; null where nobody ever named the code",
			args: {
				codes: t.arg({ type: ["UnitCode"], required: true }),
				...TIMES,
			},
			resolve: async (_, { codes, ...asked }, context) => {
				if (codes.length > MOST_CODES) throw refusal("TOO_COMPLEX", `一次最多 ${MOST_CODES} 个代码,此次有 ${codes.length} 个`)
				const reading = readingOf(context)
				const when = whenOf(asked, reading)
				const all = codes.map(unitCodeOf)
				return Promise.all(all.map((code) => unitFor(code, when, reading)))
			},
		}),
		units: t.field({
			type: UnitConnection,
			description: `At most ${MOST_UNITS.seen} a page; ${MOST_UNITS.listed} where of each nothing is asked but code, formattedCode, scope, stage and readiness.ready`,
			args: { filter: t.arg({ type: UnitFilter, required: true }), ...pageArgs(20) },
			resolve: (_, args, context, info) => filteredUnits(readingOf(context), { ...args, most: isSaidByRows(info) ? MOST_UNITS.listed : MOST_UNITS.seen }),
		}),
		parcel: t.field({
			type: ParcelRef,
			nullable: true,
			args: { code: t.arg({ type: "ParcelCode", required: true }), ...TIMES },
			resolve: async (_, { code, ...asked }, context) => {
				const reading = readingOf(context)
				const when = whenOf(asked, reading)
				const view = await reading.view(parcelCodeOf(code), when)
				return view?.is === "parcel" ? { view, when, reading } : null
			},
		}),
		building: t.field({
			type: BuildingRef,
			nullable: true,
			args: { code: t.arg.string({ required: true }), ...TIMES },
			resolve: (_, { code, ...asked }, context) => buildingFor(buildingCodeOf(code), whenOf(asked, readingOf(context)), readingOf(context)),
		}),
		project: t.field({
			type: ProjectRef,
			nullable: true,
			args: { code: t.arg.string({ required: true }), ...TIMES },
			resolve: (_, { code, ...asked }, context) => projectFor(projectOf(code), whenOf(asked, readingOf(context)), readingOf(context)),
		}),
		projects: t.field({
			type: ProjectConnection,
			args: { filter: t.arg({ type: ProjectFilter }), ...pageArgs(20) },
			resolve: (_, args, context) => listProjects(readingOf(context), args),
		}),
	}),
})
