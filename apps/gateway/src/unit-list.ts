import type { Project, Unit } from "@yima/lifecycle"
import { type BuildingCode, buildingOfCode, type Scope } from "@yima/schemas"
import { MOST_COUNTED, type Page } from "./connection.ts"
import { cursorOf, pageSize, readCursor } from "./cursor.ts"
import { judgedUnit } from "./judging.ts"
import type { UnitNode } from "./nodes.ts"
import type { Reading } from "./reading.ts"
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
	readonly stages?: readonly string[] | null | undefined
	readonly usual: number
}

interface PageArgs {
	readonly first?: number | null | undefined
	readonly after?: string | null | undefined
}

/** How many units a page with a filter that only views can answer looks at; counting looks at more. */
const MOST_LOOKED = 2000
const SLICE = 200

/** Units in order of their codes. */
export const listUnits = async (query: UnitQuery, asked: When, reading: Reading, { first, after }: PageArgs): Promise<Page<UnitNode>> => {
	const place = readCursor(after, query.of)
	const when = place?.sight ? pinned(asked, place.sight) : asked
	if (when.knownAt !== asked.knownAt) reading.rests(when.knownAt, false)
	const area = await query.area(when)
	const size = pageSize(first, query.usual)
	const { asOf, knownAt } = when
	const filter = { length: 28 as const, ...area, asOf, knownAt }
	const { stages = null } = query

	const fits = async (view: Unit): Promise<boolean> => stages === null || stages.includes((await judgedUnit({ view, when, reading })).stage ?? "")
	/** The units after one, a slice at a time. */
	async function* looked(from: Scope | null, slice: number) {
		for (let at = from, isMore = true; isMore; ) {
			const page = await reading.snapshot.named(filter, at, slice)
			const found = await Promise.all(
				page.rows.map(async (code) => {
					const view = await reading.view(code, when)
					return { code, unit: view?.is === "unit" && (await fits(view)) ? view : null }
				}),
			)
			yield* found
			at = page.rows.at(-1) ?? at
			isMore = page.isMore
		}
	}

	const start = (place?.at[0] ?? "") as Scope
	const units: Unit[] = []
	let last = start
	let hasNextPage = false
	if (size > 0) {
		let count = 0
		for await (const { code, unit } of looked(start, stages === null ? size + 1 : SLICE)) {
			if (units.length === size || count >= MOST_LOOKED) {
				hasNextPage = true
				break
			}
			count++
			last = code
			if (unit !== null) units.push(unit)
		}
	}
	const cursor = (code: string) => cursorOf({ of: query.of, sight: when, at: [code] })
	return {
		edges: units.map((view) => ({ cursor: cursor(view.code), node: { view, when, reading } })),
		hasNextPage,
		endCursor: cursor(last),
		count: async () => {
			if (area.inside.length === 0) return 0
			if (stages === null) return reading.snapshot.countNamed(filter)
			let [count, seen] = [0, 0]
			for await (const { unit } of looked(null, SLICE)) {
				if (unit !== null) count++
				if (++seen > MOST_COUNTED) return null
			}
			return count
		},
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
