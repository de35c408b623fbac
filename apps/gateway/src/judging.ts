import { type Milestone, type Stage, stageOf, type Unit, type View } from "@yima/lifecycle"
import {
	aboveUnit,
	type Deadline,
	deadlines,
	type Finding,
	type Judgement,
	judge,
	type Members,
	nextFinding,
	nextSteps,
	type Readiness,
	type RuleSet,
	readinessOf,
	type Step,
} from "@yima/rules"
import type { Moment, Scope } from "@yima/schemas"
import type { SeenNode, UnitNode } from "./nodes.ts"
import { once } from "./once.ts"
import type { Reading } from "./reading.ts"
import type { When } from "./when.ts"

interface Kept {
	readonly judgement: Judgement
	/** Until time alone raises a finding. */
	readonly until: Moment | null
}

const judgements = new WeakMap<View, Kept>()

/**
 * What a scope's own facts decide. Made once of a view, and good for other questions that see the very same (`Shelf`): then the moment of its scene is
 * an earlier one, by which nothing but limits differs. They are judged by the question's own (`deadlinesOf`).
 */
export const judged = <V extends View>({ view, when: { asOf } }: Pick<SeenNode<V>, "view" | "when">): Judgement<V> => {
	const known = judgements.get(view)
	const isGood = known !== undefined && known.judgement.scene.asOf <= asOf && (known.until === null || asOf < known.until)
	if (isGood) return known.judgement as Judgement<V>
	const judgement = judge(view, asOf)
	judgements.set(view, { judgement, until: nextFinding(view, judgement.scene) })
	return judgement
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

/** What the judgements decide together. */
type Composed = Omit<JudgedUnit, "own" | "above">

const composed = new WeakMap<Judgement, Composed & { readonly above: readonly Judgement[] }>()

const composedOf = (own: Judgement<Unit>, above: readonly Judgement[]): Composed => {
	const known = composed.get(own)
	if (known?.above.length === above.length && above.every((each, n) => known.above[n] === each)) return known
	const readiness = readinessOf(own, above)
	const found = { above, readiness, ...stageOf(own.view, readiness.ready, own.scene.ruleSet.services) }
	composed.set(own, found)
	return found
}

const together = (own: JudgedNode<Unit>, above: readonly JudgedNode[]): JudgedUnit => ({
	...composedOf(
		own.judgement,
		above.map((each) => each.judgement),
	),
	own,
	above,
})

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
export const judgedUnit: (unit: UnitNode) => Promise<JudgedUnit> = once(judgeUnit)

/** A finding with the scope on which it stands. */
export interface OpenFinding {
	readonly finding: Finding
	readonly of: SeenNode
}

export const findingsOn = (node: JudgedNode): readonly OpenFinding[] => node.judgement.findings.map((finding) => ({ finding, of: node }))

/** The time limits that a scope's own facts decide. Those of a project's plan, which its buildings and units meet, come with its members. */
export const deadlinesOf = ({ judgement: { view, scene }, when }: JudgedNode, members: Members | null = null): readonly Deadline[] =>
	deadlines(view, { ...scene, asOf: when.asOf }, members)

export const stepsOfUnit = ({ own, above, readiness }: JudgedUnit): readonly Step[] =>
	nextSteps(
		own.view,
		readiness,
		[own, ...above].flatMap((each) => deadlinesOf(each)),
	)
