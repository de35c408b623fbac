import type { Building, Project } from "@yima/lifecycle"
import { type Blocking, CONDITION_RULES, conditionsAt, FINDING_RULES, nextSteps, plannedOn, type RollUp, rollUp, type Step } from "@yima/rules"
import type { LocalDate } from "@yima/schemas"
import { builder } from "./builder.ts"
import { deadlinesOf, type JudgedNode, judgedNode } from "./judging.ts"
import { membersOf } from "./members.ts"
import type { SeenNode } from "./nodes.ts"
import { ConditionType, conditionsOf, StepType } from "./readiness.ts"
import { StageEnum } from "./stage.ts"
import { projectFor } from "./unit.ts"

interface BlockingNode extends Blocking {
	/** Where the rule set gives it to another than the rule does. */
	readonly responsible: string | undefined
}

export const BlockingCount = builder.objectRef<BlockingNode>("BlockingCount").implement({
	description: "What blocks how many sold units; one of condition, finding",
	fields: (t) => {
		const rule = ({ is, id }: Blocking) =>
			is === "condition" ? CONDITION_RULES.find((each) => each.id === id) : FINDING_RULES.find((each) => each.code === id)
		return {
			condition: t.id({ nullable: true, resolve: ({ is, id }) => (is === "condition" ? id : null) }),
			finding: t.id({ nullable: true, resolve: ({ is, id }) => (is === "finding" ? id : null) }),
			title: t.string({ resolve: (each) => rule(each)?.title ?? each.id }),
			responsible: t.string({ resolve: (each) => each.responsible ?? rule(each)?.responsible ?? "" }),
			units: t.exposeInt("units"),
		}
	},
})

/** What blocks the units below a scope, with whose turn it is. */
export const blockingBelow = ({ judgement: { scene } }: JudgedNode, blocking: readonly Blocking[]): readonly BlockingNode[] =>
	blocking.map((each) => ({ ...each, responsible: scene.ruleSet[each.is === "condition" ? "conditions" : "findings"][each.id]?.responsible }))

const StageCount = builder.objectRef<RollUp["byStage"][number]>("StageCount").implement({
	fields: (t) => ({ stage: t.field({ type: StageEnum, resolve: ({ stage }) => stage }), units: t.exposeInt("units") }),
})

interface RollUpNode extends RollUp {
	readonly node: JudgedNode<Building | Project>
	readonly expectedReadyOn: LocalDate | null
}

/** The steps that a scope's own conditions and findings want. */
const stepsAt = (node: JudgedNode<Building | Project>): readonly Step[] => {
	const { judgement, view } = node
	const conditions = conditionsAt(judgement)
	return nextSteps(
		{ contracts: [], lines: view.lines, project: view.is === "project" ? view.code : view.project },
		{
			ready: false,
			sold: false,
			ruleSet: judgement.scene.ruleSet.name,
			conditions,
			blocking: conditions.filter(({ status }) => status === "UNMET"),
			blockingFindings: judgement.findings.filter(({ severity }) => severity === "BLOCK"),
		},
		deadlinesOf(node),
	)
}

export const RollUpType = builder.objectRef<RollUpNode>("ReadinessRollUp").implement({
	description: "Of a building or a project: conditions of that scope, ready of sold, units by stage, what blocks, by condition or finding and department",
	fields: (t) => ({
		nextSteps: t.field({ type: [StepType], description: "What the conditions and findings of this scope want", resolve: ({ node }) => stepsAt(node) }),
		sold: t.exposeInt("sold"),
		conditions: t.field({ type: [ConditionType], resolve: ({ node }) => conditionsOf(node) }),
		units: t.exposeInt("units"),
		ready: t.exposeInt("ready"),
		byStage: t.field({ type: [StageCount], resolve: ({ byStage }) => byStage }),
		blocking: t.field({ type: [BlockingCount], resolve: ({ node, blocking }) => blockingBelow(node, blocking) }),
		expectedReadyOn: t.field({
			type: "Date",
			nullable: true,
			description: "By the project's plan; null where all that is sold is ready, or nothing is planned",
			resolve: ({ expectedReadyOn }) => expectedReadyOn,
		}),
	}),
})

/** By the plan: completed and first registered; where neither is planned, the day of handing over. */
const expectedOn = (project: Project | null): LocalDate | null => {
	if (project === null) return null
	const before = [plannedOn(project, "completionDueOn"), plannedOn(project, "firstRegistrationDueOn")].filter((each) => each !== null).sort()
	return before.at(-1) ?? plannedOn(project, "handoverDueOn")
}

export const rollUpOf = async (node: SeenNode<Building | Project>): Promise<RollUpNode> => {
	const { view, when, reading } = node
	const { units } = await membersOf(node)
	const sums = rollUp(units)
	const project = view.is === "project" ? view : view.project === null ? null : ((await projectFor(view.project, when, reading))?.view ?? null)
	return { ...sums, node: judgedNode(node), expectedReadyOn: sums.ready === sums.sold && sums.sold > 0 ? null : expectedOn(project) }
}
