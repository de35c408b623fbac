import type { Unit } from "@yima/lifecycle"
import type { Scope } from "@yima/schemas"
import { describe, expect, it } from "vitest"
import { type Condition, type ConditionId, conditionsAt, DEFAULT, type Judgement, judge, type RuleSet, readinessOf } from "../src/index.ts"
import { wantedBy } from "../src/proof.ts"
import { BUILDING, moment, UNIT, viewOf } from "./views.ts"

type Said = Parameters<typeof viewOf>[2][number]

const PARCEL = "410811001001GB00001" as Scope
const NOW = "2029-01-01 00:00"
const HERE = { reach: "here" }
const company = (name: string) => ({ id: name, name })
const person = (name: string, id = name) => ({ id, name, kind: "passport" })
const [DEVELOPER, BANK] = [company("怀川置业"), company("沁河银行")]
const [JIA, YI] = [person("甲某"), person("乙某")]

const of =
	(type: string, base: object, where: Scope = UNIT) =>
	(time: string, says: object = {}, more: object = {}): Said => [where, type, time, { ...base, ...says }, more]
const contract = of("sales.contract-filed", {
	contractNo: "HT1",
	kind: "presale",
	seller: DEVELOPER,
	buyers: [JIA],
	signedOn: "2023-05-01",
	areaM2: "100.00",
	totalPriceCny: "800000.00",
})
const amended = of("sales.contract-amended", { contractNo: "HT1" })
const cancelled = of("sales.contract-cancelled", { contractNo: "HT1" })
const granted = of("land.granted", { grantKind: "assignment", grantContractNo: "CR1", grantee: DEVELOPER }, PARCEL)
const premium = of("land.premium-paid", { amountCny: "1.00", paidInFull: true }, PARCEL)
const ended = of("land.grant-terminated", { reason: "闲置" }, PARCEL)
const land = of("land.right-registered", { certificateNo: "豫地1", holder: DEVELOPER }, PARCEL)
const works = of("planning.works-permitted", { permitNo: "建1" }, BUILDING)
const verified = of("planning.verified", { verificationNo: "核1", passed: true }, BUILDING)
const passed = of("construction.acceptance-passed", { opinionNo: "验1" }, BUILDING)
const filed = of("construction.completion-filed", { filingNo: "备1" }, BUILDING)
const measured = of("survey.measured", { surveyNo: "SC1", units: [{ code: "", areaM2: "103.00", insideM2: "80.00", link: "new" }] })
const mortgaged = of("finance.mortgage-registered", { proofNo: "DY1", kind: "construction", mortgagee: BANK, mortgagor: DEVELOPER })
const first = of("registration.first-registered", { certificateNo: "豫首1", holder: DEVELOPER }, BUILDING)
const connected = of("utility.connected", { service: "water", company: "太行水务", accounts: [{ unit: "", accountNo: "1001" }] })
const invoiced = of("sales.invoice-issued", { invoiceNo: "FP1", contractNo: "HT1", totalCny: "800000.00" })
const taxed = of("tax.deed-tax-paid", { receiptNo: "QS1", amountCny: "12000.00", contractNo: "HT1" })
const seized = of("judicial.seized", { seizureNo: "CF1", kind: "seizure", court: "甲法院" })
const residence = of("registration.residence-right-registered", { proofNo: "JZ1", holder: YI })
const objected = of("registration.objected", { proofNo: "YY1", objector: YI })
const notice = of("registration.priority-notice-registered", { proofNo: "YG1", holder: YI })
const applied = of("registration.transfer-applied", { applicationNo: "SL1", holders: [JIA] })
const waived = of("registrar.condition-waived", { condition: "U9", reason: "依会议纪要" })
const loan = of("finance.mortgage-registered", { proofNo: "DY2", kind: "unit", mortgagee: BANK, mortgagor: JIA })

