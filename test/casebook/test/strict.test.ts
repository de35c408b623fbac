import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { failuresOf } from "../src/index.ts"
import { cast, storiesOf } from "../src/story.ts"

const story = (changes: Readonly<Record<string, string>> = {}): string => {
	const text = `
topic: 试
cites:
  一处: "§2 An event has one place."
stories:
  - title: 试
    why: 试
    asOf: 2023-07-01
    given:
      - {id: 表, type: survey.predicted, subject: $甲1幢, time: 2023-01-01 10:00, data: {surveyNo: CH1, units: [{code: $甲101}]}}
      - {id: 封, type: judicial.seized, subject: $甲101, time: 2023-02-01 10:00, data: {seizureNo: CF1, kind: seizure, court: 甲法院}}
    then:
      - cite: 一处
        place: {封: $甲101}
        see: {$甲101: {seizures: {CF1: ACTIVE}, timeline: [表, 封]}}
`
	return Object.entries(changes).reduce((all, [from, to]) => all.replace(from, to), text)
}

const tried = (changes?: Readonly<Record<string, string>>) => storiesOf(parse(story(changes)), "试.yaml", cast()).flatMap(failuresOf)

describe("a story", () => {
	it("that holds has no failures", () => expect(tried()).toEqual([]))

	it("that does not hold says where, by which sentence, what was wanted, what came, in which runs", () => {
		const [failure] = tried({ "CF1: ACTIVE": "CF1: LIFTED" })
		expect(failure).toMatchObject({ wanted: "LIFTED", got: "ACTIVE" })
		expect(failure?.what).toMatch(/「试」.*seizures\/CF1[\s\S]*§2 “An event has one place\.”/)
		expect(failure?.runs.length).toBe(9)
	})

	it.each([
		["place", { "{封: $甲101}": "{封: $甲102}" }],
		["timeline", { "[表, 封]": "[封, 表]" }],
		["a number that is not there", { "CF1: ACTIVE": "CF2: ACTIVE" }],
		["absent", { "CF1: ACTIVE": "CF1: absent" }],
		["none", { "{CF1: ACTIVE}": "none" }],
		["null", { "{seizures: {CF1: ACTIVE}, timeline: [表, 封]}": "null" }],
	])("that is wrong about %s fails", (_, changes) => expect(tried(changes)).toHaveLength(1))

	it.each([
		["event", { "time: 2023-02-01": "tmie: 2023-02-01" }, /tmie/],
		["data", { "court: 甲法院": "cuort: 甲法院" }, /cuort/],
		["list entry", { "{code: $甲101}": "{code: $甲101, cdoe: 1}" }, /cdoe/],
		["expectation", { "place:": "plaec:" }, /plaec/],
		["view", { "timeline:": "timelime:" }, /timelime/],
		["record", { "CF1: ACTIVE": "CF1: {staet: ACTIVE}" }, /staet/],
		["name", { "封: $甲101": "封: $甲999" }, /甲999/],
		["cite", { "cite: 一处": "cite: 二处" }, /二处/],
		["event's name in place", { "{封: $甲101}": "{风: $甲101}" }, /风/],
		["story", { "why:": "wyh:" }, /wyh/],
		["type", { "judicial.seized": "judicial.siezed" }, /siezed/],
	])("with a wrong key or word in its %s is an error that names it", (_, changes, named) => expect(() => tried(changes)).toThrow(named))
})
