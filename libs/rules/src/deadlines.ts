import type { View } from "@yima/lifecycle"
import { type Deadline, termsOf } from "./deadline.ts"
import { DEADLINE_RULES } from "./deadlines/list.ts"
import type { Scene } from "./scene.ts"
import type { Members } from "./summary.ts"

/** The time limits that have begun on a scope by the moment asked, met or not. */
export const deadlines = (view: View, scene: Scene, members: Members | null = null): readonly Deadline[] =>
	DEADLINE_RULES.flatMap((rule) => {
		const { id, title, basis } = rule
		const change = scene.ruleSet.deadlines[id]
		if (change?.off === true) return []
		return termsOf(rule, view, scene, members).map((term) => ({
			...term,
			id,
			title,
			scope: view.code,
			responsible: change?.responsible ?? rule.responsible,
			basis,
			overdue: term.metAt === null && term.pausedSince === null && term.dueAt <= scene.asOf,
		}))
	})
