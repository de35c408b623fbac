import { type Condition, conditionsAt, type Readiness, type Step } from "@yima/rules"
import { wireTypeOf } from "@yima/schemas"
import { builder } from "./builder.ts"
import { type FindingNode, FindingType, findingNode } from "./finding.ts"
import { type JudgedNode, type JudgedUnit, stepsOfUnit } from "./judging.ts"
import { EventRefRef, eventIn, type Of } from "./nodes.ts"
import { type ReasonNode, ReasonType } from "./reason.ts"
import { ScopeEnum } from "./scope-kind.ts"

const ConditionStatus = builder.enumType("ConditionStatus", { values: ["MET", "UNMET", "WAIVED", "NOT_APPLICABLE"] as const })

export const ConditionType = builder.objectRef<Of<Condition>>("Condition").implement({
	description: "条件: P1–P9 of the project, U1–U12 of the unit; scope: whose facts decide it",
	fields: (t) => ({
		id: t.id({ resolve: ({ it }) => it.id }),
		title: t.string({ resolve: ({ it }) => it.title }),
		scope: t.field({ type: ScopeEnum, resolve: ({ it }) => it.scope }),
		status: t.field({ type: ConditionStatus, resolve: ({ it }) => it.status }),
		responsible: t.string({ resolve: ({ it }) => it.responsible }),
		basis: t.string({ resolve: ({ it }) => it.basis }),
		remedy: t.string({ nullable: true, resolve: ({ it }) => (it.status === "UNMET" ? it.remedy : null) }),
		because: t.field({
			type: [ReasonType],
			resolve: ({ it, of }) => it.because.map((each): ReasonNode => ({ ...each, evidence: each.evidence.map((key) => eventIn(of, key)) })),
		}),
		evidence: t.field({ type: [EventRefRef], resolve: ({ it, of }) => it.evidence.map((key) => eventIn(of, key)) }),
		since: t.field({ type: "DateTime", nullable: true, resolve: ({ it }) => it.since }),
	}),
})

export const StepType = builder.objectRef<Step>("Step").implement({
	description: "下一步: one of condition, finding; waitsFor: ids of conditions that come first",
	fields: (t) => ({
		condition: t.id({ nullable: true, resolve: ({ condition }) => condition }),
		finding: t.id({ nullable: true, resolve: ({ finding }) => finding }),
		eventType: t.string({ resolve: ({ eventType }) => wireTypeOf(eventType) }),
		title: t.exposeString("title"),
		responsible: t.exposeString("responsible"),
		possibleNow: t.exposeBoolean("possibleNow"),
		waitsFor: t.idList({ resolve: ({ waitsFor }) => [...waitsFor] }),
		dueAt: t.field({ type: "DateTime", nullable: true, resolve: ({ dueAt }) => dueAt }),
	}),
})

const isAsked = ({ status }: Condition): boolean => status !== "NOT_APPLICABLE"
const isDone = ({ status }: Condition): boolean => status === "MET" || status === "WAIVED"

const shown = (conditions: readonly Condition[], { own }: JudgedUnit): readonly Of<Condition>[] => conditions.map((it) => ({ it, of: own }))

/** The findings of a unit's readiness stand in its own history and in those above it. */
const blockingOf = ({ own, readiness }: JudgedUnit): readonly FindingNode[] => readiness.blockingFindings.map((finding) => findingNode({ finding, of: own }))

export const ReadinessType = builder.objectRef<JudgedUnit>("Readiness").implement({
	description: "交房即交证: met of total conditions that are asked, waived ones among the met",
	fields: (t) => {
		const of = <A>(read: (readiness: Readiness) => A) => ({ resolve: ({ readiness }: JudgedUnit) => read(readiness) })
		return {
			ready: t.boolean(of(({ ready }) => ready)),
			ruleSet: t.string(of(({ ruleSet }) => ruleSet)),
			evaluatedAt: t.field({ type: "DateTime", resolve: ({ own }) => own.when.asOf }),
			met: t.int(of(({ conditions }) => conditions.filter(isDone).length)),
			total: t.int(of(({ conditions }) => conditions.filter(isAsked).length)),
			conditions: t.field({ type: [ConditionType], resolve: (unit) => shown(unit.readiness.conditions, unit) }),
			blocking: t.field({ type: [ConditionType], resolve: (unit) => shown(unit.readiness.blocking, unit) }),
			blockingFindings: t.field({ type: [FindingType], resolve: blockingOf }),
			nextSteps: t.field({
				type: [StepType],
				description: "One step for each act that an unmet condition or a blocking finding wants, ordered by what must come first",
				resolve: stepsOfUnit,
			}),
		}
	},
})

/** The conditions that a building, parcel or project decides. */
export const conditionsOf = (node: JudgedNode): readonly Of<Condition>[] => conditionsAt(node.judgement).map((it) => ({ it, of: node }))
