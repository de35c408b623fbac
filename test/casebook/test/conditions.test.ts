import { at, type States, type Unit } from "@yima/lifecycle"
import {
	aboveUnit,
	CONDITION_RULES,
	type Condition,
	type ConditionRule,
	conditionsAt,
	counted,
	type Judgement,
	judge,
	readinessOf,
	reasonsOf,
	ruleSetAt,
	summaryOf,
	unitSummaryOf,
} from "@yima/rules"
import type { Known, Moment, Scope, TypeName } from "@yima/schemas"
import { batch, entryOf } from "@yima/test-kit"
import { describe, expect, it } from "vitest"
import { readStories, type Story } from "../src/index.ts"
import { learned } from "../src/run.ts"

const LATEST = Number.MAX_SAFE_INTEGER as Known

/** What decides which scopes see each other, and by which rules, whatever a rule reads. */
const STRUCTURE: ReadonlySet<TypeName> = new Set<TypeName>([
	"survey.predicted",
	"survey.measured",
	"land.parcel-divided",
	"land.parcel-merged",
	"land.parcel-redrawn",
	"project.approved",
	"project.scoped",
	"planning.works-permitted",
	"planning.permit-amended",
	"registration.first-registered",
	"registrar.party-renamed",
	"registrar.ruleset-adopted",
	"registrar.condition-waived",
])

const only = (states: States, types: ReadonlySet<TypeName>): States =>
	new Map(
		[...states].map(([scope, state]) => [
			scope,
			new Map([...state].filter(([, steps]) => steps.every(({ value }) => value === null || types.has(value.type) || STRUCTURE.has(value.type)))),
		]),
	)

interface World {
	readonly story: Story
	readonly states: States
	readonly asOf: readonly Moment[]
}

/** All that a story says, at each moment that it asks about. */
const worlds: readonly World[] = readStories()
	.filter((each) => each.file.startsWith("conditions-"))
	.map((story) => {
		const entries = story.given.map((json, n) => entryOf(json, learned(n), 0, n))
		return { story, states: batch(entries, LATEST).states, asOf: [...new Set(story.then.flatMap((each) => each.asOf ?? []))].sort((a, b) => a - b) }
	})

/** One judgement each, for many units ask the same of what stands above them. */
const judging = (states: States, asOf: Moment): ((scope: Scope) => Judgement | null) => {
	const known = new Map<Scope, Judgement | null>()
	return (scope) => {
		const before = known.get(scope)
		if (before !== undefined) return before
		const view = at(scope, states, asOf, LATEST)
		const found = view === null ? null : judge(view, asOf)
		known.set(scope, found)
		return found
	}
}

const isUnit = (judgement: Judgement): judgement is Judgement<Unit> => judgement.view.is === "unit"

const decided = (states: States, asOf: Moment, scope: Scope): readonly Condition[] => {
	const judged = judging(states, asOf)
	const own = judged(scope)
	if (own === null) return []
	return isUnit(own)
		? readinessOf(
				own,
				aboveUnit(own.view).flatMap((each) => judged(each) ?? []),
			).conditions
		: conditionsAt(own)
}

const ruleSetOf = (states: States, asOf: Moment): string | undefined => {
	const registry = at("registry", states, asOf, LATEST)
	return registry === null ? undefined : ruleSetAt(registry, asOf).name
}

/** What a scope is put together of; null: nobody names it. Which scopes there are, any event may say. */
const above = (states: States, asOf: Moment, scope: Scope): string | null => {
	const view = at(scope, states, asOf, LATEST)
	return view === null || view.is !== "unit"
		? (view?.code ?? null)
		: aboveUnit(view)
				.filter((each) => at(each, states, asOf, LATEST) !== null)
				.join()
}

interface Decided {
	readonly where: string
	readonly world: World
	readonly scope: Scope
	readonly asOf: Moment
	readonly conditions: readonly Condition[]
	/** In what it lies. */
	readonly lies: string | null
}

