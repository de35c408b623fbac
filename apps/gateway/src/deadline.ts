import type { Deadline } from "@yima/rules"
import { builder } from "./builder.ts"
import { deadlinesOf, type JudgedNode } from "./judging.ts"
import { plannedMembers } from "./members.ts"
import { placedKind, ScopeEnum } from "./scope-kind.ts"

export const DeadlineType = builder.objectRef<Deadline>("Deadline").implement({
	description: "时限: id is D01 …; dueAt: what is done from then on is late; it stays overdue until it is met",
	fields: (t) => ({
		id: t.exposeID("id"),
		title: t.exposeString("title"),
		scope: t.field({ type: ScopeEnum, resolve: ({ scope }) => placedKind(scope) }),
		subject: t.string({ resolve: ({ scope }) => scope }),
		responsible: t.exposeString("responsible"),
		basis: t.exposeString("basis"),
		startedAt: t.field({ type: "DateTime", resolve: ({ startedAt }) => startedAt }),
		dueAt: t.field({ type: "DateTime", resolve: ({ dueAt }) => dueAt }),
		pausedSince: t.field({ type: "DateTime", nullable: true, resolve: ({ pausedSince }) => pausedSince }),
		metAt: t.field({ type: "DateTime", nullable: true, resolve: ({ metAt }) => metAt }),
		overdue: t.exposeBoolean("overdue"),
		note: t.string({
			nullable: true,
			description: "What is not certain of it, for people: years whose holidays and make-up days nobody knows yet",
			resolve: ({ guessedYears }) => (guessedYears.length === 0 ? null : `${guessedYears.join("、")} 年的放假调休安排未知,按周一至周五为工作日计;公布后会变`),
		}),
	}),
})

/** `open`: true only those that are not met, false only those that are, null all; what is due first comes first. */
export const deadlinesIn = (all: readonly Deadline[], open: boolean | null | undefined): readonly Deadline[] =>
	all.filter(({ metAt }) => open === null || open === undefined || (metAt === null) === open).sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))

/** The time limits that stand at a scope; of a project also those of its plan, which its buildings and units meet together. */
export const deadlinesOn = async (node: JudgedNode): Promise<readonly Deadline[]> => {
	const { view, when, reading } = node
	return deadlinesOf(node, view.is === "project" ? await plannedMembers({ view, when, reading }) : null)
}
