import type { EventKey, Moment } from "@yima/schemas"
import { describe, expect, it } from "vitest"
import { all, any, evidenceOf, fact, not, type Proof, reasonsOf } from "../src/index.ts"
import { ground, wantedBy } from "../src/proof.ts"
import { later } from "../src/time-of.ts"
import { toldApart } from "../src/told-apart.ts"
import { both, either, exactly, notAfter, precedes } from "../src/when.ts"

const key = (id: string) => id as EventKey
const at = (n: number) => n as Moment
const part = (holds: boolean, since: number | null): Proof => fact(holds, `${holds} since ${since}`, [], since === null ? null : at(since))
const since = (proof: Proof) => [proof.holds, proof.since]

describe("a proof", () => {
	it.each([
		["nothing asked", [], [true, null]],
		["all hold: since the last of them does", [part(true, 3), part(true, 5), part(true, 4)], [true, 5]],
		["one always did", [part(true, 3), part(true, null)], [true, null]],
		["fails since the first of them does", [part(false, 5), part(true, 9), part(false, 4)], [false, 4]],
		["one never held", [part(false, 5), part(false, null)], [false, null]],
	] as const)("of all: %s", (_, parts, expected) => {
		expect(since(all("全", parts))).toEqual(expected)
		expect(all("全", parts)).toMatchObject({ statement: "全", evidence: [], cures: [], anyOf: false, parts })
	})

	it.each([
		["none to hold", [], [false, null]],
		["holds since the first of them does", [part(true, 5), part(false, 1), part(true, 4)], [true, 4]],
		["one always did", [part(true, 5), part(true, null)], [true, null]],
		["fails since the last of them does", [part(false, 5), part(false, 7)], [false, 7]],
		["one never held", [part(false, 5), part(false, null)], [false, null]],
	] as const)("of any: %s", (_, parts, expected) => {
		expect(since(any("任一", parts))).toEqual(expected)
		expect(any("任一", parts)).toMatchObject({ statement: "任一", evidence: [], cures: [], anyOf: true, parts })
	})

	it("of the contrary is its contrary since then", () => {
		const given = fact(true, "在", [key("a")], at(3))
		expect(not("不在", given)).toEqual({ statement: "不在", holds: false, evidence: [], since: 3, parts: [given], cures: [], anyOf: false })
		expect(since(not("不在", part(false, 4)))).toEqual([true, 4])
	})

	it("at its root is since its first ground", () => {
		expect(ground("根", true, [part(true, 3), part(true, 5)])).toMatchObject({ holds: true, since: 3, evidence: [], cures: [], anyOf: false })
		expect(ground("根", false, [])).toMatchObject({ holds: false, since: null })
	})

	it("rests on each event once, and is read from the root down", () => {
		const root = all("全", [fact(true, "甲", [key("a"), key("b")]), any("任一", [fact(false, "乙", [key("b"), key("c")])])])
		expect(evidenceOf(root)).toEqual(["a", "b", "c"])
		expect(reasonsOf(root).map(({ id, parent, statement }) => [id, parent, statement])).toEqual([
			[1, null, "全"],
			[2, 1, "甲"],
			[3, 1, "任一"],
			[4, 3, "乙"],
		])
	})
})

describe("what is wanted", () => {
	const cured = (holds: boolean, ...titles: readonly string[]) =>
		fact(
			holds,
			"事实",
			[key(`of ${titles[0]}`)],
			null,
			titles.map((title) => ({ type: "project.enlisted", title })),
		)
	const wanted = (proof: Proof) => wantedBy(proof).map(({ cure, evidence }) => [cure.title, ...evidence])

	it("is nothing where it holds, and nothing where nobody can do anything", () => {
		expect(wanted(cured(true, "甲"))).toEqual([])
		expect(wanted(fact(false, "无从补救"))).toEqual([])
		expect(wanted(all("全", [cured(true, "甲"), cured(true, "乙")]))).toEqual([])
	})

	it("is each act of a fact, with what it rests on", () => {
		expect(wanted(cured(false, "甲", "乙"))).toEqual([
			["甲", "of 甲"],
			["乙", "of 甲"],
		])
	})

	it("is what all that fail want, but the first that can be done of any", () => {
		const parts = [cured(true, "甲"), fact(false, "无从补救"), cured(false, "乙"), cured(false, "丙")]
		expect(wanted(all("全", parts)).map(([title]) => title)).toEqual(["乙", "丙"])
		expect(wanted(any("任一", parts.slice(1))).map(([title]) => title)).toEqual(["乙"])
		expect(wanted(any("任一", [fact(false, "无从补救")]))).toEqual([])
	})
})

describe("times", () => {
	it("of two, the later; of one that is not known, none", () => {
		expect(later(at(3), at(5))).toBe(5)
		expect(later(at(5), at(3))).toBe(5)
		expect(later(null, at(3))).toBeNull()
		expect(later(at(3), null)).toBeNull()
		expect(later(null, null)).toBeNull()
	})

	it("are in order, not in order, or open within a day", () => {
		const day = { first: at(10), last: at(19) }
		expect(precedes(exactly(at(9)), day)).toBe("yes")
		expect(precedes(exactly(at(10)), day)).toBe("open")
		expect(precedes(exactly(at(19)), day)).toBe("no")
		expect(precedes(day, exactly(at(19)))).toBe("open")
		expect(precedes(day, exactly(at(20)))).toBe("yes")
		expect(precedes(day, exactly(at(10)))).toBe("no")
		expect(notAfter(exactly(at(5)), exactly(at(5)))).toBe("yes")
		expect(notAfter(exactly(at(6)), exactly(at(5)))).toBe("no")
		expect(notAfter(day, exactly(at(15)))).toBe("open")
	})

	it("are put together", () => {
		expect([both("yes", "yes"), both("yes", "open"), both("open", "no"), both()]).toEqual(["yes", "open", "no", "yes"])
		expect([either("no", "yes"), either("no", "open"), either("no", "no"), either()]).toEqual(["yes", "open", "no", "no"])
	})
})

it("what goes by one name is told apart", () => {
	const named = (...names: readonly string[]) => toldApart(names.map((on) => ({ on }))).map((each) => each.on)
	expect(named("甲", "乙", "甲", "甲", "乙")).toEqual(["甲", "乙", "甲 (2)", "甲 (3)", "乙 (2)"])
})