const all: readonly Decided[] = worlds.flatMap((world) =>
	world.asOf.flatMap((asOf) =>
		[...world.states.keys()].map((scope) => ({
			where: `${world.story.title} ${scope} ${new Date(asOf / 1000).toISOString()}`,
			world,
			scope,
			asOf,
			conditions: decided(world.states, asOf, scope),
			lies: above(world.states, asOf, scope),
		})),
	),
)

describe("a condition", () => {
	it("names no person, not even by a blind index", () => {
		const statements = all.flatMap(({ conditions }) => conditions.flatMap((each) => reasonsOf(each.proof).map(({ statement }) => statement)))
		expect(statements.filter((each) => /[0-9a-f]{24}|[甲乙丙丁]某|INVENTED\d(?!\d)/.test(each))).toEqual([])
	})

	it("has been as it is since the moment that it names", () => {
		const wrong = all.flatMap(({ where, world, scope, asOf, conditions }) =>
			conditions.flatMap(({ id, status, since }) => {
				if (since === null) return []
				if (since > asOf) return [`${where} ${id} 将来`]
				// What came to be in between, or lay nowhere, and what another rule set decided, is not asked.
				const times = [since, ...world.asOf.filter((each) => each > since && each < asOf)].filter(
					(each) => ruleSetOf(world.states, each) === ruleSetOf(world.states, asOf),
				)
				const before = times.flatMap((each) => decided(world.states, each, scope).find((other) => other.id === id)?.status ?? [])
				return scope.startsWith("F9999", 19) || before.every((each) => each === status)
					? []
					: [`${where} ${id} ${status} since ${new Date(since / 1000).toISOString()}, but ${before}`]
			}),
		)
		expect(wrong).toEqual([])
	})

	it("counts in roll-ups as it is decided", () => {
		const wrong = all.flatMap(({ where, world, scope, asOf }) => {
			const judged = judging(world.states, asOf)
			const own = judged(scope)
			if (own === null || !isUnit(own)) return []
			const above = aboveUnit(own.view).flatMap((each) => judged(each) ?? [])
			const { ready, sold, blocking, blockingFindings } = readinessOf(own, above)
			const kept = counted(unitSummaryOf(own, above), above.map(summaryOf))
			const [wanted, got] = [
				{ ready, sold, unmet: blocking.map((each) => each.id).sort(), blocks: [...new Set(blockingFindings.map((each) => each.code))].sort() },
				{ ready: kept.ready, sold: kept.sold, unmet: [...kept.unmet].sort(), blocks: [...kept.blocks].sort() },
			]
			return JSON.stringify(wanted) === JSON.stringify(got) ? [] : [`${where}: ${JSON.stringify(wanted)} ${JSON.stringify(got)}`]
		})
		expect(wrong).toEqual([])
	})
})

const shown = (conditions: readonly Condition[], { id }: ConditionRule): string =>
	JSON.stringify(conditions.filter((each) => each.id === id).map(({ status, since, proof }) => [status, since, reasonsOf(proof)]))

describe("each condition", () => {
	for (const rule of CONDITION_RULES)
		it(`${rule.id} ${rule.title}: is met and unmet in some story, and reads no more than it says`, () => {
			const statuses = new Set(all.flatMap(({ conditions }) => conditions.filter((each) => each.id === rule.id).map((each) => each.status)))
			expect([...statuses]).toEqual(expect.arrayContaining(["MET", "UNMET"]))
			const types = new Set(rule.reads)
			const read = new Map(worlds.map((world) => [world, only(world.states, types)] as const))
			const wrong = all.flatMap(({ where, world, scope, asOf, conditions, lies }) => {
				const states = read.get(world) as States
				if (lies !== above(states, asOf, scope)) return []
				const [whole, part] = [conditions, decided(states, asOf, scope)].map((each) => shown(each, rule))
				return whole === part ? [] : [`${where}\n${whole}\n${part}`]
			})
			expect(wrong).toEqual([])
		})
})
