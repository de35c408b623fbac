import type { Scope } from "@yima/schemas"
import { buildingCodeOf, parcelCodeOf, projectOf, scopeOfAny, unitCodeOf } from "./codes.ts"
import type { Reading } from "./reading.ts"
import { areaOfProject } from "./unit-list.ts"
import type { When } from "./when.ts"

/** Where findings or time limits are looked for, in the words of their filters: all that is given must hold. */
export interface PlaceFilter {
	readonly project?: string | null | undefined
	readonly parcel?: string | null | undefined
	readonly building?: string | null | undefined
	readonly unit?: string | null | undefined
}

/** Places that hold all that is looked for, and whether a scope is of it; null: everywhere. */
export interface Around {
	readonly places: readonly string[] | null
	readonly holds: (scope: Scope) => boolean
}

const below = (code: Scope): Around => ({ places: [code], holds: (scope) => scope.startsWith(code) })

/** What stands at a project, on its parcels, on and in its buildings. */
export const aroundProject = async (code: Scope, when: When, reading: Reading): Promise<Around> => {
	const view = await reading.view(code, when)
	if (view?.is !== "project") return { places: [], holds: () => false }
	const { inside, outside } = await areaOfProject(view, when, reading)
	const lies = (scope: Scope, places: readonly string[]) => places.some((place) => scope.startsWith(place))
	return {
		places: [code, ...view.parcels, ...inside],
		holds: (scope) => scope === code || view.parcels.includes(scope) || (lies(scope, inside) && !lies(scope, outside)),
	}
}

export const aroundOf = async ({ project, parcel, building, unit }: PlaceFilter, when: When, reading: Reading): Promise<Around> => {
	const all: Around[] = []
	if (unit) all.push(below(scopeOfAny(unitCodeOf(unit))))
	if (building) all.push(below(buildingCodeOf(building)))
	if (parcel) all.push(below(parcelCodeOf(parcel)))
	if (project) all.push(await aroundProject(projectOf(project), when, reading))
	const [narrowest] = all
	return { places: narrowest?.places ?? null, holds: (scope) => all.every(({ holds }) => holds(scope)) }
}
