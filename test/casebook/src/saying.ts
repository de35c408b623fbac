import { aboveUnit, conditionsAt, nextSteps, type Proof, readinessOf } from "@yima/rules"
import { type Known, type Moment, type Scope, TYPE_NAMES } from "@yima/schemas"
import type { World } from "@yima/test-kit"
import { miscounted } from "./counting.ts"
import { knownOf, told } from "./expectation.ts"
import { isUnit, judging } from "./judging.ts"
import { limitsOf } from "./limits.ts"
import type { Story } from "./story.ts"

/** In Chinese; a lineage is a row of codes. */
const isSaid = (text: string): boolean => /[\p{Script=Han}→]/u.test(text)
const types: ReadonlySet<string> = new Set(TYPE_NAMES)

/** Of one thing that somebody is to do: its name, the event by which it becomes known, whose turn it is. */
const isAct = ({ type, title, responsible }: { readonly type: string; readonly title: string; readonly responsible: string | undefined }): boolean =>
	types.has(type) && isSaid(title) && (responsible === undefined || isSaid(responsible))

const nodes = (proof: Proof): readonly Proof[] => [proof, ...proof.parts.flatMap(nodes)]

const faults = (root: Proof, isKnown: (key: string) => boolean): readonly string[] =>
	nodes(root).flatMap(({ statement, evidence, cures }) => [
		...(isSaid(statement) ? [] : [`“${statement}” says nothing`]),
		...(evidence.every(isKnown) ? [] : [`“${statement}” rests on ${evidence}`]),
		...cures.filter((each) => !isAct({ responsible: undefined, ...each })).map((each) => `“${statement}” is cured by ${JSON.stringify(each)}`),
	])

/** What came to be so by an event names it. */
const unnamed = (root: Proof): readonly string[] =>
	nodes(root).flatMap(({ statement, evidence, since, parts }) =>
		since === null || evidence.length > 0 || parts.length > 0 ? [] : [`“${statement}” is so since an event that it does not name`],
	)

/** What is decided of a scope: the reasons, what is to be done and until when. */
const unsaidOf = (world: World, asOf: Moment, known: Known, isKnown: (key: string) => boolean): readonly string[] => {
	const judged = judging(world, asOf, known)
	return [...world.states.keys()].flatMap((scope) => {
		const own = judged(scope)
		if (own === null) return []
		const limits = limitsOf(own.view, own.scene, world, (each) => judged(each)?.view ?? null)
		const readiness = isUnit(own)
			? readinessOf(
					own,
					aboveUnit(own.view).flatMap((each: Scope) => judged(each) ?? []),
				)
			: null
		const steps = readiness === null || !isUnit(own) ? [] : nextSteps(own.view, readiness, limits)
		const conditions = readiness?.conditions ?? conditionsAt(own)
		return [
			...[...conditions, ...own.findings].flatMap(({ proof }) => faults(proof, isKnown)),
			...conditions.flatMap(({ proof }) => unnamed(proof)),
			...own.findings.filter((each) => !each.explanation.includes("解除所需")).map((each) => `“${each.explanation}” does not say what would end it`),
			...steps.filter((each) => !isAct({ ...each, type: each.eventType })).map((each) => `step ${JSON.stringify(each)}`),
			...limits.filter((each) => ![each.title, each.responsible, each.basis].every(isSaid)).map((each) => `limit ${JSON.stringify(each)}`),
			...limits.filter((each) => each.events.length === 0 || !each.events.every(isKnown)).map((each) => `limit ${each.id} rests on ${each.events}`),
		].map((each) => `${scope} ${new Date(asOf / 1000).toISOString()}: ${each}`)
	})
}

/**
 * What every decision promises, held against a story that is told once: each reason says something and rests on events that there are,
 * and each act that is wanted has a name and somebody whose turn it is. Answers what is not so.
 */
export const saying = (story: Story): (() => readonly string[]) => {
	const world = told(story)
	const keys = new Set<string>([...world.states.values()].flatMap((state) => [...state.keys()]))
	const asked = new Map(
		story.then.flatMap((each) =>
			each.asOf === null ? [] : [[`${each.asOf} ${knownOf(each, story)}`, { asOf: each.asOf, known: knownOf(each, story) }] as const],
		),
	)
	return () => [...asked.values()].flatMap(({ asOf, known }) => unsaidOf(world, asOf, known, (key) => keys.has(key)))
}

/** What is kept of each unit of a story for roll-ups is what is decided of it: answers where it is not. */
export const counting = (story: Story): (() => readonly string[]) => {
	const world = told(story)
	const moments = [...new Set(story.then.flatMap((each) => each.asOf ?? []))]
	return () => moments.flatMap((asOf) => [...world.states.keys()].map((scope) => miscounted(world, scope, asOf)).filter((each) => each !== ""))
}
