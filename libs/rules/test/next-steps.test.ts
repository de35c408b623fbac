import type { Line } from "@yima/lifecycle"
import type { EventKey, LocalDate, Moment, Scope, TypeName } from "@yima/schemas"
import { describe, expect, it } from "vitest"
import { all, type Condition, type ConditionId, type Deadline, type Finding, fact, nextSteps, type Proof, type Readiness, type Step } from "../src/index.ts"
import type { Cure } from "../src/proof.ts"
import { moment, PROJECT, UNIT } from "./views.ts"

const key = (id: string) => id as EventKey
const cure = (type: TypeName, title: string, responsible?: string): Cure => (responsible === undefined ? { type, title } : { type, title, responsible })
const unmet = (id: ConditionId, met: Proof, evidence: readonly string[] = []): Condition =>
	({ id, status: "UNMET", responsible: `${id} 的部门`, met, evidence: evidence.map(key) }) as unknown as Condition
const wants = (id: ConditionId, ...cures: readonly Cure[]) => unmet(id, fact(false, "缺", [], null, cures))

const finding = (code: string, more: Partial<Finding> = {}): Finding =>
	({ code, on: "一", title: `${code} 的名称`, scope: UNIT, responsible: `${code} 的部门`, evidence: [], ...more }) as unknown as Finding

const line = (id: string, type: TypeName, says: object = {}): Line =>
	({ key: key(id), type, time: moment("2023-01-01 10:00"), from: PROJECT, says }) as unknown as Line

interface Asked {
	readonly blocking?: readonly Condition[]
	readonly blockingFindings?: readonly Finding[]
	readonly deadlines?: readonly Partial<Deadline>[]
	readonly lines?: readonly Line[]
}

const steps = ({ blocking = [], blockingFindings = [], deadlines = [], lines = [] }: Asked): readonly Step[] =>
	nextSteps({ contracts: [], lines, project: PROJECT }, { blocking, blockingFindings } as unknown as Readiness, deadlines as readonly Deadline[])

const PAY = cure("sales.paid-in-full", "结清房款", "买受人")
const STAMP = cure("sales.application-stamped", "盖章")
const MEASURE = cure("survey.measured", "完成实测绘")
const CANCEL = cure("sales.contract-cancelled", "撤销其中一份")

describe("next steps", () => {
	it("are none where nothing blocks", () => expect(steps({})).toEqual([]))

	it("say what is to be done, by whom, and for what", () => {
		expect(steps({ blocking: [wants("U2", PAY)] })).toEqual([
			{
				condition: "U2",
				finding: null,
				eventType: "sales.paid-in-full",
				title: "结清房款",
				responsible: "买受人",
				possibleNow: true,
				waitsFor: [],
				dueAt: null,
			},
		])
		expect(steps({ blocking: [wants("U8", STAMP)] })).toMatchObject([{ responsible: "U8 的部门" }])
	})

	it("come in an order in which they can be taken, and wait for what is unmet before them", () => {
		const found = steps({ blocking: [wants("U2", PAY), wants("U1", CANCEL), wants("P9", cure("project.hold-lifted", "解决"))] })
		expect(found.map(({ condition, possibleNow, waitsFor }) => [condition, possibleNow, waitsFor])).toEqual([
			["P9", true, []],
			["U1", true, []],
			["U2", false, ["U1"]],
		])
	})

	it("of one condition are taken one after another, of several at once", () => {
		const found = steps({
			blocking: [wants("P2", cure("land.granted", "供地"), cure("land.premium-paid", "缴清")), wants("P9", cure("project.hold-lifted", "解决"))],
		})
		expect(found.map(({ title, possibleNow }) => [title, possibleNow])).toEqual([
			["解决", true],
			["供地", true],
			["缴清", false],
		])
	})

	it("name each act once, where it is first wanted", () => {
		expect(steps({ blocking: [wants("U7", MEASURE), wants("P5", MEASURE)] }).map((each) => each.condition)).toEqual(["P5"])
		const other = cure("survey.accepted", "完成实测绘")
		expect(steps({ blocking: [wants("U7", other), wants("P5", MEASURE)] }).map((each) => each.condition)).toEqual(["P5", "U7"])
		expect(steps({ blocking: [wants("U7", cure("survey.measured", "再测")), wants("P5", MEASURE)] }).map((each) => each.title)).toEqual(["完成实测绘", "再测"])
	})

	it("want all that fails", () => {
		const met = all("全", [fact(false, "缺", [], null, PAY), fact(true, "有"), fact(false, "缺", [], null, STAMP)])
		expect(steps({ blocking: [unmet("U2", met)] }).map((each) => each.title)).toEqual(["结清房款", "盖章"])
	})

	describe("are due", () => {
		const schedule = line("台账", "project.scheduled", { handoverDueOn: "2023-12-31" as LocalDate })
		const limit = (id: string, dueAt: string, metAt: Moment | null = null): Partial<Deadline> => ({ id, dueAt: moment(dueAt), metAt })
		const due = (id: ConditionId, ...deadlines: readonly Partial<Deadline>[]) =>
			steps({ blocking: [wants(id, MEASURE)], lines: [schedule], deadlines }).map((each) => each.dueAt)

		it("by the promised handover, or the time limit of their own", () => {
			expect(due("P4")).toEqual([moment("2024-01-01 00:00")])
			expect(due("P4", limit("D01", "2023-03-01 00:00"), limit("D02", "2023-06-01 00:00"))).toEqual([moment("2023-06-01 00:00")])
			expect(due("P2", limit("D02", "2023-06-01 00:00"))).toEqual([moment("2024-01-01 00:00")])
			expect(due("P7", limit("D03", "2023-07-01 00:00"))).toEqual([moment("2023-07-01 00:00")])
			expect(due("U2", limit("D01", "2023-03-01 00:00"))).toEqual([moment("2024-01-01 00:00")])
		})

		it("by the one that is not met", () => {
			const met = limit("D02", "2023-06-01 00:00", moment("2023-05-01 00:00"))
			expect(due("P4", met)).toEqual([moment("2024-01-01 00:00")])
			expect(due("P4", met, limit("D02", "2023-09-01 00:00"))).toEqual([moment("2023-09-01 00:00")])
		})

		it("findings by the promised handover", () => {
			expect(steps({ blockingFindings: [finding("C20")], lines: [schedule] }).map((each) => each.dueAt)).toEqual([moment("2024-01-01 00:00")])
			expect(steps({ blockingFindings: [finding("C20")] }).map((each) => each.dueAt)).toEqual([null])
		})
	})
})

