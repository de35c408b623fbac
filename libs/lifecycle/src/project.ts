import { buildingOfCode, type EventKey, inOrder, isProject, normalForm, normalProject, parcelOfCode, type Scope, surelyBefore } from "@yima/schemas"
import type { Who } from "./fact.ts"
import { absolute } from "./facts.ts"
import { type Line, last, lineOf, linesOf, type Sight, seen } from "./line.ts"
import type { States } from "./state.ts"

/** What a project takes in, by its own events (`semantics.md` §2, project scope). */
interface Members {
	readonly parcels: readonly Scope[]
	readonly buildings: readonly Scope[]
	/** It names buildings or labels at all: then its parcels' other buildings are not its. */
	readonly namesBuildings: boolean
}

const MEMBERSHIP: ReadonlySet<string> = new Set(["project.scoped", "project.approved", "planning.works-permitted", "planning.permit-amended"])

/** The lines of a scope's own state that say what belongs to a project. */
const ownLines = (scope: Scope, states: States, sight: Sight | null): readonly Line[] =>
	seen(states.get(scope) ?? new Map(), sight)
		.flatMap(({ key, fact }) => (MEMBERSHIP.has(fact.type) ? (lineOf(key, fact, scope) ?? []) : []))
		.sort(inOrder)

interface Lists {
	readonly buildings?: readonly string[] | undefined
	readonly buildingLabels?: readonly string[] | undefined
	readonly perBuilding?: readonly { readonly code?: string | undefined }[] | undefined
}

const hasLists = ({ buildings = [], buildingLabels = [], perBuilding = [] }: Lists): boolean =>
	buildings.length + buildingLabels.length + perBuilding.length > 0

/** The latest `project.scoped` replaces the project's earlier lists, works permits add. */
const membersOf = (project: Scope, states: States, sight: Sight): Members => {
	const lines = ownLines(project, states, sight)
	const scoped = last(linesOf(lines, "project.scoped"))
	const codes = (tails: readonly string[] = []) => tails.map((tail) => absolute(project, tail))
	// What a permit lists is what its last event with lists says: an amendment replaces the permit's own.
	const permits = new Map<string, Lists>()
	for (const { says } of linesOf(lines, "planning.works-permitted", "planning.permit-amended")) if (hasLists(says)) permits.set(normalForm(says.permitNo), says)
	const listed: readonly Lists[] = [...(scoped === undefined ? [] : [scoped.says]), ...permits.values()]
	const buildings = listed.flatMap((each) => [...codes(each.buildings), ...codes(each.perBuilding?.flatMap((row) => row.code ?? []))])
	return {
		parcels: codes((scoped ?? last(linesOf(lines, "project.approved")))?.says.parcels),
		buildings: [...new Set(buildings)].sort(),
		namesBuildings: listed.some(hasLists),
	}
}

/** The projects that a building's or parcel's own facts speak of, each with the last that names it. */
const namedHere = (scope: Scope | null, states: States, sight: Sight | null): ReadonlyMap<Scope, Line> => {
	const found = new Map<Scope, Line>()
	if (scope === null) return found
	for (const line of linesOf(ownLines(scope, states, sight), "project.scoped", "project.approved", "planning.works-permitted", "planning.permit-amended"))
		if (line.says.projectCode !== undefined) found.set(`project:${normalProject(line.says.projectCode)}`, line)
	return found
}

/**
 * The projects of a scope: those that name its building, else those of its parcel that name no building at all; the one that
 * is named last comes last. With `sight` null, all that may ever be.
 */
export const projectsOf = (scope: Scope, states: States, sight: Sight | null): readonly Scope[] => {
	if (isProject(scope) || scope === "registry") return []
	const [building, parcel] = [buildingOfCode(scope), parcelOfCode(scope)]
	const [byBuilding, byParcel] = [namedHere(building, states, sight), namedHere(parcel, states, sight)]
	const all = new Map([...byParcel, ...byBuilding])
	if (sight === null) return [...all.keys()]
	const candidates = [...all].sort(([, a], [, b]) => inOrder(a, b)).map(([project]) => ({ project, ...membersOf(project, states, sight) }))
	const chosen = (belongs: (candidate: Members) => boolean) => candidates.filter(belongs).map((each) => each.project)
	const hasParcel = ({ parcels }: Members) => parcels.some((each) => each === parcel)
	if (building === null) return chosen((each) => hasParcel(each) || each.buildings.some((code) => code.startsWith(scope)))
	const naming = chosen((each) => each.buildings.includes(building))
	return naming.length > 0 ? naming : chosen((each) => hasParcel(each) && !each.namesBuildings)
}

/** 项目, from its own facts. */
export interface ProjectView {
	readonly name: string | null
	readonly developer: Who | null
	readonly parcels: readonly Scope[]
	readonly buildings: readonly Scope[]
	/** 纳入交房即交证清单, and by which event. */
	readonly enlisted: EventKey | null
	/** 历史遗留问题 that are open, by number. */
	readonly holds: readonly { readonly holdNo: string; readonly kind: string | null; readonly event: EventKey }[]
}

type Hold = { readonly projectCode: string; readonly holdNo: string }
const isSameHold = (a: Hold, b: Hold) => normalForm(a.holdNo) === normalForm(b.holdNo) && normalProject(a.projectCode) === normalProject(b.projectCode)

export const holdsOf = (lines: readonly Line[]): ProjectView["holds"] => {
	const lifts = linesOf(lines, "project.hold-lifted")
	return linesOf(lines, "project.hold-placed").flatMap((placed) => {
		const isLifted = lifts.some((lift) => isSameHold(lift.says, placed.says) && !surelyBefore(lift, placed))
		return isLifted ? [] : [{ holdNo: placed.says.holdNo, kind: placed.says.kind ?? null, event: placed.key }]
	})
}

export const projectView = (scope: Scope, lines: readonly Line[], states: States, sight: Sight): ProjectView => {
	const approved = last(linesOf(lines, "project.approved"))
	const listing = last(linesOf(lines, "project.enlisted", "project.delisted"))
	const { parcels, buildings } = membersOf(scope, states, sight)
	return {
		name: approved?.says.name ?? null,
		developer: approved?.says.developer ?? null,
		parcels,
		buildings,
		enlisted: listing?.type === "project.enlisted" ? listing.key : null,
		holds: holdsOf(lines),
	}
}
