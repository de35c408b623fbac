import { builder } from "./builder.ts"
import { buildingCodeOf, parcelCodeOf, projectOf } from "./codes.ts"
import type { Page } from "./connection.ts"
import type { UnitNode } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import { resolved } from "./resolve.ts"
import { StageEnum } from "./stage.ts"
import { type Area, areaOf, areaOfProject, EVERYWHERE, listUnits, meet } from "./unit-list.ts"
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
		identifier: t.field({ type: IdentifierInput }),
	}),
})

type Filter = typeof UnitFilter.$inferInput

interface UnitsArgs {
	readonly filter: Filter
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

/** Units by a filter, as of now: lists promise no other time. */
export const filteredUnits = (reading: Reading, { filter, first, after }: UnitsArgs): Promise<Page<UnitNode>> => {
	const { project, parcel, building, stage, identifier } = filter
	const of = `units ${JSON.stringify([project ?? null, parcel ?? null, building ?? null, stage ?? null, identifier ?? null])}`
	return listUnits({ of, area: (when) => areaFor(filter, when, reading), stages: stage, usual: 20 }, nowOf(reading), reading, { first, after })
}