const judgement = (facts: readonly Said[], scope: Scope, change: Partial<RuleSet>) => judge(viewOf(scope, NOW, facts), moment(NOW), { ...DEFAULT, ...change })
const asked = (id: ConditionId, facts: readonly Said[], scope: Scope = UNIT, change: Partial<RuleSet> = {}): Condition => {
	const own = judgement(facts, scope, change)
	const all = own.view.is === "unit" ? readinessOf(own as Judgement<Unit>, []).conditions : conditionsAt(own)
	return all.find((each) => each.id === id) as Condition
}
/** Its status and since when, the events by their number, and what is wanted. */
const since = (...args: Parameters<typeof asked>) => {
	const { status, since: at } = asked(...args)
	return [status, at === null ? null : new Date(at / 1000 + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ")]
}
const status = (...args: Parameters<typeof asked>) => asked(...args).status
const events = (...args: Parameters<typeof asked>) => asked(...args).evidence.map((each) => Number(each.slice("jz/x#".length)))
const wanted = (...args: Parameters<typeof asked>) => wantedBy(asked(...args).met).map(({ cure }) => cure.title)
const says = (...args: Parameters<typeof asked>) => asked(...args).because.map((each) => each.statement)

describe("P2", () => {
	const at = (...facts: readonly Said[]) => ["P2", facts, PARCEL] as const

	it("wants the premium paid in full, and after a taking back a grant first", () => {
		expect(wanted(...at(granted("2022-01-05 10:00"), land("2022-03-01 10:00")))).toEqual(["缴清土地出让金"])
		expect(wanted(...at(land("2022-03-01 10:00")))).toEqual(["缴清土地出让金"])
		const taken = [granted("2022-01-05 10:00"), premium("2022-02-01 10:00"), ended("2022-06-01 10:00")]
		expect(wanted(...at(...taken, land("2022-07-01 10:00")))).toEqual(["供地", "缴清土地出让金"])
		expect(wanted(...at(...taken, granted("2022-08-01 10:00"), land("2022-09-01 10:00")))).toEqual(["缴清土地出让金"])
		expect(status(...at(...taken, granted("2022-08-01 10:00"), premium("2022-08-02 10:00"), land("2022-09-01 10:00")))).toBe("MET")
	})

	it("asks no premium of land that is allocated, and since its grant", () => {
		const allocated = granted("2022-01-05 10:00", { grantKind: "allocation" })
		expect(says(...at(allocated, land("2022-03-01 10:00")))).toContain("划拨用地,无出让金")
		expect(wanted(...at(allocated, ended("2022-06-01 10:00")))).toEqual(["供地", "缴清土地出让金", "办理国有建设用地使用权首次登记"])
	})

	it("asks of land certificates alone whether one is in force", () => {
		const deregistered: Said = [PARCEL, "registration.deregistered", "2023-07-01 10:00", { certificateNo: "豫地1" }]
		const other: Said = [PARCEL, "registration.first-registered", "2022-05-01 10:00", { certificateNo: "豫首9", holder: DEVELOPER }]
		expect(says(...at(granted("2022-01-05 10:00"), premium("2022-02-01 10:00"), other))).toContain("土地使用权未登记")
		expect(says(...at(land("2022-03-01 10:00"), other, deregistered))).toContain("土地使用权登记 豫地1 已失效")
	})

	it("says that nothing is seized where nothing is", () => {
		expect(since(...at(granted("2022-01-05 10:00"), premium("2022-02-01 10:00"), land("2022-03-01 10:00")))).toEqual(["MET", null])
		expect(says(...at(land("2022-03-01 10:00")))).toContain("宗地没有生效的查封")
	})
})

describe("P3 and P4", () => {
	const at = (id: "P3" | "P4", ...facts: readonly Said[]) => [id, facts, BUILDING] as const

	it("ask for a works permit in force that covers the building, and the latest verification", () => {
		expect(since(...at("P3", works("2022-04-01 10:00"), verified("2023-03-01 10:00")))).toEqual(["MET", "2023-03-01 10:00"])
		const change: Said = [BUILDING, "planning.permit-amended", "2023-04-01 10:00", { permitNo: "建1", kind: "works" }]
		expect(since(...at("P3", works("2022-04-01 10:00"), verified("2023-03-01 10:00"), change))).toEqual(["MET", "2023-04-01 10:00"])
		const other = works("2023-05-01 10:00", { permitNo: "建2" })
		expect(since(...at("P3", works("2022-04-01 10:00"), verified("2023-03-01 10:00"), other))).toEqual(["MET", "2023-03-01 10:00"])
		const construction: Said = [BUILDING, "construction.permitted", "2022-04-01 10:00", { permitNo: "施1" }]
		expect(says(...at("P3", construction, verified("2023-03-01 10:00")))).toContain("没有包含本幢的建设工程规划许可")
		const revoked: Said = [BUILDING, "planning.permit-revoked", "2023-05-01 10:00", { permitNo: "建1", kind: "works" }]
		expect(status(...at("P3", works("2022-04-01 10:00"), verified("2023-03-01 10:00"), revoked))).toBe("UNMET")
		expect(since(...at("P3", works("2022-04-01 10:00"), other, verified("2023-06-01 10:00"), revoked))).toEqual(["MET", "2023-06-01 10:00"])
		expect(status(...at("P3", works("2022-04-01 10:00"), verified("2023-03-01 10:00", {}, HERE)))).toBe("UNMET")
	})

	it("ask for the latest acceptance, and the first filing, of the building", () => {
		expect(since(...at("P4", passed("2023-04-01 10:00"), filed("2023-04-10 10:00"), filed("2023-05-10 10:00")))).toEqual(["MET", "2023-04-10 10:00"])
		expect(status(...at("P4", passed("2023-04-01 10:00", {}, HERE), filed("2023-04-10 10:00")))).toBe("UNMET")
		expect(status(...at("P4", passed("2023-04-01 10:00"), filed("2023-04-10 10:00", {}, HERE)))).toBe("UNMET")
	})
})

describe("P5", () => {
	const survey = (type: string, time: string, ...codes: readonly string[]): Said => [
		BUILDING,
		type,
		time,
		{ surveyNo: time, units: codes.map((code) => ({ code, areaM2: "1.00", link: "new" })) },
		HERE,
	]
	const at = (...facts: readonly Said[]) => ["P5", facts, BUILDING] as const

	it("names the units that no measured survey mentions, in order, five at the most", () => {
		const roll = survey("survey.predicted", "2022-05-01 10:00", "0103", "0102", "0101")
		expect(since(...at(roll))).toEqual(["MET", null])
		const whole = survey("survey.measured", "2023-06-01 10:00", "0101", "0102", "0103")
		expect(since(...at(roll, survey("survey.measured", "2023-05-01 10:00", "0101"), whole))).toEqual(["MET", "2023-06-01 10:00"])
		expect(says(...at(roll, survey("survey.measured", "2023-05-01 10:00", "0101")))).toContain(`2 个预测户没有实测结果: ${BUILDING}0102、${BUILDING}0103`)
		const numbers = (count: number) => Array.from({ length: count }, (_, n) => `01${10 + n}`)
		const [five, six] = [5, 6].map((count) =>
			says(...at(survey("survey.predicted", "2022-05-01 10:00", ...numbers(count)), survey("survey.measured", "2023-05-01 10:00", "0199"))),
		)
		expect(five).toContain(
			`5 个预测户没有实测结果: ${numbers(5)
				.map((each) => BUILDING + each)
				.join("、")}`,
		)
		expect(six).toContain(
			`6 个预测户没有实测结果: ${numbers(5)
				.map((each) => BUILDING + each)
				.join("、")} 等`,
		)
	})

	it("is met since the survey by which the flat counts as measured", () => {
		expect(since("P5", [measured("2023-05-01 10:00")])).toEqual(["MET", "2023-05-01 10:00"])
		expect(since("P5", [measured("2023-05-01 10:00"), measured("2023-06-01 10:00", { surveyNo: "SC2" })])).toEqual(["MET", "2023-06-01 10:00"])
		expect(events("P5", [measured("2023-05-01 10:00"), contract("2023-05-02 10:00")])).toEqual([0])
	})
})

describe("P6", () => {
	it("names the bank that is to discharge, and people by what they are", () => {
		const turn = (says: object) => wantedBy(asked("P6", [mortgaged("2023-02-01 10:00", says)]).met).map(({ cure }) => cure.responsible)
		expect(turn({})).toEqual(["沁河银行"])
		expect(turn({ mortgagee: JIA })).toEqual(["抵押权人"])
		expect(since("P6", [mortgaged("2023-02-01 10:00")])).toEqual(["UNMET", "2023-02-01 10:00"])
		expect(says("P6", [contract("2023-02-01 10:00")])).toContain("没有土地或在建工程抵押")
		expect(says("P6", [mortgaged("2023-02-01 10:00")])).toContain("各项抵押均已处理")
		const consented: Said = [UNIT, "finance.sale-consented", "2023-03-01 10:00", { proofNo: "DY1" }]
		expect(since("P6", [mortgaged("2023-02-01 10:00"), consented])).toEqual(["MET", "2023-03-01 10:00"])
	})
})

describe("P7 and P8", () => {
	it("tell a registration that ended from one that never was", () => {
		const gone: Said = [BUILDING, "registration.deregistered", "2023-07-01 10:00", { certificateNo: "豫首1" }]
		const bought: Said = [UNIT, "registration.transferred", "2023-08-01 10:00", { certificateNo: "豫证1", holders: [JIA] }]
		expect(says("P7", [first("2023-05-20 10:00"), gone, bought])).toContain("首次登记 豫首1 已注销")
		expect(says("P7", [contract("2023-05-02 10:00")])).toContain("未办理首次登记")
		expect(events("P7", [contract("2023-05-02 10:00"), first("2023-05-20 10:00", { commonParts: ["门厅"] })], UNIT, { required: ["common-parts"] })).toEqual([
			1,
		])
	})

	it("want each service connected, by its own list, since it was", () => {
		const water = { services: ["water"] } as const
		const power = connected("2023-04-01 10:00", { service: "power", company: "太行供电" })
		expect(since("P8", [power, connected("2023-05-02 10:00")], UNIT, water)).toEqual(["MET", "2023-05-02 10:00"])
		expect(events("P8", [power, connected("2023-05-02 10:00")], UNIT, water)).toEqual([1])
		const opened: Said = [UNIT, "utility.account-opened", "2023-06-02 10:00", { service: "water", company: "太行水务", accountNo: "1001" }]
		expect(events("P8", [connected("2023-05-02 10:00"), opened], UNIT, water)).toEqual([0])
		expect(says("P8", [connected("2023-05-02 10:00")], UNIT, water)).toContain("水已通,户号 1001")
		expect(says("P8", [connected("2023-05-02 10:00", { accounts: [{ unit: "" }] })], UNIT, water)).toContain("水已通,户号 未编")
		const settled = { ...water, required: ["main-meter-settled"] } as const
		const paid = connected("2023-06-02 10:00", { service: "power", mainMeterSettled: true })
		expect(status("P8", [connected("2023-05-02 10:00"), paid], UNIT, settled)).toBe("UNMET")
		expect(since("P8", [connected("2023-05-02 10:00", { mainMeterSettled: true })], UNIT, settled)).toEqual(["MET", "2023-05-02 10:00"])
	})
})

describe("P9", () => {
	const hold = (kind: string | undefined): Said => [BUILDING, "project.hold-placed", "2023-03-01 10:00", { projectCode: "1", holdNo: "YL1", kind }]
	it("names the kind of hold", () => {
		for (const [kind, name] of [
			["unpaid", "欠缴"],
			["illegal-works", "违建"],
			["over-ratio", "超容积率"],
			["other", "其他"],
			[undefined, "其他"],
		] as const)
			expect(says("P9", [hold(kind)], BUILDING)).toContain(`历史遗留问题 YL1(${name})未解决`)
		expect(says("P9", [works("2022-04-01 10:00")], BUILDING)).toContain("没有未解决的历史遗留问题")
	})
})

describe("U1", () => {
	const again = contract("2023-06-02 10:00", { contractNo: "HT2", buyers: [YI] })
	it("counts since the filing, or the cancellation after it that left it alone", () => {
		const kept = amended("2023-05-20 10:00", { totalPriceCny: "1.00" })
		expect(since("U1", [contract("2023-05-02 10:00"), kept])).toEqual(["MET", "2023-05-02 10:00"])
		expect(events("U1", [contract("2023-05-02 10:00"), kept])).toEqual([0])
		expect(since("U1", [contract("2023-05-02 10:00"), again, cancelled("2023-07-02 10:00", { contractNo: "HT2" })])).toEqual(["MET", "2023-07-02 10:00"])
		expect(since("U1", [contract("2023-05-02 10:00"), cancelled("2023-05-20 10:00"), again])).toEqual(["MET", "2023-06-02 10:00"])
		expect(events("U1", [contract("2023-05-02 10:00"), cancelled("2023-05-20 10:00"), again])).toEqual([2])
		const stray = cancelled("2023-07-02 10:00", { contractNo: "HT9" })
		expect(since("U1", [contract("2023-05-02 10:00"), stray])).toEqual(["MET", "2023-05-02 10:00"])
		expect(events("U1", [contract("2023-05-02 10:00"), kept, again])).toEqual([0, 2])
		expect(wanted("U1", [contract("2023-05-02 10:00"), again])).toEqual(["查清后撤销其中一份合同"])
	})
})

describe("U2", () => {
	const SOLD = contract("2023-05-02 10:00")
	const paid = (time: string, totalCny: string, invoiceNo: string) => invoiced(time, { totalCny, invoiceNo })
	const wants = (...invoices: readonly Said[]) =>
		wanted("U2", [SOLD, ...invoices, [UNIT, "sales.paid-in-full", "2023-06-02 10:00", { contractNo: "HT1", amountCny: "800000.00" }]])

	it("wants invoices voided, the last first, and what is missing issued", () => {
		expect(wants()).toEqual(["开具全额发票"])
		expect(wants(paid("2023-06-03 10:00", "800000.00", "FP1"))).toEqual([])
		expect(wants(paid("2023-06-03 10:00", "300000.00", "FP1"))).toEqual(["开具全额发票"])
		expect(wants(paid("2023-06-03 10:00", "900000.00", "FP1"))).toEqual(["红冲发票 FP1", "开具全额发票"])
		expect(wants(paid("2023-06-03 10:00", "800000.00", "FP1"), paid("2023-06-04 10:00", "1.00", "FP2"))).toEqual(["红冲发票 FP2"])
		expect(wants(paid("2023-06-03 10:00", "500000.00", "FP1"), paid("2023-06-04 10:00", "400000.00", "FP2"))).toEqual(["红冲发票 FP2", "开具全额发票"])
		expect(wants(paid("2023-06-03 10:00", "500000.00", "FP1"), paid("2023-06-04 10:00", "300000.00", "FP2"), paid("2023-06-05 10:00", "9.00", "FP3"))).toEqual([
			"红冲发票 FP3",
		])
	})

	it("counts since the last payment and invoice", () => {
		const money: Said = [UNIT, "sales.paid-in-full", "2023-06-10 10:00", { contractNo: "HT1", amountCny: "800000.00" }]
		const later = taxed("2023-08-01 10:00")
		expect(since("U2", [SOLD, paid("2023-06-03 10:00", "800000.00", "FP1"), later])).toEqual(["UNMET", null])
		expect(since("U2", [SOLD, paid("2023-07-03 10:00", "800000.00", "FP1"), money, later])).toEqual(["MET", "2023-07-03 10:00"])
		expect(since("U2", [SOLD, paid("2023-06-03 10:00", "800000.00", "FP1"), money, later])).toEqual(["MET", "2023-06-10 10:00"])
		const free = contract("2023-05-02 10:00", { totalPriceCny: "0.00" })
		expect(since("U2", [free])).toEqual(["MET", null])
	})
})

describe("U3", () => {
	it("says whether it is paid or exempt, and leaves the fund to U4", () => {
		const SOLD = contract("2023-05-02 10:00")
		const exempted: Said = [UNIT, "tax.deed-tax-exempted", "2023-06-04 10:00", { receiptNo: "MZ1", contractNo: "HT1" }]
		const fund: Said = [UNIT, "tax.maintenance-fund-paid", "2023-06-05 10:00", { receiptNo: "WX1", contractNo: "HT1", amountCny: "6000.00" }]
		expect(says("U3", [SOLD, exempted])).toContain("契税免征")
		expect(says("U3", [SOLD, taxed("2023-06-04 10:00")])).toContain("契税 12000.00 元已缴")
		expect(status("U3", [SOLD, fund])).toBe("UNMET")
		const refunded: Said = [UNIT, "tax.deed-tax-refunded", "2023-07-04 10:00", { receiptNo: "QS1" }]
		expect(since("U3", [SOLD, taxed("2023-06-04 10:00"), refunded])).toEqual(["UNMET", "2023-07-04 10:00"])
	})
})

describe("U5 and U6", () => {
	it("tell an objection from a residence right, and say what would lift it", () => {
		expect([says("U5", [objected("2023-04-12 10:00")]).at(-1), wanted("U5", [objected("2023-04-12 10:00")])]).toEqual([
			"异议登记 YY1 未注销",
			["注销异议登记 YY1"],
		])
		expect([says("U5", [residence("2023-04-12 10:00")]).at(-1), wanted("U5", [residence("2023-04-12 10:00")])]).toEqual([
			"他人的居住权 JZ1 未注销",
			["注销居住权 JZ1"],
		])
		expect(says("U5", [contract("2023-05-02 10:00")])).toContain("本户没有查封、异议或他人的居住权")
		expect(says("U5", [works("2022-04-01 10:00")], BUILDING)).toContain("本幢没有查封、异议或他人的居住权")
		expect(says("U5", [granted("2022-01-05 10:00")], PARCEL)).toContain("宗地没有查封、异议或他人的居住权")
	})

	it("of an objection bind the building on which it stands", () => {
		const whole: Said = [BUILDING, "registration.objected", "2023-06-12 10:00", { proofNo: "YY9", objector: YI }]
		expect(since("U5", [whole], BUILDING)).toEqual(["UNMET", "2023-06-12 10:00"])
		expect(wanted("U5", [whole], BUILDING)).toEqual(["注销异议登记 YY9"])
	})

	it("count a residence right as another's since those are the buyers", () => {
		const SOLD = contract("2023-05-02 10:00")
		expect(since("U5", [residence("2023-04-12 10:00")])).toEqual(["UNMET", "2023-04-12 10:00"])
		expect(since("U5", [residence("2023-04-12 10:00"), SOLD])).toEqual(["UNMET", "2023-05-02 10:00"])
		expect(since("U5", [SOLD, residence("2023-06-12 10:00")])).toEqual(["UNMET", "2023-06-12 10:00"])
		expect(since("U5", [SOLD, residence("2023-06-12 10:00"), cancelled("2023-07-02 10:00")])).toEqual(["UNMET", null])
		expect(since("U5", [SOLD, residence("2023-06-12 10:00"), amended("2023-08-02 10:00", { buyers: [JIA] })])).toEqual(["UNMET", "2023-08-02 10:00"])
		expect(status("U5", [SOLD, residence("2023-06-12 10:00", { holder: JIA })])).toBe("MET")
		expect(since("U5", [objected("2023-04-12 10:00"), SOLD])).toEqual(["UNMET", "2023-04-12 10:00"])
		const whole: Said = [BUILDING, "registration.residence-right-registered", "2023-06-12 10:00", { proofNo: "JZ9", holder: YI }]
		expect(since("U5", [whole], BUILDING)).toEqual(["MET", null])
	})

	it("want of the last seizure in effect that those waiting behind it are lifted, too", () => {
		const waiting = seized("2028-04-12 10:00", { seizureNo: "CF2", kind: "waiting" })
		const [lone, both] = [[seized("2028-04-10 10:00")], [seized("2028-04-10 10:00"), waiting]]
		expect(wanted("U5", lone)).toEqual(["解除查封 CF1"])
		expect(wanted("U5", both)).toEqual(["解除查封 CF1", "解除查封 CF2"])
		const gone: Said = [UNIT, "judicial.seizure-lifted", "2028-05-12 10:00", { seizureNo: "CF2" }]
		expect(wanted("U5", [...both, gone])).toEqual(["解除查封 CF1"])
		const pre = seized("2028-04-11 10:00", { seizureNo: "CF3", kind: "seizure" })
		expect(wanted("U5", [seized("2028-04-10 10:00"), pre, waiting])).toHaveLength(3)
	})

	it("count a notice as another's since those are the buyers", () => {
		const SOLD = contract("2023-05-02 10:00")
		expect(since("U6", [notice("2023-04-10 10:00"), SOLD])).toEqual(["UNMET", "2023-05-02 10:00"])
		expect(since("U6", [SOLD, notice("2023-06-10 10:00")])).toEqual(["UNMET", "2023-06-10 10:00"])
		expect(since("U6", [SOLD, notice("2023-06-10 10:00"), amended("2023-08-02 10:00", { buyers: [JIA] })])).toEqual(["UNMET", "2023-08-02 10:00"])
		expect(since("U6", [SOLD, notice("2023-06-10 10:00"), amended("2023-08-02 10:00", { areaM2: "1.00" })])).toEqual(["UNMET", "2023-06-10 10:00"])
		expect(events("U6", [SOLD, notice("2023-06-10 10:00", { holder: JIA })])).toEqual([1])
	})
})

describe("U7", () => {
	const at = (says: object = {}, ...facts: readonly Said[]) => ["U7", [contract("2023-05-02 10:00", says), measured("2023-06-01 10:00"), ...facts]] as const
	it("rests on the survey and on the word of the contract, by its basis", () => {
		expect(status(...at())).toBe("MET")
		expect(events(...at())).toEqual([1, 0])
		expect(events(...at({}, amended("2023-07-02 10:00", { areaM2: "104.00" })))).toEqual([1, 2])
		expect(says(...at({ areaBasis: "inside", areaM2: "80.00" }))).toContain("实测套内面积 80.00,合同 80.00,误差比限 3.00%")
		expect(status(...at({ areaBasis: "inside" }))).toBe("UNMET")
		expect(wanted(...at({ areaBasis: "inside" }))).toEqual(["结算面积差异"])
		const twice = measured("2023-07-01 10:00", { surveyNo: "SC2", units: [{ code: "", areaM2: "103.00", insideM2: "100.00", link: "new" }] })
		expect(says(...at({ areaBasis: "inside" }, twice))).toContain("实测套内面积 100.00,合同 100.00,误差比限 3.00%")
		const outside = [
			"U7",
			[contract("2023-05-02 10:00", { areaBasis: "inside" }), measured("2023-06-01 10:00", { units: [{ code: "", areaM2: "103.00", link: "new" }] })],
		] as const
		expect(says(...outside)).toContain("没有实测套内面积")
		expect(says(...at())).toContain("实测面积 103.00 平方米")
	})
})

describe("U8 and U9", () => {
	const SOLD = contract("2023-05-02 10:00")
	const withdrawn = (time: string, applicationNo = "SL1"): Said => [UNIT, "registration.transfer-withdrawn", time, { applicationNo }]

	it("count an application of the contract, or of none that was made since it was filed, until it is withdrawn", () => {
		expect(status("U8", [SOLD, applied("2023-05-02 10:00")])).toBe("MET")
		expect(status("U8", [SOLD, applied("2023-05-02 09:59")])).toBe("UNMET")
		expect(status("U8", [SOLD, applied("2023-04-02 10:00", { contractNo: "HT1" })])).toBe("MET")
		expect(status("U8", [SOLD, applied("2023-06-02 10:00", { contractNo: "HT9" })])).toBe("UNMET")
		expect(status("U8", [SOLD, applied("2023-06-02 10:00"), withdrawn("2023-06-03 10:00")])).toBe("UNMET")
		expect(status("U8", [SOLD, applied("2023-06-02 10:00"), withdrawn("2023-06-03 10:00", "SL9")])).toBe("MET")
		expect(status("U8", [SOLD, withdrawn("2023-06-01 10:00"), applied("2023-06-02 10:00")])).toBe("MET")
	})

	it("hold each document to the buyers by name and number", () => {
		expect(status("U9", [SOLD])).toBe("MET")
		expect(events("U9", [SOLD, amended("2023-05-20 10:00", { areaM2: "1.00" })])).toEqual([0])
		expect(status("U9", [SOLD, invoiced("2023-06-03 10:00", { buyers: [JIA] })])).toBe("MET")
		expect(status("U9", [SOLD, invoiced("2023-06-03 10:00", { buyers: [person("甲莫", "甲某")] })])).toBe("UNMET")
		expect(status("U9", [SOLD, invoiced("2023-06-03 10:00", { buyers: [JIA, YI] })])).toBe("UNMET")
		expect(says("U9", [SOLD, invoiced("2023-06-03 10:00")])).toContain("没有其他文件写明买受人")
		const two = contract("2023-05-02 10:00", { buyers: [JIA, YI] })
		expect(status("U9", [two, invoiced("2023-06-03 10:00", { buyers: [JIA] })])).toBe("MET")
		expect(status("U9", [two, applied("2023-06-03 10:00")])).toBe("UNMET")
	})

	it("leave out what is voided, refunded, not of the contract, or of the fund", () => {
		const voided: Said = [UNIT, "sales.invoice-voided", "2023-07-04 10:00", { invoiceNo: "FP1" }]
		const refunded: Said = [UNIT, "tax.deed-tax-refunded", "2023-07-04 10:00", { receiptNo: "QS1" }]
		const fund: Said = [UNIT, "tax.maintenance-fund-paid", "2023-06-05 10:00", { receiptNo: "WX1", contractNo: "HT1", amountCny: "6000.00", payers: [YI] }]
		expect(status("U9", [SOLD, invoiced("2023-06-03 10:00", { buyers: [YI] }), voided])).toBe("MET")
		expect(status("U9", [SOLD, taxed("2023-06-04 10:00", { payers: [YI] })])).toBe("UNMET")
		expect(status("U9", [SOLD, taxed("2023-06-04 10:00", { payers: [YI] }), refunded])).toBe("MET")
		expect(status("U9", [SOLD, taxed("2023-06-04 10:00", { payers: [YI], contractNo: "HT9" })])).toBe("MET")
		expect(status("U9", [SOLD, fund])).toBe("MET")
		expect(says("U9", [SOLD, taxed("2023-06-04 10:00", { payers: [JIA], receiptNo: undefined })])).toContain("契税凭证与合同买受人一致")
	})

	it("join parties that a registrar has joined, by whatever name", () => {
		const renamed: Said = ["registry" as Scope, "registrar.party-renamed", "2023-07-01 10:00", { from: company("丹河商贸"), to: company("新怀川") }]
		const bought = contract("2023-05-02 10:00", { buyers: [company("丹河商贸")] })
		const paid = taxed("2023-06-04 10:00", { payers: [company("新怀川")] })
		expect(status("U9", [bought, paid])).toBe("UNMET")
		expect(status("U9", [bought, paid, renamed])).toBe("MET")
		const other = taxed("2023-06-04 10:00", { payers: [{ ...company("新怀川"), name: "新怀川地产" }] })
		expect(status("U9", [bought, other, renamed])).toBe("MET")
		const sold = contract("2023-05-02 10:00", { buyers: [company("新怀川")] })
		expect(status("U9", [sold, other, renamed])).toBe("MET")
		expect(status("U9", [sold, other])).toBe("UNMET")
		const elsewhere: Said = ["registry" as Scope, "registrar.party-renamed", "2023-07-01 10:00", { from: company("甲公司"), to: company("乙公司") }]
		expect(status("U9", [sold, other, elsewhere])).toBe("UNMET")
	})
})

describe("U10 and U12", () => {
	const borrowed = contract("2023-05-02 10:00", { paymentKind: "loan" })
	it("count a mortgage of the buyer's that is in force", () => {
		expect(since("U10", [borrowed, loan("2023-06-10 10:00")])).toEqual(["MET", "2023-06-10 10:00"])
		expect(status("U10", [borrowed, loan("2023-06-10 10:00", { kind: "construction" })])).toBe("UNMET")
		expect(status("U10", [borrowed, loan("2023-06-10 10:00", { kind: "priority-notice" })])).toBe("MET")
		expect(status("U10", [borrowed, loan("2023-06-10 10:00", { mortgagor: YI })])).toBe("UNMET")
		expect(since("U10", [borrowed, loan("2023-06-10 10:00"), amended("2023-08-02 10:00", { buyers: [JIA] })])).toEqual(["MET", "2023-08-02 10:00"])
		expect(status("U10", [contract("2023-05-02 10:00")])).toBe("NOT_APPLICABLE")
		expect(status("U10", [contract("2023-05-02 10:00", { paymentKind: "full" }), loan("2023-06-10 10:00")])).toBe("NOT_APPLICABLE")
		expect(since("U10", [contract("2023-05-02 10:00"), loan("2023-06-10 10:00"), amended("2023-08-02 10:00", { paymentKind: "mixed" })])).toEqual([
			"MET",
			"2023-08-02 10:00",
		])
		expect(events("U10", [contract("2023-05-02 10:00", { paymentKind: "full" }), amended("2023-08-02 10:00", { areaM2: "1.00" })])).toEqual([0])
	})

	it("count the handover date of the contract since it was said", () => {
		expect(since("U12", [contract("2023-05-02 10:00", { handoverDueOn: "2023-12-31" })])).toEqual(["MET", "2023-05-02 10:00"])
		expect(since("U12", [contract("2023-05-02 10:00"), amended("2023-08-02 10:00", { handoverDueOn: "2023-12-31" })])).toEqual(["MET", "2023-08-02 10:00"])
	})
})

describe("a waiver", () => {
	const bad = [contract("2023-05-02 10:00"), applied("2023-06-02 10:00", { holders: [YI] })]
	it("is of the condition that it names, until its last day", () => {
		expect(status("U9", bad)).toBe("UNMET")
		expect([status("U9", [...bad, waived("2023-07-02 10:00")]), says("U9", [...bad, waived("2023-07-02 10:00")])[1]]).toEqual(["WAIVED", "豁免"])
		expect(status("U9", [...bad, waived("2023-07-02 10:00", { condition: "U8" })])).toBe("UNMET")
		expect(status("U9", [...bad, waived("2023-07-02 10:00", { condition: "U99" })])).toBe("UNMET")
		expect(status("U9", [...bad, waived("2023-07-02 10:00", { untilOn: "2028-12-31" })])).toBe("UNMET")
		expect(status("U9", [...bad, waived("2023-07-02 10:00", { untilOn: "2029-01-01" })])).toBe("WAIVED")
		expect(says("U9", [...bad, waived("2023-07-02 10:00", { untilOn: "2029-01-01" })])).toContain("登记员已豁免,至 2029-01-01:依会议纪要")
		expect(says("U9", [...bad, waived("2023-07-02 10:00")])).toContain("登记员已豁免:依会议纪要")
		expect(judgement([...bad, waived("2023-07-02 10:00", { condition: "U99" })], UNIT, {}).waivers).toEqual([])
	})

	it("holds at the root as its condition does", () => {
		const root = (...more: readonly Said[]) => asked("U9", [...bad, ...more]).because[0]
		expect(root()).toMatchObject({ statement: "U9 合同、发票、契税、申请的买受人一致: 未满足", holds: false })
		expect(root(waived("2023-07-02 10:00"))).toMatchObject({ holds: true })
	})
})
