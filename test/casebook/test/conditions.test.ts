import { aboveUnit, CONDITION_RULES, type Condition, type ConditionRule, conditionsAt, readinessOf, reasonsOf, ruleSetAt } from "@yima/rules"
import type { Known, Moment, Scope, TypeName } from "@yima/schemas"
import { batch, entryOf, viewAt, type World } from "@yima/test-kit"
import { describe, expect, it } from "vitest"
import { miscounted } from "../src/counting.ts"
import { isUnit, judging, readStories } from "../src/index.ts"
import { only } from "../src/reading.ts"
import { learned } from "../src/run.ts"

const LATEST = Number.MAX_SAFE_INTEGER as Known

/** All that a story says, at each moment that it asks about. */
const worlds = readStories()
	.filter((each) => each.file.startsWith("conditions-"))
	.map((story) => {
		const entries = story.given.map((json, n) => entryOf(json, learned(n), 0, n))
		return { ...batch(entries, LATEST), title: story.title, asOf: [...new Set(story.then.flatMap((each) => each.asOf ?? []))].sort((a, b) => a - b) }
	})
type Told = (typeof worlds)[number]

const decided = (world: World, asOf: Moment, scope: Scope): readonly Condition[] => {
	const judged = judging(world, asOf)
	const own = judged(scope)
	if (own === null) return []
	return isUnit(own)
		? readinessOf(
				own,
				aboveUnit(own.view).flatMap((each) => judged(each) ?? []),
			).conditions
		: conditionsAt(own)
}

const ruleSetOf = (world: World, asOf: Moment): string | undefined => {
	const registry = viewAt(world, "registry", asOf)
	return registry === null ? undefined : ruleSetAt(registry, asOf).name
}

/** What a scope is put together of; null: nobody names it. Which scopes there are, any event may say. */
const above = (world: World, asOf: Moment, scope: Scope): string | null => {
	const view = viewAt(world, scope, asOf)
	return view === null || view.is !== "unit"
		? (view?.code ?? null)
		: aboveUnit(view)
				.filter((each) => viewAt(world, each, asOf) !== null)
				.join()
}

interface Decided {
	readonly where: string
	readonly world: Told
	readonly scope: Scope
	readonly asOf: Moment
	readonly conditions: readonly Condition[]
	/** In what it lies. */
	readonly lies: string | null
}

const all: readonly Decided[] = worlds.flatMap((world) =>
	world.asOf.flatMap((asOf) =>
		[...world.states.keys()].map((scope) => ({
			where: `${world.title} ${scope} ${new Date(asOf / 1000).toISOString()}`,
			world,
			scope,
			asOf,
			conditions: decided(world, asOf, scope),
			lies: above(world, asOf, scope),
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
				const times = [since, ...world.asOf.filter((each) => each > since && each < asOf)].filter((each) => ruleSetOf(world, each) === ruleSetOf(world, asOf))
				const before = times.flatMap((each) => decided(world, each, scope).find((other) => other.id === id)?.status ?? [])
				return scope.startsWith("F9999", 19) || before.every((each) => each === status)
					? []
					: [`${where} ${id} ${status} since ${new Date(since / 1000).toISOString()}, but ${before}`]
			}),
		)
		expect(wrong).toEqual([])
	})

	it("counts in roll-ups as it is decided", () => {
		expect(all.map(({ world, scope, asOf }) => miscounted(world, scope, asOf)).filter((each) => each !== "")).toEqual([])
	})
})

const shown = (conditions: readonly Condition[], { id }: ConditionRule): string =>
	JSON.stringify(conditions.filter((each) => each.id === id).map(({ status, since, proof }) => [status, since, reasonsOf(proof)]))

describe("each condition", () => {
	for (const rule of CONDITION_RULES)
		it(`${rule.id} ${rule.title}: is met and unmet in some story, and reads no more than it says`, () => {
			const statuses = new Set(all.flatMap(({ conditions }) => conditions.filter((each) => each.id === rule.id).map((each) => each.status)))
			expect([...statuses]).toEqual(expect.arrayContaining(["MET", "UNMET"]))
			const types: readonly TypeName[] = [...rule.reads, "survey.predicted", "registrar.condition-waived"]
			const read = new Map(worlds.map((world) => [world, only(world, types)] as const))
			const wrong = all.flatMap(({ where, world, scope, asOf, conditions, lies }) => {
				const part = read.get(world) as Told
				if (lies !== above(part, asOf, scope)) return []
				const [whole, seen] = [conditions, decided(part, asOf, scope)].map((each) => shown(each, rule))
				return whole === seen ? [] : [`${where}\n${whole}\n${seen}`]
			})
			expect(wrong).toEqual([])
		})
})
