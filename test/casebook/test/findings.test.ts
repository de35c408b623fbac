import { at, type States } from "@yima/lifecycle"
import { FINDING_RULES, type FindingRule, findings, reasonsOf, sceneOf, suspicionsOf } from "@yima/rules"
import type { Known, Moment, Scope } from "@yima/schemas"
import { batch, entryOf } from "@yima/test-kit"
import { describe, expect, it } from "vitest"
import { readStories, type Story } from "../src/index.ts"
import { only } from "../src/reading.ts"
import { learned } from "../src/run.ts"

const LATEST = Number.MAX_SAFE_INTEGER as Known

interface Moments {
	readonly known: Known
	readonly states: States
	readonly asOf: readonly Moment[]
}

/** The states of a story at its last and at each named moment of knowledge, with the days that it asks about. */
const momentsOf = (story: Story): readonly Moments[] => {
	const entries = story.given.map((json, at) => entryOf(json, learned(at), 0, at))
	const knowns = story.then.map(({ known }): Known => {
		if (known === null) return LATEST
		const at = learned(story.given.findIndex((each) => each["id"] === known.event))
		return (known.side === "after" ? at : at - 1) as Known
	})
	const asOf = [...new Set(story.then.flatMap((each) => each.asOf ?? []))]
	return [...new Set(knowns)].map((known) => ({ known, states: batch(entries, known).states, asOf }))
}

const raised = (rule: FindingRule, states: States, scope: Scope, asOf: Moment): readonly string[] => {
	const view = at(scope, states, asOf, LATEST)
	return view === null ? [] : suspicionsOf(rule, view, sceneOf(view, asOf)).map(({ on, severity, since }) => `${on} ${severity ?? ""} ${since}`)
}

const stories = readStories().filter((each) => each.file.startsWith("findings-"))
const worlds = stories.flatMap((story) => momentsOf(story).map((each) => ({ title: story.title, ...each })))

const looks = worlds.flatMap(({ title, known, states, asOf }) =>
	asOf.map((moment) => {
		const open = [...states.keys()].flatMap((scope) => {
			const view = at(scope, states, moment, LATEST)
			return view === null ? [] : findings(view, sceneOf(view, moment))
		})
		return { title, known, asOf: moment, open }
	}),
)
const explained = looks.flatMap(({ title, open }) => open.map((finding) => ({ title, finding })))

/** Codes of what a story shows open, and then, later or by what was learned later, no more. */
const cleared = new Set(
	looks.flatMap((before) => {
		const after = looks.filter(({ title, known, asOf }) => title === before.title && known >= before.known && asOf >= before.asOf)
		const isOpen = ({ open }: typeof before, { code, scope, on }: (typeof before.open)[number]) =>
			open.some((each) => each.code === code && each.scope === scope && each.on === on)
		return before.open.filter((each) => after.some((later) => !isOpen(later, each))).map(({ code }) => code)
	}),
)

describe("a finding", () => {
	it("holds, by events that are named", () => {
		const wrong = explained.filter(({ finding: { proof, evidence } }) => !proof.holds || evidence.length === 0)
		expect(wrong.map(({ title, finding }) => `${title} ${finding.code}`)).toEqual([])
	})

	it("says what would clear it", () => {
		expect(explained.filter(({ finding }) => !finding.explanation.includes("解除所需")).map(({ finding }) => finding.explanation)).toEqual([])
	})

	it("names no person, not even by a blind index", () => {
		const statements = explained.flatMap(({ finding }) => reasonsOf(finding.proof).map((each) => each.statement))
		expect(statements.filter((each) => /[0-9a-f]{24}|[甲乙丙丁]某|INVENTED\d(?!\d)/.test(each))).toEqual([])
	})

	it("stands once on a scope under its code and what it is about", () => {
		const keys = worlds.flatMap(({ title, states, asOf }) =>
			[...states.keys()].flatMap((scope) =>
				asOf.flatMap((moment) => {
					const view = at(scope, states, moment, LATEST)
					const all = view === null ? [] : findings(view, sceneOf(view, moment)).map(({ code, on }) => `${code} ${on}`)
					return all.length === new Set(all).size ? [] : [`${title} ${scope}: ${all.join(", ")}`]
				}),
			),
		)
		expect(keys).toEqual([])
	})
})

describe("each rule", () => {
	for (const rule of FINDING_RULES)
		it(`${rule.code} ${rule.title}: is raised and cleared by stories, and reads no more than it says`, () => {
			const all = worlds.flatMap(({ title, states, asOf }) => {
				const read = only({ states }, rule.reads).states
				return [...states.keys()].flatMap((scope) =>
					asOf.map((moment) => ({ where: `${title} ${scope} ${moment}`, whole: raised(rule, states, scope, moment), part: raised(rule, read, scope, moment) })),
				)
			})
			expect(all.some((each) => each.whole.length > 0)).toBe(true)
			expect(cleared).toContain(rule.code)
			expect(all.filter(({ whole, part }) => JSON.stringify(whole) !== JSON.stringify(part))).toEqual([])
		})
})
