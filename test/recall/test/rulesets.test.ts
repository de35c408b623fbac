import { readdirSync, readFileSync } from "node:fs"
import { digest } from "@yima/lifecycle"
import { CONDITION_RULES, DEADLINE_RULES, DEFAULT, FINDING_RULES, type RuleSet, ruleSetOf } from "@yima/rules"
import { decodeWire, type LocalDate, RuleContent } from "@yima/schemas"
import { Result } from "effect"
import { expect, test } from "vitest"
import { parse } from "yaml"

const FOLDER = new URL("../../../seeds/rulesets/", import.meta.url)

interface RuleSetFile {
	readonly name: string
	readonly version: string
	readonly fromOn: string
	readonly content: RuleContent
}

const fileOf = (name: string): RuleSetFile => parse(readFileSync(new URL(name, FOLDER), "utf8"), { strict: true, uniqueKeys: true }) as RuleSetFile

/** As `yima ruleset adopt` makes it. */
const adoption = ({ name, version, fromOn, content }: RuleSetFile) => ({
	specversion: "1.0",
	id: "1",
	source: "urn:yima:desk",
	type: "yima.registrar.ruleset-adopted.v1",
	time: "2026-11-20T10:00:00+08:00",
	datacontenttype: "application/json",
	data: { ruleSet: { name, version, contentHash: digest(content) }, fromOn, content },
})

/** The day from which accounts are opened where a rule set says nothing (`semantics.md` §10). */
const GO_LIVE = { goLiveOn: "2023-01-01" as LocalDate }

test.each(readdirSync(FOLDER))("%s is one that the door takes, and names only rules that there are", (name) => {
	const file = fileOf(name)
	const decoded = decodeWire(adoption(file))
	expect(Result.isFailure(decoded) ? decoded.failure : []).toEqual([])
	const { conditions = {}, findings = {}, deadlines = {} } = file.content
	expect(Object.keys(file.content).filter((key) => !Object.hasOwn(RuleContent.fields, key))).toEqual([])
	const known = new Set<string>([...CONDITION_RULES, ...DEADLINE_RULES].map((rule) => rule.id).concat(FINDING_RULES.map((rule) => rule.code)))
	expect([conditions, findings, deadlines].flatMap((part) => Object.keys(part)).filter((id) => !known.has(id))).toEqual([])
})

test("default.yaml says what holds where a city has adopted nothing, all of it", () => {
	const { name, version, content } = fileOf("default.yaml")
	const expected: RuleSet = { ...DEFAULT, accountOpening: { water: GO_LIVE, power: GO_LIVE, gas: GO_LIVE, heat: GO_LIVE } }
	expect(ruleSetOf(name, version, content)).toEqual(expected)
	expect(Object.keys(content).sort()).toEqual(
		Object.keys(RuleContent.fields)
			.filter((field) => field !== "city")
			.sort(),
	)
})
