import { stageOf } from "@yima/lifecycle"
import { aboveUnit, CONDITION_RULES, readinessOf } from "@yima/rules"
import { equal, formatMoment, type Moment, type Scope } from "@yima/schemas"
import { disordersOf, isUnit, judging, limitsOf, readStories, type Story, told } from "@yima/test-casebook"
import type { World } from "@yima/test-kit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startTown, type Town } from "../src/town.ts"

const QUERY = `query($code: UnitCode!, $asOf: DateTime) { unit(code: $code, asOf: $asOf) {
	status stage readiness { ready ruleSet conditions { id status } } findings { code subject severity } deadlines(open: null) { id subject dueAt metAt } } }`

const LISTED = `{ all: units(filter: {}, first: 50) { edges { node { code stage readiness { ready } } } }
	${CONDITION_RULES.map(({ id }) => `${id}: units(filter: { unmet: ["${id}"] }, first: 50) { edges { node { code } } }`).join("\n")} }`

const SEEN = `query($codes: [UnitCode!]!) { unitsByCodes(codes: $codes) { code status stage readiness { ready blocking { id } } } }`

interface Listed {
	readonly edges: readonly { readonly node: { readonly code: string } }[]
}

interface Seen {
	readonly code: string
	readonly status: string
	readonly stage: string | null
	readonly readiness: { readonly ready: boolean; readonly blocking: readonly { readonly id: string }[] }
}

/** Where lists of now, which are answered by what is kept, say other than each unit says of itself. */
const listedWrong = async (town: Town): Promise<readonly string[]> => {
	const lists = (await town.ask(LISTED)).data as Readonly<Record<string, Listed>>
	const codes = (lists["all"]?.edges ?? []).map(({ node }) => node.code)
	const units: readonly Seen[] = codes.length === 0 ? [] : (await town.ask(SEEN, { codes })).data.unitsByCodes
	const standing = units.filter(({ status }) => status !== "RETIRED")
	const wanted = {
		all: units.map(({ code, stage, readiness: { ready } }) => ({ code, stage, readiness: { ready } })),
		...Object.fromEntries(
			CONDITION_RULES.map(({ id }) => [id, standing.flatMap(({ code, readiness }) => (readiness.blocking.some((each) => each.id === id) ? [{ code }] : []))]),
		),
	}
	return Object.entries(wanted).flatMap(([id, all]) => {
		const shown = lists[id]?.edges.map(({ node }) => node)
		return equal(shown, all) ? [] : [`list ${id}\n  shown ${JSON.stringify(shown)}\n  seen  ${JSON.stringify(all)}`]
	})
}

const sorted = (all: readonly object[]): readonly string[] => all.map((each) => JSON.stringify(each)).sort()

/** What the core says of a unit, in the words of the question. */
const wanted = (world: World, code: Scope, asOf: Moment): object | null => {
	const judged = judging(world, asOf)
	const own = judged(code)
	if (!isUnit(own)) return null
	const { view } = own
	const above = aboveUnit(view).flatMap((scope) => judged(scope) ?? [])
	const readiness = readinessOf(own, above)
	const all = [own, ...above]
	return {
		status: view.status,
		stage: stageOf(view, readiness.ready, own.scene.ruleSet.services).stage,
		readiness: { ready: readiness.ready, ruleSet: readiness.ruleSet, conditions: readiness.conditions.map(({ id, status }) => ({ id, status })) },
		findings: sorted(all.flatMap((each) => each.findings.map(({ code: finding, scope, severity }) => ({ code: finding, subject: scope, severity })))),
		deadlines: sorted(
			all.flatMap((each) =>
				limitsOf(each.view, each.scene, world, (scope) => judged(scope)?.view ?? null).map(({ id, scope, dueAt, metAt }) => ({
					id,
					subject: scope,
					dueAt: formatMoment(dueAt),
					metAt: metAt === null ? null : formatMoment(metAt),
				})),
			),
		),
	}
}

interface Shown {
	readonly findings: readonly object[]
	readonly deadlines: readonly object[]
}

/** What a story asks: units, as of some moments. */
const questionsOf = ({ then }: Story) =>
	then.flatMap(({ asOf, see }) =>
		[...see.keys()].flatMap((code) => (asOf === null || code.length !== 28 || code.startsWith("project:") ? [] : [{ code, asOf: asOf as Moment }])),
	)

const answered = async (code: Scope, asOf: Moment, town: Town): Promise<object | null> => {
	const { data, errors } = await town.ask(QUERY, { code, asOf: formatMoment(asOf) })
	if (errors !== undefined) return { errors }
	const unit = data.unit as Shown | null
	return unit === null ? null : { ...unit, findings: sorted(unit.findings), deadlines: sorted(unit.deadlines) }
}

/** In whatever order a story is told, its units say what the core says of it told in its own. */
const wrongOf = async (story: Story, town: Town): Promise<readonly string[]> => {
	const world = told(story)
	const questions = questionsOf(story).map((each) => ({ ...each, core: wanted(world, each.code, each.asOf) }))
	const wrong: string[] = []
	for (const { name, all } of [{ name: "顺序", all: story.given }, ...disordersOf(story.given)]) {
		await town.reset()
		await town.submit(all)
		const found = await Promise.all(
			questions.map(async ({ code, asOf, core }) => {
				const shown = await answered(code, asOf, town)
				return equal(shown, core) ? [] : [`${code} ${formatMoment(asOf)}\n  shown ${JSON.stringify(shown)}\n  core  ${JSON.stringify(core)}`]
			}),
		)
		wrong.push(...[...found.flat(), ...(await listedWrong(town))].map((each) => `「${story.title}」${name} ${each}`))
	}
	return wrong
}

const stories = readStories()

describe("the casebook through the gateway", () => {
	let town: Town
	beforeAll(async () => {
		town = await startTown()
	}, 60_000)
	afterAll(() => town?.stop(), 60_000)

	test.each([...new Set(stories.map((each) => each.file))])(
		"%s says what the core says, told forward, backward, twice and shuffled",
		{ timeout: 240_000 },
		async (file) => {
			const wrong: string[] = []
			for (const story of stories.filter((each) => each.file === file)) wrong.push(...(await wrongOf(story, town)))
			expect(wrong).toEqual([])
			expect(town.failures).toEqual([])
		},
	)
})
