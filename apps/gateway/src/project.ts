import type { Project } from "@yima/lifecycle"
import { normalForm, type ParcelCode } from "@yima/schemas"
import { OPEN, pageArgs, TIMELINE_ARGS } from "./arguments.ts"
import { builder } from "./builder.ts"
import type { Page } from "./connection.ts"
import { cursorOf, pageSize, readCursor } from "./cursor.ts"
import { DeadlineType, deadlinesIn, deadlinesOn } from "./deadline.ts"
import { FindingType, findingsIn } from "./finding.ts"
import { judgedNode } from "./judging.ts"
import { LedgerType, ledgerOf } from "./ledger.ts"
import { BuildingRef, EventConnection, ParcelRef, PartyRef, type ProjectNode, ProjectRef, partyIn, UnitConnection } from "./nodes.ts"
import { some } from "./parcel.ts"
import type { Reading } from "./reading.ts"
import { RollUpType, rollUpOf } from "./roll-up.ts"
import { timelineFor } from "./timeline.ts"
import { buildingFor, parcelFor } from "./unit.ts"
import { areaOfProject, listUnits } from "./unit-list.ts"
import { nowOf } from "./when.ts"

const approvals = ({ lines }: Project) => lines.flatMap((line) => (line.type === "project.approved" ? [line.key] : []))

ProjectRef.implement({
	description: "项目",
	fields: (t) => ({
		code: t.string({ description: "投资项目统一代码", resolve: ({ view }) => view.code.slice("project:".length) }),
		name: t.string({ nullable: true, resolve: ({ view }) => view.name }),
		developer: t.field({
			type: PartyRef,
			nullable: true,
			resolve: (of) => (of.view.developer === null ? null : partyIn(of, of.view.developer, approvals(of.view))),
		}),
		parcels: t.field({
			type: [ParcelRef],
			resolve: ({ view, when, reading }) => Promise.all(view.parcels.map((code) => parcelFor(code as ParcelCode, when, reading))),
		}),
		buildings: t.field({
			type: [BuildingRef],
			resolve: async ({ view, when, reading }) => some(await Promise.all(view.buildings.map((code) => buildingFor(code, when, reading)))),
		}),
		enlisted: t.boolean({ resolve: ({ view }) => view.enlisted !== null }),
		units: t.field({
			type: UnitConnection,
			args: pageArgs(50),
			resolve: ({ view, when, reading }, args) =>
				listUnits(
					{
						of: view.code,
						area: async (pinnedWhen) => {
							const then = pinnedWhen === when ? view : await reading.view(view.code, pinnedWhen)
							return then?.is === "project" ? areaOfProject(then, pinnedWhen, reading) : { inside: [], outside: [] }
						},
						usual: 50,
					},
					when,
					reading,
					args,
				),
		}),
		timeline: t.field({
			type: EventConnection,
			args: TIMELINE_ARGS,
			resolve: (project, args) => timelineFor(project, args),
		}),
		readiness: t.field({ type: RollUpType, resolve: rollUpOf }),
		findings: t.field({ type: [FindingType], args: OPEN, resolve: (of, which) => findingsIn([judgedNode(of)], which) }),
		deadlines: t.field({ type: [DeadlineType], args: OPEN, resolve: async (of, { open }) => deadlinesIn(await deadlinesOn(judgedNode(of)), open) }),
		ledger: t.field({ type: LedgerType, resolve: ledgerOf }),
	}),
})

export const ProjectFilter = builder.inputType("ProjectFilter", {
	fields: (t) => ({ enlisted: t.boolean(), developer: t.string({ description: "统一社会信用代码" }), name: t.string({ description: "A part of it" }) }),
})

interface ProjectArgs {
	readonly filter?:
		| { readonly enlisted?: boolean | null | undefined; readonly developer?: string | null | undefined; readonly name?: string | null | undefined }
		| null
		| undefined
	readonly first?: number | null | undefined
	readonly after?: string | null | undefined
}

/** Projects looked at in one page, and in counting: a city has some hundreds. */
const MOST_LOOKED = 2000
const SLICE = 200

/** Projects in order of their codes, as of now. */
export const listProjects = async (reading: Reading, { filter, first, after }: ProjectArgs): Promise<Page<ProjectNode>> => {
	const when = nowOf(reading)
	const { enlisted = null, developer = null, name = null } = filter ?? {}
	const of = `projects ${JSON.stringify([enlisted, developer, name])}`
	const place = readCursor(after, of)
	const size = pageSize(first, 20)
	const fits = (view: Project): boolean =>
		(enlisted === null || (view.enlisted !== null) === enlisted) &&
		(developer === null || view.developer?.id === normalForm(developer)) &&
		(name === null || (view.name ?? "").includes(name))
	async function* looked(from: string) {
		for (let at = from, isMore = true; isMore; ) {
			const page = await reading.snapshot.projects(at as Project["code"], SLICE)
			const views = await Promise.all(page.rows.map((scope) => reading.view(scope, when)))
			for (const [n, scope] of page.rows.entries()) {
				const view = views[n]
				yield { scope, project: view?.is === "project" && fits(view) ? view : null }
			}
			at = page.rows.at(-1) ?? at
			isMore = page.isMore
		}
	}
	const start = String(place?.at[0] ?? "")
	const found: Project[] = []
	let [last, seen, hasNextPage] = [start, 0, false]
	if (size > 0)
		for await (const { scope, project } of looked(start)) {
			// Only another that fits makes a next page, unless this one has looked far enough.
			hasNextPage = seen++ >= MOST_LOOKED || (found.length === size && project !== null)
			if (hasNextPage) break
			if (found.length === size) continue
			last = scope
			if (project !== null) found.push(project)
		}
	const cursor = (code: string) => cursorOf({ of, sight: null, at: [code] })
	return {
		edges: found.map((view) => ({ cursor: cursor(view.code), node: { view, when, reading } })),
		hasNextPage,
		endCursor: cursor(last),
		count: async () => {
			let count = 0
			for await (const { project } of looked("")) if (project !== null) count++
			return count
		},
	}
}