describe("what ends a finding", () => {
	const lines = [line("甲", "sales.contract-filed"), line("乙", "construction.presale-permitted"), line("丙", "sales.paid-in-full")]

	it("comes first, may be done at once, and is its department's", () => {
		expect(steps({ blocking: [wants("U2", PAY)], blockingFindings: [finding("C20")] })).toMatchObject([
			{ condition: null, finding: "C20", title: "C20 的名称: 查清后办结", responsible: "C20 的部门", possibleNow: true, waitsFor: [] },
			{ condition: "U2", finding: null },
		])
	})

	it("is the event that clears it, by whoever sends that", () => {
		const cleared = finding("C13", { clearedBy: cure("finance.mortgage-discharged", "注销抵押", "银行") })
		expect(steps({ blockingFindings: [cleared] })).toMatchObject([
			{ eventType: "finance.mortgage-discharged", title: "C13 的名称: 注销抵押", responsible: "银行" },
		])
	})

	it("of a breach is a settlement, of a contradiction the correction of the last event that it rests on", () => {
		const evidence = [key("甲"), key("乙")]
		expect(steps({ blockingFindings: [finding("C20", { evidence })], lines })).toMatchObject([
			{ eventType: "registrar.finding-settled", title: "C20 的名称: 查清后办结" },
		])
		expect(steps({ blockingFindings: [finding("C07", { evidence })], lines })).toMatchObject([
			{ eventType: "construction.presale-permitted", title: "C07 的名称: 更正或撤回有误的一件" },
		])
		expect(steps({ blockingFindings: [finding("C07", { evidence: [key("丁")] })], lines })).toMatchObject([{ eventType: "registrar.finding-settled" }])
		expect(steps({ blockingFindings: [finding("C99", { evidence })], lines })).toMatchObject([{ eventType: "construction.presale-permitted" }])
	})

	it("is said once for all of a code that one settlement settles, and once for each of the others", () => {
		const two = (code: string, more: Partial<Finding> = {}) => [finding(code), finding(code, { on: "二", ...more })]
		expect(steps({ blockingFindings: two("C20") })).toHaveLength(1)
		expect(steps({ blockingFindings: two("C20", { scope: PROJECT as Scope }) })).toHaveLength(2)
		expect(steps({ blockingFindings: [...two("C20"), finding("C21")] })).toHaveLength(2)
		const evidence = [key("乙")]
		expect(steps({ blockingFindings: [finding("C07", { evidence }), finding("C07", { on: "二", evidence })], lines })).toHaveLength(2)
		expect(steps({ blockingFindings: [finding("C07", { evidence }), finding("C07", { evidence })], lines })).toHaveLength(1)
	})

	it("is not said where a condition wants the same of the same", () => {
		const clearedBy = cure("sales.contract-cancelled", "撤销其中一份的备案")
		const twice = (evidence: readonly string[]) => finding("C05", { clearedBy, evidence: evidence.map(key) })
		const found = (condition: Condition, ...evidence: readonly string[]) =>
			steps({ blocking: [condition], blockingFindings: [twice(evidence)] }).map((each) => each.finding ?? each.condition)
		const resting = (...evidence: readonly string[]) => unmet("U1", fact(false, "两份", evidence.map(key), null, CANCEL))
		expect(found(resting("甲", "乙"), "乙", "丙")).toEqual(["U1"])
		expect(found(resting("甲"), "丙")).toEqual(["C05", "U1"])
		expect(found(wants("U1", CANCEL), "丙")).toEqual(["U1"])
		expect(found(unmet("U1", fact(false, "两份", [], null, CANCEL), ["丙"]), "丙")).toEqual(["U1"])
		expect(found(unmet("U1", fact(false, "两份", [], null, CANCEL), ["甲"]), "丙")).toEqual(["C05", "U1"])
		expect(found(unmet("U1", fact(false, "两份", [key("甲")], null, CANCEL), ["丙"]), "丙")).toEqual(["C05", "U1"])
		expect(found(wants("U1", PAY), "丙")).toEqual(["C05", "U1"])
		expect(found(wants("U2", CANCEL), "丙")).toEqual(["C05", "U2"])
	})
})
