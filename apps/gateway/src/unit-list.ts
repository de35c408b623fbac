import type { Project } from "@yima/lifecycle"
import { type BuildingCode, buildingOfCode, type Scope } from "@yima/schemas"
import { MOST_COUNTED, type Page } from "./connection.ts"
import { cursorOf, pageSize, readCursor } from "./cursor.ts"
import type { UnitNode } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import { rowUnit } from "./unit-row.ts"
import { pinned, type When } from "./when.ts"

/** Where units are looked for: beginnings of codes. */
export interface Area {
	readonly inside: readonly string[]
	readonly outside: readonly string[]
}

export const EVERYWHERE: Area = { inside: [""], outside: [] }

/** Places without those that lie within another of them. */
const outermost = (places: readonly string[]): readonly string[] => {
	const all = [...new Set(places)].sort()
	return all.filter((place) => !all.some((other) => other !== place && place.startsWith(other)))
}

/** What lies in both areas. */
export const meet = (a: Area, b: Area): Area => ({
	inside: outermost(a.inside.flatMap((left) => b.inside.flatMap((right) => (left.startsWith(right) ? [left] : right.startsWith(left) ? [right] : [])))),
	outside: [...a.outside, ...b.outside],
})

export const areaOf = (...places: readonly string[]): Area => ({ inside: outermost(places), outside: [] })

/** Units that lie in no building: several buildings' units, and other fixtures (`semantics.md` §1). */
const WITHOUT_BUILDING = ["F9999", "L", "Q", "W"]

const namesBuildings = ({ buildings, lines }: Project): boolean =>
	buildings.length > 0 || lines.some(({ says }) => "buildingLabels" in says || "perBuilding" in says)

/** The most buildings of a project's parcels that are asked whose they are. */
const MOST_BUILDINGS = 2000

/**
 * Where a project's units lie: in the buildings that it names; where it names none, everywhere on its parcels but in buildings that
 * another project names (`semantics.md` §2, project scope).
 */
export const areaOfProject = async (view: Project, { asOf, knownAt }: When, reading: Reading): Promise<Area> => {
	if (namesBuildings(view)) return areaOf(...view.buildings, ...view.parcels.flatMap((parcel) => WITHOUT_BUILDING.map((letters) => `${parcel}${letters}`)))
	const inside = outermost(view.parcels)
	const { rows } = await reading.snapshot.named({ length: 24, inside, outside: [], asOf, knownAt }, null, MOST_BUILDINGS)
	const buildings = await Promise.all(rows.map((code) => reading.view(code, { asOf, knownAt })))
	return { inside, outside: buildings.flatMap((each) => (each?.is === "building" && !each.projects.includes(view.code) ? [each.code] : [])) }
}

/** Which units to list, in the words of the question that asks for them. */
export interface UnitQuery {
	readonly of: string
	readonly area: (when: When) => Promise<Area> | Area
	readonly usual: number
	readonly most?: number | undefined
}

interface PageArgs {
	readonly first?: number | null | undefined
	readonly after?: string | null | undefined
}

/** Units of a page: as the registry keeps them where the answer is for now, else seen by its two times. */
const nodesOf = async (codes: readonly Scope[], when: When, reading: Reading): Promise<readonly { readonly code: Scope; readonly node: UnitNode }[]> => {
	const isOfNow = when.named.asOf === null && when.named.knownAt === null && when.knownAt === reading.snapshot.latest
	const rows = new Map(isOfNow ? (await reading.snapshot.judged.unitsAt(codes)).map((row) => [row.scope, row]) : [])
	const nodes = await Promise.all(
		codes.map(async (code) => {
			const row = rows.get(code)
			if (row !== undefined) return [{ code, node: rowUnit(row, () => fullUnit(code, when, reading)) }]
			const view = await reading.view(code, when)
			return view?.is === "unit" ? [{ code, node: { view, when, reading } }] : []
		}),
	)
	return nodes.flat()
}

export const fullUnit = async (code: Scope, when: When, reading: Reading): Promise<UnitNode> => {
	const view = await reading.view(code, when)
	if (view?.is !== "unit") throw new Error(`the registry lists ${code}, which nobody names`)
	return { view, when, reading }
}

/** Units in order of their codes. */
export const listUnits = async (query: UnitQuery, asked: When, reading: Reading, { first, after }: PageArgs): Promise<Page<UnitNode>> => {
	const place = readCursor(after, query.of)
	const when = place?.sight ? pinned(asked, place.sight) : asked
	if (when.knownAt !== asked.knownAt) reading.rests(when.knownAt, false)
	const area = await query.area(when)
	const size = pageSize(first, query.usual, query.most)
	const { asOf, knownAt } = when
	const filter = { length: 28 as const, ...area, asOf, knownAt }
	const start = (place?.at[0] ?? "") as Scope
	const page = size === 0 ? { rows: [], isMore: false } : await reading.snapshot.named(filter, start, size)
	const nodes = await nodesOf(page.rows, when, reading)
	const cursor = (code: string) => cursorOf({ of: query.of, sight: when, at: [code] })
	return {
		edges: nodes.map(({ code, node }) => ({ cursor: cursor(code), node })),
		hasNextPage: page.isMore,
		endCursor: cursor(page.rows.at(-1) ?? start),
		count: () => (area.inside.length === 0 ? 0 : reading.snapshot.countNamed(filter)),
	}
}

/** Named things of one length in an area, all of them. */
export const namedIn = async (area: Area, length: 24 | 28, { asOf, knownAt }: When, reading: Reading): Promise<readonly Scope[]> => {
	const found: Scope[] = []
	for (let isMore = area.inside.length > 0; isMore; ) {
		const page = await reading.snapshot.named({ length, ...area, asOf, knownAt }, found.at(-1) ?? null, MOST_COUNTED)
		found.push(...page.rows)
		isMore = page.isMore
	}
	return found
}

/** The buildings of a parcel. */
export const buildingsOf = async (parcel: Scope, { asOf, knownAt }: When, reading: Reading): Promise<readonly BuildingCode[]> => {
	const { rows } = await reading.snapshot.named({ length: 24, inside: [parcel], outside: [], asOf, knownAt }, null, MOST_BUILDINGS)
	return rows.flatMap((code) => buildingOfCode(code) ?? [])
}
