import { type Milestone, type Stage, stageOf, type Unit, type View } from "@yima/lifecycle"
import {
	aboveUnit,
	type Deadline,
	deadlines,
	type Finding,
	type Judgement,
	judge,
	nextSteps,
	type Readiness,
	type RuleSet,
	readinessOf,
	type Step,
} from "@yima/rules"
import type { Scope } from "@yima/schemas"
import type { SeenNode, UnitNode } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import type { When } from "./when.ts"

/** A reading has each view once, so that what is made of a view is made once a question. */
const judgements = new WeakMap<View, Judgement>()

/** What a scope's own facts decide. */
export const judged = <V extends View>({ view, when }: Pick<SeenNode<V>, "view" | "when">): Judgement<V> => {
	const known = judgements.get(view) ?? judge<View>(view, when.asOf)
	judgements.set(view, known)
	return known as Judgement<V>
}

/** A scope with what its own facts decide. */
export interface JudgedNode<V extends View = View> extends SeenNode<V> {
	readonly judgement: Judgement<V>
}

export const judgedNode = <V extends View>(node: SeenNode<V>): JudgedNode<V> => ({ ...node, judgement: judged(node) })

/** The judgement of a code; null where no event in force names it. */
export const judgementOf = async (code: Scope, when: When, reading: Reading): Promise<JudgedNode | null> => {
	const view = await reading.view(code, when)
	return view === null || view.is === "registry" ? null : judgedNode({ view, when, reading })
}

/** A unit, judged with all that is above it. */
export interface JudgedUnit {
	readonly own: JudgedNode<Unit>
	readonly above: readonly JudgedNode[]
	readonly readiness: Readiness
	readonly stage: Stage | null
	readonly milestones: readonly Milestone[]
}

const units = new WeakMap<Unit, Promise<JudgedUnit>>()

const together = (own: JudgedNode<Unit>, above: readonly JudgedNode[]): JudgedUnit => {
	const readiness = readinessOf(
		own.judgement,
		above.map((each) => each.judgement),
	)
	return { own, above, readiness, ...stageOf(own.view, readiness.ready, own.judgement.scene.ruleSet.services) }
}

const judgeUnit = async ({ view, when, reading }: UnitNode): Promise<JudgedUnit> => {
	const found = await Promise.all(aboveUnit(view).map((code) => judgementOf(code, when, reading)))
	return together(
		judgedNode({ view, when, reading }),
		found.filter((each) => each !== null),
	)
}

/** The same facts at the same moment, judged by another rule set. */
export const judgedBy = ({ own, above }: JudgedUnit, ruleSet: RuleSet): JudgedUnit => {
	const again = <V extends View>(node: JudgedNode<V>): JudgedNode<V> => ({ ...node, judgement: judge(node.view, node.when.asOf, ruleSet) })
	return together(again(own), above.map(again))
}

/** Judged once: its stage, its milestones and its readiness rest on the same. */
export const judgedUnit = (unit: UnitNode): Promise<JudgedUnit> => {
	const known = units.get(unit.view) ?? judgeUnit(unit)
	units.set(unit.view, known)
	return known
}

/** A finding with the scope on which it stands. */
export interface OpenFinding {
	readonly finding: Finding
	readonly of: SeenNode
}

export const findingsOn = (node: JudgedNode): readonly OpenFinding[] => node.judgement.findings.map((finding) => ({ finding, of: node }))

/** The time limits that a scope's own facts decide. Those of a project's plan, which its buildings and units meet, come with its members. */
export const deadlinesOf = ({ judgement: { view, scene } }: JudgedNode): readonly Deadline[] => deadlines(view, scene)

export const stepsOfUnit = ({ own, above, readiness }: JudgedUnit): readonly Step[] => nextSteps(own.view, readiness, [own, ...above].flatMap(deadlinesOf))
