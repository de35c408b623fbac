import { stageOf, type Unit } from "@yima/lifecycle"
import { aboveUnit, deadlines, type Judgement, judge, readinessOf } from "@yima/rules"
import { equal, formatMoment, type Known, type Moment, type Scope } from "@yima/schemas"
import { readStories, type Story } from "@yima/test-casebook"
import { batch, viewAt, type World } from "@yima/test-kit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startTown, type Town } from "../src/town.ts"

const LATEST = Number.MAX_SAFE_INTEGER as Known

const QUERY = `query($code: UnitCode!, $asOf: DateTime) { unit(code: $code, asOf: $asOf) {
	status stage readiness { ready ruleSet conditions { id status } } findings { code subject severity } deadlines(open: null) { id subject dueAt metAt } } }`

const sorted = (all: readonly object[]): readonly string[] => all.map((each) => JSON.stringify(each)).sort()

/** What the core says of a unit, in the words of the question. */
const wanted = (world: World, code: Scope, asOf: Moment): object | null => {
	const view = viewAt(world, code, asOf, LATEST)
	if (view?.is !== "unit") return null
	const own = judge(view, asOf) as Judgement<Unit>
	const above = aboveUnit(view).flatMap((scope) => {
		const found = viewAt(world, scope, asOf, LATEST)
		return found === null ? [] : [judge(found, asOf)]
	})
	const readiness = readinessOf(own, above)
	const all = [own, ...above]
	return {
		status: view.status,
		stage: stageOf(view, readiness.ready, own.scene.ruleSet.services).stage,
		readiness: { ready: readiness.ready, ruleSet: readiness.ruleSet, conditions: readiness.conditions.map(({ id, status }) => ({ id, status })) },
		findings: sorted(all.flatMap((each) => each.findings.map(({ code: finding, scope, severity }) => ({ code: finding, subject: scope, severity })))),
		// The time limits of a project's plan rest on all its flats; they are tried elsewhere.
		deadlines: sorted(
			all
				.filter((each) => each.view.is !== "project")
				.flatMap((each) =>
					deadlines(each.view, each.scene).map(({ id, scope, dueAt, metAt }) => ({
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
	readonly deadlines: readonly { readonly subject: string }[]
}

const wrongOf = async (story: Story, order: readonly Story["given"][number][], town: Town): Promise<readonly string[]> => {
	await town.reset()
	await town.submit(order)
	const world = batch(town.entries)
	const wrong: string[] = []
	for (const { asOf, see } of story.then)
		for (const code of asOf === null ? [] : see.keys()) {
			if (code.length !== 28 || code.startsWith("project:")) continue
			const { data, errors } = await town.ask(QUERY, { code, asOf: formatMoment(asOf as Moment) })
			const unit = data?.unit as Shown | null
			const shown =
				unit === null
					? null
					: { ...unit, findings: sorted(unit.findings), deadlines: sorted(unit.deadlines.filter((each) => !each.subject.startsWith("project:"))) }
			const core = wanted(world, code, asOf as Moment)
			if (errors !== undefined || !equal(shown, core))
				wrong.push(`${code} ${formatMoment(asOf as Moment)}\n  shown ${JSON.stringify(errors ?? shown)}\n  core  ${JSON.stringify(core)}`)
		}
	return wrong
}

const stories = readStories()

describe("the casebook through the gateway", () => {
	let town: Town
	beforeAll(async () => {
		town = await startTown()
	}, 60_000)
	afterAll(() => town?.stop())

	test.each([...new Set(stories.map((each) => each.file))])("%s says what the core says, told forward and backward", { timeout: 240_000 }, async (file) => {
		const wrong: string[] = []
		for (const story of stories.filter((each) => each.file === file))
			for (const order of [story.given, story.given.toReversed()])
				for (const each of await wrongOf(story, order, town)) wrong.push(`「${story.title}」 ${each}`)
		expect(wrong).toEqual([])
		expect(town.failures).toEqual([])
	})
})
