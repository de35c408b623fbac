import { type Building, linesOf, type Parcel, type Project, type Stage, stageOf, type Unit } from "@yima/lifecycle"
import type { StateRow, UnitRow } from "@yima/registry"
import { type Acts, actsOf, type ConditionId, type Counted, counted, type Judgement, type Members, type Summary, summaryOf, unitSummaryOf } from "@yima/rules"
import type { UnitCode } from "@yima/schemas"
import { judgedUnit } from "./judging.ts"
import type { SeenNode } from "./nodes.ts"
import { once } from "./once.ts"
import { type Area, areaOf, areaOfProject, namedIn } from "./unit-list.ts"
import { isNow } from "./when.ts"

/** What has units below it. */
export type Whole = Building | Parcel | Project

/** A unit of a building, parcel or project, as a roll-up counts it. */
export interface CountedUnit extends Counted {
	readonly code: UnitCode
}

/** The units below a scope, and what they and their buildings have done. */
export interface Below {
	readonly units: readonly CountedUnit[]
	readonly members: Members
}

const summaries = new WeakMap<Judgement, Summary>()

const summarised = (judgement: Judgement): Summary => {
	const known = summaries.get(judgement) ?? summaryOf(judgement)
	summaries.set(judgement, known)
	return known
}

const areaBelow = ({ view, when, reading }: SeenNode<Whole>): Promise<Area> | Area =>
	view.is === "project" ? areaOfProject(view, when, reading) : areaOf(view.code)

/** What is gone is no part of it any more: its successors are. What belongs to two projects counts with the one that was named last. */
const isMember = (view: Unit | Building, of: Whole): boolean => view.status !== "RETIRED" && (of.is !== "project" || view.project === of.code)

/** Units judged side by side. */
const SLICE = 500

const lookBelow = async (node: SeenNode<Whole>): Promise<Below> => {
	const { view, when, reading } = node
	const area = await areaBelow(node)
	const [units, buildings] = await Promise.all([namedIn(area, 28, when, reading), namedIn(area, 24, when, reading)])
	const found: { readonly view: Unit; readonly counted: CountedUnit }[] = []
	for (let from = 0; from < units.length; from += SLICE) {
		const views = await Promise.all(units.slice(from, from + SLICE).map((code) => reading.view(code, when)))
		const standing = views.flatMap((each) => (each?.is === "unit" && isMember(each, view) ? [each] : []))
		const judged = await Promise.all(standing.map((each) => judgedUnit({ view: each, when, reading })))
		for (const { own, above } of judged) {
			const all = above.map(({ judgement }) => judgement)
			const { stage } = stageOf(own.view, false, own.judgement.scene.ruleSet.services)
			found.push({ view: own.view, counted: { code: own.view.code, ...counted(unitSummaryOf(own.judgement, all), all.map(summarised), stage) } })
		}
	}
	const own = view.is === "building" ? [view.code] : buildings
	const standing = (await Promise.all(own.map((code) => reading.view(code, when)))).filter(
		(each) => each?.is === "building" && isMember(each, view),
	) as Building[]
	return {
		units: found.map((each) => each.counted),
		members: {
			buildings: standing.map((each) => ({ code: each.code, acts: actsOf(each) })),
			units: found.map((each) => ({ code: each.view.code, sold: each.counted.sold, acts: actsOf(each.view) })),
		},
	}
}

const countedRow = ({ scope, stage, sold, ready, unmet, blocks }: UnitRow): CountedUnit => ({
	code: scope as UnitCode,
	stage: stage as Stage | null,
	sold,
	ready,
	unmet: unmet as readonly ConditionId[],
	blocks,
})

const memberRow = ({ scope, judged }: StateRow): Members["buildings"] => (judged === null ? [] : [{ code: scope, acts: judged.acts as Acts }])

/** As the registry keeps it, each unit put together of its own row and those above it: no view is made. */
const keptBelow = async ({ view: { is, code }, reading }: SeenNode<Whole>): Promise<Below> => {
	const { judged } = reading.snapshot
	const units = await judged.unitsOf(is === "project" ? { project: code } : { place: code })
	const buildings = is === "project" ? await judged.buildingsOf(code) : []
	return {
		units: units.map(countedRow),
		members: { buildings: buildings.flatMap(memberRow), units: units.map(({ scope, sold, acts }) => ({ code: scope, sold, acts: acts as Acts })) },
	}
}

/** What lies below a scope: for now as it is kept, as of other times each unit judged. */
export const membersOf: (node: SeenNode<Whole>) => Promise<Below> = once((node) => (isNow(node.when, node.reading) ? keptBelow(node) : lookBelow(node)))

/** The members of a project for what is decided of all of them together; null where nothing is planned, so that nothing is. */
export const plannedMembers = async (node: SeenNode<Project>): Promise<Members | null> =>
	linesOf(node.view.lines, "project.scheduled").length === 0 ? null : (await membersOf(node)).members
