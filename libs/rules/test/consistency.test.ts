import { TYPE_NAMES } from "@yima/schemas"
import { describe, expect, it } from "vitest"
import { CONDITION_RULES, DEADLINE_RULES, DEFAULT, FINDING_RULES, UNDECIDED } from "../src/index.ts"

const NUMBERED = [...Array.from({ length: 45 }, (_, at) => `C${String(at + 1).padStart(2, "0")}`), "L01", "L02", "L03", "L04"]

const types: ReadonlySet<string> = new Set(TYPE_NAMES)

const hasChinese = (text: string): boolean => /\p{Script=Han}/u.test(text)

describe("the rules of consistency", () => {
	const codes = FINDING_RULES.map((each) => each.code)

	it("stand in order, each once", () => expect(codes).toEqual([...new Set(codes)].sort()))

	it("are decided, or it is said why not", () => {
		const undecided = UNDECIDED.map((each) => each.code)
		expect([...codes, ...undecided.filter((code) => /^C\d\d$/.test(code))].sort()).toEqual(NUMBERED)
		expect(UNDECIDED.filter((each) => !hasChinese(each.why))).toEqual([])
	})

	for (const rule of FINDING_RULES)
		it(`${rule.code} ${rule.title} says all that a lawyer asks`, () => {
			for (const text of [rule.title, rule.responsible, rule.basis, rule.example]) expect(hasChinese(text), text).toBe(true)
			expect(rule.example).toMatch(/。$/)
			expect(rule.reads.length).toBeGreaterThan(0)
			expect(rule.reads.filter((type) => !types.has(type))).toEqual([])
			expect(new Set(rule.reads).size).toBe(rule.reads.length)
			expect(rule.parameters.filter((each) => !(each in DEFAULT))).toEqual([])
			expect(rule.unit ?? rule.building ?? rule.parcel ?? rule.project).toBeDefined()
		})
})

it("a department goes by one name in all rules: whoever asks for its own is shown all of them", () => {
	const names = [...CONDITION_RULES, ...FINDING_RULES, ...DEADLINE_RULES].map((each) => each.responsible)
	expect([...new Set(names)].sort().join(" ")).toBe(
		"不动产登记中心 买受人 人民法院 住房保障中心 住房和城乡建设局 开发企业 报送部门 抵押权人 水电气暖企业 测绘单位 税务局 自然资源和规划局 贷款银行",
	)
})
