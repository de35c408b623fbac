import type { ListedUnit } from "@yima/registry"
import type { Scope } from "@yima/schemas"
import { builder } from "./builder.ts"
import { buildingCodeOf, parcelCodeOf, projectOf } from "./codes.ts"
import type { Page } from "./connection.ts"
import { lookedUp } from "./looked.ts"
import type { UnitNode } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import { resolved } from "./resolve.ts"
import { StageEnum } from "./stage.ts"
import { unitFor } from "./unit.ts"
import { type Area, areaOf, areaOfProject, EVERYWHERE, fullUnit, listUnits, meet } from "./unit-list.ts"
import { rowUnit } from "./unit-row.ts"
import { nowOf, type When } from "./when.ts"

const IdentifierInput = builder.inputType("IdentifierInput", {
	fields: (t) => ({ kind: t.string(), value: t.string({ required: true }), issuer: t.string() }),
})

export const UnitFilter = builder.inputType("UnitFilter", {
	description: "All that is given must hold",
	fields: (t) => ({
		project: t.string(),
		parcel: t.field({ type: "ParcelCode" }),
		building: t.string(),
		stage: t.field({ type: [StageEnum] }),
		ready: t.boolean(),
		unmet: t.idList({ description: "Conditions, some of which keep the unit from being ready" }),
		finding: t.idList({ description: "Codes of findings, some of which are open on the unit or above it" }),
		identifier: t.field({ type: IdentifierInput }),
	}),
})

type Filter = typeof UnitFilter.$inferInput

interface UnitsArgs {
	readonly filter: Filter
	/** How many units a page may have. */
	readonly most: number
	readonly first?: number | null | undefined
	readonly after?: string | null | undefined
}

const NOWHERE: Area = { inside: [], outside: [] }

const areaFor = async ({ project, parcel, building, identifier }: Filter, when: When, reading: Reading): Promise<Area> => {
	const areas: Area[] = [EVERYWHERE]
	if (parcel) areas.push(areaOf(parcelCodeOf(parcel)))
	if (building) areas.push(areaOf(buildingCodeOf(building)))
	if (project) {
		const view = await reading.view(projectOf(project), when)
		areas.push(view?.is === "project" ? await areaOfProject(view, when, reading) : NOWHERE)
	}
	if (identifier) {
		const { codes } = await resolved(identifier, when, reading)
		const places = await Promise.all(
			codes.map(async (code): Promise<Area> => {
				if (!code.startsWith("project:")) return areaOf(code)
				const view = await reading.view(code, when)
				return view?.is === "project" ? areaOfProject(view, when, reading) : NOWHERE
			}),
		)
		areas.push({ inside: places.flatMap((each) => each.inside), outside: places.flatMap((each) => each.outside) })
	}
	return areas.reduce(meet)
}

/** Units by what was judged of them, as the registry keeps it: the project is the one that was named last. */
const judgedUnits = async (reading: Reading, filter: Filter, of: string, { most, ...args }: Omit<UnitsArgs, "filter">): Promise<Page<UnitNode>> => {
	const when = nowOf(reading)
	const { project, stage, ready, unmet, finding, ...place } = filter
	const { inside, outside } = await areaFor(place, when, reading)
	const rows = {
		places: inside,
		project: project ? projectOf(project) : undefined,
		stage: stage ?? undefined,
		ready: ready ?? undefined,
		unmet: unmet?.map(String) ?? undefined,
		finding: finding?.map(String) ?? undefined,
		all: [stage, ready, unmet, finding].every((each) => (each ?? null) === null),
	}
	return lookedUp<ListedUnit, UnitNode>(
		{
			of,
			slice: async (after, limit) => {
				const page = await reading.snapshot.judged.units(rows, (after?.[0] ?? null) as Scope | null, limit)
				return { rows: page.rows.map((row) => ({ row, at: [row.scope] })), isMore: page.isMore }
			},
			nodeOf: (row) => {
				if (outside.some((each) => row.scope.startsWith(each))) return null
				return row.unjudged ? unitFor(row.scope, when, reading) : rowUnit(row, () => fullUnit(row.scope, when, reading))
			},
			usual: 20,
			most,
		},
		args,
	)
}

/** Units by a filter, as of now: lists promise no other time. */
export const filteredUnits = (reading: Reading, { filter, most, first, after }: UnitsArgs): Promise<Page<UnitNode>> => {
	const { project, parcel, building, stage, identifier, ready, unmet, finding } = filter
	const judged = [stage, ready, unmet, finding].map((each) => each ?? null)
	const of = `units ${JSON.stringify([project ?? null, parcel ?? null, building ?? null, identifier ?? null, ...judged])}`
	if (project || judged.some((each) => each !== null)) return judgedUnits(reading, filter, of, { most, first, after })
	return listUnits({ of, area: (when) => areaFor(filter, when, reading), usual: 20, most }, nowOf(reading), reading, { first, after })
}
