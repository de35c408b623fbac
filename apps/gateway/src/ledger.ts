import type { Project } from "@yima/lifecycle"
import { ACTS, type Act, type Blocking, type Members, type PlannedDate, plannedOn, rollUp } from "@yima/rules"
import { type LocalDate, localDate, type Moment } from "@yima/schemas"
import { builder } from "./builder.ts"
import { type JudgedNode, judgedNode } from "./judging.ts"
import { membersOf } from "./members.ts"
import type { ProjectNode } from "./nodes.ts"
import { BlockingCount, blockingBelow } from "./roll-up.ts"

const LedgerAct = builder.enumType("LedgerAct", { values: ACTS })

interface DateNode {
	readonly act: Act
	readonly plannedOn: LocalDate | null
	readonly actualOn: LocalDate | null
}

const LedgerDate = builder.objectRef<DateNode>("LedgerDate").implement({
	description: "actualOn: when the last building (HANDOVER: the last sold unit) had it; null until all have",
	fields: (t) => ({
		act: t.field({ type: LedgerAct, resolve: ({ act }) => act }),
		plannedOn: t.field({ type: "Date", nullable: true, resolve: ({ plannedOn }) => plannedOn }),
		actualOn: t.field({ type: "Date", nullable: true, resolve: ({ actualOn }) => actualOn }),
	}),
})

interface LedgerNode {
	readonly buildingCount: number
	readonly unitCount: number
	readonly soldCount: number
	readonly readyCount: number
	readonly certifiedCount: number
	readonly dates: readonly DateNode[]
	readonly node: JudgedNode
	readonly blocking: readonly Blocking[]
	readonly updatedAt: Moment
}

export const LedgerType = builder.objectRef<LedgerNode>("LedgerRow").implement({
	description: "电子台账",
	fields: (t) => ({
		buildingCount: t.exposeInt("buildingCount"),
		unitCount: t.exposeInt("unitCount"),
		soldCount: t.exposeInt("soldCount"),
		readyCount: t.exposeInt("readyCount"),
		certifiedCount: t.exposeInt("certifiedCount"),
		dates: t.field({ type: [LedgerDate], resolve: ({ dates }) => dates }),
		blocking: t.field({ type: [BlockingCount], resolve: ({ node, blocking }) => blockingBelow(node, blocking) }),
		updatedAt: t.field({ type: "DateTime", description: "As of when it is drawn up", resolve: ({ updatedAt }) => updatedAt }),
	}),
})

const PLANNED = {
	COMPLETION: "completionDueOn",
	ACCEPTANCE: null,
	MEASURED_SURVEY: null,
	FIRST_REGISTRATION: "firstRegistrationDueOn",
	HANDOVER: "handoverDueOn",
} as const satisfies Readonly<Record<Act, PlannedDate | null>>

const lastOf = (act: Act, { buildings, units }: Members): LocalDate | null => {
	const all = act === "HANDOVER" ? units.filter(({ sold }) => sold) : buildings
	const done = all.flatMap(({ acts }) => acts[act] ?? [])
	return all.length === 0 || done.length < all.length ? null : localDate(Math.max(...done) as Moment)
}

const datesOf = (project: Project, members: Members): readonly DateNode[] => {
	return ACTS.map((act) => {
		const planned = PLANNED[act]
		return { act, plannedOn: planned === null ? null : plannedOn(project, planned), actualOn: lastOf(act, members) }
	})
}

export const ledgerOf = async (node: ProjectNode): Promise<LedgerNode> => {
	const { units, members } = await membersOf(node)
	const { sold, ready, blocking } = rollUp(units)
	return {
		buildingCount: members.buildings.length,
		unitCount: units.length,
		soldCount: sold,
		readyCount: ready,
		certifiedCount: units.filter(({ stage }) => stage === "CERTIFIED" || stage === "SERVED").length,
		dates: datesOf(node.view, members),
		node: judgedNode(node),
		blocking,
		updatedAt: node.when.asOf,
	}
}
