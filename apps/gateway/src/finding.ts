import { setImmediate as pause } from "node:timers/promises"
import { at, nextDue, type View } from "@yima/lifecycle"
import { deadlines, type Finding, findings, nextDeadline, sceneOf } from "@yima/rules"
import type { Known, Moment } from "@yima/schemas"
import { builder } from "./builder.ts"
import { scopeOfAny } from "./codes.ts"
import { findingsOn, type JudgedNode, type OpenFinding } from "./judging.ts"
import { type EventNode, EventRefRef, eventIn } from "./nodes.ts"
import { once } from "./once.ts"
import { refusal } from "./refusal.ts"
import { placedKind, ScopeEnum } from "./scope-kind.ts"

/** A finding, open or cleared. */
export interface FindingNode {
	readonly finding: Omit<Finding, "proof" | "evidence">
	readonly evidence: readonly EventNode[]
	readonly clearedAt: Moment | Known | null
}

export const findingNode = ({ finding, of }: OpenFinding, clearedAt: Moment | null = null): FindingNode => ({
	finding,
	evidence: finding.evidence.map((key) => eventIn(of, key)),
	clearedAt,
})

export const SeverityEnum = builder.enumType("Severity", { values: ["BLOCK", "HOLD", "NOTE"] as const })

export const FindingType = builder.objectRef<FindingNode>("Finding").implement({
	description: "异常: facts that contradict each other, or an act that was not allowed. scope, subject: where it stands; what lies below inherits it",
	fields: (t) => ({
		code: t.id({ resolve: ({ finding }) => finding.code }),
		title: t.string({ resolve: ({ finding }) => finding.title }),
		severity: t.field({ type: SeverityEnum, resolve: ({ finding }) => finding.severity }),
		scope: t.field({ type: ScopeEnum, resolve: ({ finding }) => placedKind(finding.scope) }),
		subject: t.string({ resolve: ({ finding }) => finding.scope }),
		explanation: t.string({ resolve: ({ finding }) => finding.explanation }),
		responsible: t.string({ resolve: ({ finding }) => finding.responsible }),
		basis: t.string({ resolve: ({ finding }) => finding.basis }),
		evidence: t.field({ type: [EventRefRef], resolve: ({ evidence }) => evidence }),
		raisedAt: t.field({ type: "DateTime", resolve: ({ finding }) => finding.since }),
		clearedAt: t.field({ type: "DateTime", nullable: true, resolve: ({ clearedAt }) => clearedAt }),
	}),
})

/** The most moments at which one scope is judged to tell what was open earlier: a unit has some two hundred. */
const MOST_MOMENTS = 2000

type States = Awaited<ReturnType<JudgedNode["reading"]["states"]>>

/** A scope as it was; null: nobody had named it. */
interface Then {
	readonly moment: Moment
	readonly view: View | null
}

/**
 * The moments up to `asOf` at which anything may become otherwise, in order: of each event that is known, each date in them, each time limit.
 * Looked for by what is known last, so that what was known then is added.
 */
function* momentsOf({ view, when: { asOf, knownAt } }: JudgedNode, states: States): Generator<Then, void, void> {
	const scope = scopeOfAny(view.code)
	const times = [...view.timeline.map(({ fact }) => fact.time), asOf].sort((a, b) => a - b)
	let then: View | null = null
	for (let [after, count] = [Number.MIN_SAFE_INTEGER as Moment, 0]; after < asOf; count++) {
		if (count > MOST_MOMENTS) throw refusal("TOO_COMPLEX", `${view.code} 的历史过长,无法逐时点回溯已消除的异常;请只查未消除的(open: true)`)
		const due = [
			times.find((each) => each > after) ?? asOf,
			nextDue(scope, states, after, then) ?? asOf,
			(then === null ? null : nextDeadline(deadlines(then, sceneOf(then, after)), after)) ?? asOf,
		]
		after = Math.min(...due) as Moment
		then = at(view.code, states, after, knownAt)
		yield { moment: after, view: then }
	}
}

/** How many moments are looked at before others get their turn. */
const BREATH = 20

/**
 * What was open on a scope earlier and no longer is: the scope is judged at each moment at which its view may change, and right before it,
 * for what time alone raises; always by what was known then. A flat of some fifty events costs some tenths of a second.
 */
const lookBack = async (node: JudgedNode): Promise<readonly FindingNode[]> => {
	const { view, when, reading } = node
	const states = await reading.states([scopeOfAny(view.code)])
	const cleared: FindingNode[] = []
	let open: ReadonlyMap<string, Finding> = new Map()
	const look = ({ moment, view: then }: Then): void => {
		const found = then === null ? [] : findings(then, sceneOf(then, moment))
		const now = new Map(found.map((finding) => [`${finding.code} ${finding.on}`, finding]))
		for (const [id, finding] of open) if (!now.has(id)) cleared.push(findingNode({ finding, of: node }, moment))
		open = now
	}
	let [last, count] = [Number.NEGATIVE_INFINITY, 0]
	for (const then of momentsOf(node, states)) {
		const before = (then.moment - 1) as Moment
		if (last > Number.NEGATIVE_INFINITY && last < before) look({ moment: before, view: at(view.code, states, before, when.knownAt) })
		look(then)
		last = then.moment
		if (++count % BREATH === 0) await pause()
	}
	return cleared
}

/** Looked back once a question: many units lie below one building. */
const clearedOn = once(lookBack)

interface Which {
	readonly open?: boolean | null | undefined
}

/** The findings of scopes, by what was first to be raised; `open`: true only those, false only those that are cleared, null all. */
export const findingsIn = async (nodes: readonly JudgedNode[], { open }: Which): Promise<readonly FindingNode[]> => {
	const standing = open === false ? [] : nodes.flatMap(findingsOn).map((each) => findingNode(each))
	const cleared = open === true ? [] : (await Promise.all(nodes.map(clearedOn))).flat()
	return [...standing, ...cleared].sort((a, b) => a.finding.since - b.finding.since)
}
