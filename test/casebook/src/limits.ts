import type { View } from "@yima/lifecycle"
import { actsOf, type Deadline, deadlines, type Members, type Scene } from "@yima/rules"
import type { Scope } from "@yima/schemas"
import type { World } from "@yima/test-kit"

/** What stands in a project and counts with it, each seen by itself: what is gone is no part of it any more. */
const membersOf = ({ states }: World, project: Scope, viewOf: (scope: Scope) => View | null): Members => {
	const standing = [...states.keys()].flatMap((scope) => {
		const view = viewOf(scope)
		return view !== null && (view.is === "unit" || view.is === "building") && view.project === project && view.status !== "RETIRED" ? [view] : []
	})
	return {
		buildings: standing.flatMap((each) => (each.is === "building" ? [{ code: each.code, acts: actsOf(each) }] : [])),
		units: standing.flatMap((each) =>
			each.is === "unit" ? [{ code: each.code, sold: each.contracts.some(({ status }) => status === "LIVE"), acts: actsOf(each) }] : [],
		),
	}
}

/** The time limits of a scope, a project's plan among them, which its buildings and flats keep or miss. */
export const limitsOf = (view: View, scene: Scene, world: World, viewOf: (scope: Scope) => View | null): readonly Deadline[] =>
	deadlines(view, scene, view.is === "project" ? membersOf(world, view.code, viewOf) : null)
