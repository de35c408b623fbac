import { type Known, type Moment, type Place, type Scope, scopeOf } from "@yima/schemas"
import { at } from "./at.ts"
import type { States } from "./state.ts"

/** Far ahead: which units a building has is asked whatever the valid time. */
const ANY_TIME = Number.MAX_VALUE as Moment

/**
 * The units, buildings or parcels that a parked event may belong to: where only a building is known, its units as its surveys
 * list them (楼盘表), else the building itself. Needs the states of `place.candidates`.
 */
export const candidatesOf = (place: Place, states: States, knownAt: Known): readonly Scope[] => {
	if (place.is !== "PARKED") return []
	const found = place.candidates.flatMap((code): readonly Scope[] => {
		const scope = scopeOf(code)
		if (place.reason !== "TOO_COARSE" || scope.length !== 24) return [scope]
		const view = at(scope, states, ANY_TIME, knownAt)
		return view?.is === "building" && view.units.length > 0 ? view.units : [scope]
	})
	return [...new Set(found)].sort()
}
