import type { Scope } from "@yima/schemas"
import { describe, expect, it } from "vitest"
import { DEFAULT, FINDING_RULES, type FindingRule, findings, nextFinding, type RuleSet, sceneOf, suspicionsOf } from "../src/index.ts"
import { BUILDING, moment, UNIT, viewOf } from "./views.ts"

type Said = Parameters<typeof viewOf>[2][number]

const PARCEL = "410811001001GB00001" as Scope
const NOW = "2029-01-01 00:00"
const BY_DAY = { byDay: true }

const company = (name: string) => ({ id: name, name })
const person = (name: string, id = name, more: object = {}) => ({ id, name, kind: "passport", ...more })
const [DEVELOPER, BANK] = [company("怀川置业"), company("沁河银行")]
const [JIA, YI] = [person("甲某"), person("乙某")]

const contract = (time: string, says: object = {}, more: object = {}, where: Scope = UNIT): Said => [
	where,
	"sales.contract-filed",
	time,
	{ contractNo: "HT1", kind: "presale", seller: DEVELOPER, buyers: [JIA], signedOn: "2023-05-01", areaM2: "100.00", totalPriceCny: "800000.00", ...says },
	more,
]
const of =
	(type: string, base: object, where: Scope = UNIT) =>
	(time: string, says: object = {}, more: object = {}, at: Scope = where): Said => [at, type, time, { ...base, ...says }, more]
const cancelled = of("sales.contract-cancelled", { contractNo: "HT1" })
const amended = of("sales.contract-amended", { contractNo: "HT1" })
const handedOver = of("sales.handed-over", { contractNo: "HT1", handedOverOn: "2023-12-01" })
const presale = of("construction.presale-permitted", { permitNo: "预1", seller: DEVELOPER }, BUILDING)
const notice = of("registration.priority-notice-registered", { proofNo: "YG1", holder: JIA })
const applied = of("registration.transfer-applied", { applicationNo: "SL1", holders: [JIA] })
const transferred = of("registration.transferred", { certificateNo: "豫证1", holders: [JIA] })
const first = of("registration.first-registered", { certificateNo: "豫首1", holder: DEVELOPER }, BUILDING)
const seized = of("judicial.seized", { seizureNo: "CF1", kind: "seizure", court: "甲法院" })
const lifted = of("judicial.seizure-lifted", { seizureNo: "CF1" })
const mortgaged = of("finance.mortgage-registered", { proofNo: "DY1", kind: "construction", mortgagee: BANK, mortgagor: DEVELOPER })
const told = of("finance.sale-notified", { proofNo: "DY1" })
const taxed = of("tax.deed-tax-paid", { receiptNo: "S1", amountCny: "12000.00" })
const refunded = of("tax.deed-tax-refunded", { receiptNo: "S1" })
const invoiced = of("sales.invoice-issued", { invoiceNo: "FP1", contractNo: "HT1", totalCny: "800000.00" })
const money = of("finance.escrow-received", { contractNo: "HT1", amountCny: "100000.00" })
const opened = of("utility.account-opened", { service: "gas", company: "燃气公司", accountNo: "Q1", holder: JIA })
const granted = of("land.granted", { grantKind: "assignment", grantContractNo: "CR1", grantee: DEVELOPER }, PARCEL)
const measured = of("survey.measured", { surveyNo: "SC1", units: [{ code: "", areaM2: "103.01", insideM2: "80.00", link: "new" }] })

const ruleOf = (code: string): FindingRule => {
	const found = FINDING_RULES.find((each) => each.code === code)
	if (found === undefined) throw new Error(`there is no ${code}`)
	return found
}

const judged = (code: string, facts: readonly Said[], scope: Scope, change: Partial<RuleSet>, asOf: string) => {
	const view = viewOf(scope, asOf, facts)
	const rule = ruleOf(code)
	return suspicionsOf(rule, view, sceneOf(view, moment(asOf), { ...DEFAULT, ...change })).map(({ severity = rule.severity, ...each }) => ({
		...each,
		severity,
	}))
}

/** What a rule raises of hand-made facts: what it is on, how grave it is. */
const raised = (code: string, facts: readonly Said[], scope: Scope = UNIT, change: Partial<RuleSet> = {}, asOf = NOW) =>
	judged(code, facts, scope, change, asOf).map(({ on, severity }) => `${on} ${severity}`)

/** What it says, up to what would end it. */
const says = (code: string, facts: readonly Said[], scope: Scope = UNIT) =>
	judged(code, facts, scope, {}, NOW).map(({ proof }) => proof.statement.replace(/。解除所需.*?($|(当天))/, "$2"))
const parts = (code: string, facts: readonly Said[], scope: Scope = UNIT) =>
	judged(code, facts, scope, {}, NOW).flatMap(({ proof }) => proof.parts.map((each) => each.statement))

describe("C05", () => {
	const again = (more: object = {}) => contract("2023-06-02 10:00", { contractNo: "HT2", buyers: [YI], ...more })
	const [ONE, TWO] = [contract("2023-05-02 10:00"), again()]

	it("is raised by each contract more, while both live", () => {
		expect(raised("C05", [ONE])).toEqual([])
		expect(raised("C05", [ONE, TWO])).toEqual(["HT2 BLOCK"])
		expect(raised("C05", [ONE, TWO, contract("2023-07-02 10:00", { contractNo: "HT3" })])).toEqual(["HT2 BLOCK", "HT3 BLOCK"])
		expect(raised("C05", [ONE, TWO, cancelled("2023-07-02 10:00")])).toEqual([])
		expect(parts("C05", [ONE, TWO])).toEqual(["合同 HT1 2023-05-01 签订,2023-05-02 备案,有效", "合同 HT2 2023-05-01 签订,2023-06-02 备案,有效"])
	})

	it("is raised by a priority notice of another, while it is in force", () => {
		const of = (...facts: readonly Said[]) => raised("C05", [ONE, ...facts])
		expect(of(notice("2023-06-01 10:00", { holder: YI }))).toEqual(["YG1 BLOCK"])
		expect(of(notice("2023-06-01 10:00"))).toEqual([])
		expect(of(notice("2023-06-01 10:00", { holder: YI, contractNo: "HT1" }))).toEqual([])
		expect(of(notice("2023-06-01 10:00", { holder: YI, contractNo: "HT9" }))).toEqual(["YG1 BLOCK"])
		expect(raised("C05", [notice("2023-06-01 10:00", { holder: YI })])).toEqual([])
	})
})

describe("C06", () => {
	const of = (...facts: readonly Said[]) => raised("C06", facts)
	const revoked = (time: string, permitNo = "预1", more: object = {}): Said => [BUILDING, "construction.presale-revoked", time, { permitNo }, more]
	const completed: Said = [BUILDING, "construction.completed-sale-filed", "2023-04-01 10:00", { permitNo: "现1" }]
	const named = contract("2023-05-02 10:00", { presalePermitNo: "预1" })

	it("is raised of a presale without a permit on the day of signing", () => {
		expect(of(contract("2023-05-02 10:00"))).toEqual(["HT1 BLOCK"])
		expect(of(contract("2023-05-02 10:00", { kind: "completed" }))).toEqual([])
		expect(of(presale("2023-04-01 10:00"), contract("2023-05-02 10:00"))).toEqual([])
		expect(of(presale("2023-05-02 10:00"), contract("2023-05-02 10:00"))).toEqual(["HT1 BLOCK"])
		expect(of(presale("2023-05-01 10:00"), contract("2023-05-02 10:00"))).toEqual(["HT1 NOTE"])
	})

	it("asks for the permit that the contract names, or a filing of completed flats", () => {
		expect(of(presale("2023-04-01 10:00", { permitNo: "预2" }), contract("2023-05-02 10:00"))).toEqual([])
		expect(of(presale("2023-04-01 10:00", { permitNo: "预2" }), named)).toEqual(["HT1 BLOCK"])
		expect(of(presale("2023-04-01 10:00"), named)).toEqual([])
		expect(of(completed, named)).toEqual([])
	})

	it("goes by the day of revocation", () => {
		const given = presale("2023-04-01 10:00")
		expect(of(given, revoked("2023-04-30 10:00"), contract("2023-05-02 10:00"))).toEqual(["HT1 BLOCK"])
		expect(of(given, revoked("2023-05-01 10:00"), contract("2023-05-02 10:00"))).toEqual(["HT1 NOTE"])
		expect(of(given, revoked("2023-05-02 10:00"), contract("2023-05-02 10:00"))).toEqual([])
		const other = presale("2023-04-02 10:00", { permitNo: "预2" })
		expect(of(given, other, revoked("2023-04-30 10:00", "预2"), contract("2023-05-02 10:00"))).toEqual([])
	})

	it("says which permits there are", () => {
		const two = [presale("2023-06-01 10:00"), presale("2023-06-02 10:00", { permitNo: "预2" })]
		expect(says("C06", [named])).toEqual(["合同 HT1 2023-05-01 签订,当日所载预售许可 预1 对本户无效(范围内无许可)"])
		expect(says("C06", [...two, contract("2023-05-02 10:00")])).toEqual([
			"合同 HT1 2023-05-01 签订,当日本户没有有效的预售许可(预1 2023-06-01 核发;预2 2023-06-02 核发)",
		])
		expect(parts("C06", [contract("2023-05-02 10:00")])).toEqual(["合同 HT1 2023-05-01 签订,2023-05-02 备案,预售", "没有覆盖本户的预售许可或现房销售备案"])
		expect(parts("C06", [...two, contract("2023-05-02 10:00")])[1]).toBe("预1 2023-06-01 核发;预2 2023-06-02 核发")
	})
})

describe("C07 and C08", () => {
	const land: Said = [PARCEL, "land.right-registered", "2020-01-05 10:00", { certificateNo: "豫地1", holder: DEVELOPER }]
	const works = (time: string, permitNo: string): Said => [PARCEL, "planning.works-permitted", time, { permitNo }]
	const of = (says: object, ...facts: readonly Said[]) => raised("C07", [land, ...facts, presale("2020-06-01 10:00", says)], BUILDING)

	it("ask whether the permit's land certificate and works permit are of the plot", () => {
		expect(of({ landCertificateNo: "豫地 1" })).toEqual([])
		expect(of({ landCertificateNo: "豫地9" })).toEqual(["预1 土地证号 BLOCK"])
		expect(of({ worksPermitNo: "建9" })).toEqual([])
		expect(of({ worksPermitNo: "建2" }, works("2020-02-01 10:00", "建1"), works("2020-02-02 10:00", "建2"))).toEqual([])
		expect(of({ worksPermitNo: "建9", landCertificateNo: "豫地9" }, works("2020-02-01 10:00", "建1"))).toEqual(["预1 土地证号 BLOCK", "预1 建字号 BLOCK"])
		const revoked: Said = [BUILDING, "construction.presale-revoked", "2020-07-01 10:00", { permitNo: "预1" }]
		expect(of({ landCertificateNo: "豫地9" }, revoked)).toEqual([])
	})

	it("say what is stated and what is so", () => {
		const facts = [
			land,
			first("2020-05-01 10:00"),
			works("2020-02-01 10:00", "建1"),
			works("2020-02-02 10:00", "建2"),
			presale("2020-06-01 10:00", { worksPermitNo: "建9", landCertificateNo: "豫地9" }),
		]
		expect(says("C07", facts, BUILDING)).toEqual([
			"预售许可 预1 所载土地证号 豫地9 与本地块的 豫地1 不符",
			"预售许可 预1 所载建字号 建9 与本地块的 建1、建2 不符",
		])
		expect(parts("C07", facts, BUILDING)).toEqual([
			"预售许可 预1 所载土地证号: 豫地9",
			"本地块土地证号: 豫地1",
			"预售许可 预1 所载建字号: 建9",
			"本地块建字号: 建1",
			"本地块建字号: 建2",
		])
	})

	it("ask whether each permit that has to come first came first", () => {
		const construction: Said = [PARCEL, "construction.permitted", "2020-07-01 10:00", { permitNo: "施1" }]
		const late = (...facts: readonly Said[]) => raised("C08", [...facts, presale("2020-06-01 10:00")], BUILDING)
		expect(late(land, first("2020-07-01 10:00"))).toEqual([])
		expect(late(land, works("2020-07-01 10:00", "建1"), construction)).toEqual(["预1 建设工程规划许可 BLOCK", "预1 施工许可 BLOCK"])
		expect(late(works("2020-07-01 10:00", "建1"), works("2020-05-01 10:00", "建2"))).toEqual([])
		expect(says("C08", [construction, presale("2020-06-01 10:00")], BUILDING)).toEqual(["预售许可 预1 于 2020-06-01 核发,早于施工许可 施1(2020-07-01)"])
	})
})

describe("C09 and C10", () => {
	const of = (...facts: readonly Said[]) => raised("C09", facts)

	it("ask whether a seizure was in effect at the signing or the transfer", () => {
		expect(of(seized("2023-04-01 10:00"), contract("2023-05-02 10:00"))).toEqual(["HT1 CF1 BLOCK"])
		expect(of(seized("2023-05-01 10:00"), contract("2023-05-02 10:00"))).toEqual(["HT1 CF1 NOTE"])
		expect(of(seized("2023-05-02 09:00"), contract("2023-05-02 10:00"))).toEqual([])
		expect(of(seized("2023-04-01 10:00"), lifted("2023-05-01 10:00"), contract("2023-05-02 10:00"))).toEqual(["HT1 CF1 NOTE"])
		expect(of(seized("2023-04-01 10:00"), lifted("2023-04-30 10:00"), contract("2023-05-02 10:00"))).toEqual([])
		expect(of(seized("2023-06-01 10:00"), first("2023-05-01 10:00"), transferred("2023-07-01 10:00"))).toEqual(["豫证1 CF1 BLOCK"])
		expect(of(seized("2023-04-01 10:00"), seized("2023-04-02 10:00", { seizureNo: "CF2", kind: "waiting" }), contract("2023-05-02 10:00"))).toEqual([
			"HT1 CF1 BLOCK",
		])
	})

	it("leave open what is known by its day", () => {
		expect(of(seized("2023-07-01 00:00", {}, BY_DAY), transferred("2023-07-01 10:00"))).toEqual(["豫证1 CF1 NOTE"])
		expect(of(seized("2023-06-01 00:00", {}, BY_DAY), transferred("2023-07-01 10:00"))).toEqual(["豫证1 CF1 BLOCK"])
		expect(of(seized("2023-06-01 10:00"), lifted("2023-07-01 00:00", {}, BY_DAY), transferred("2023-07-01 10:00"))).toEqual(["豫证1 CF1 NOTE"])
		expect(of(seized("2023-06-01 10:00"), lifted("2023-07-01 10:00"), transferred("2023-07-01 00:00", {}, BY_DAY))).toEqual(["豫证1 CF1 NOTE"])
		expect(of(seized("2023-06-01 10:00"), lifted("2023-07-01 09:00"), transferred("2023-07-01 10:00"))).toEqual([])
		const other = lifted("2023-07-01 00:00", { seizureNo: "CF9" }, BY_DAY)
		expect(of(seized("2023-06-01 10:00"), lifted("2023-07-01 09:00"), other, transferred("2023-07-01 10:00"))).toEqual([])
	})

	it("say how long it was in effect, and that it lapsed", () => {
		expect(parts("C09", [seized("2023-04-01 10:00"), lifted("2023-06-01 10:00"), contract("2023-05-02 10:00")])).toEqual([
			"合同 HT1 2023-05-01 签订,2023-05-02 备案",
			"查封 CF1 自 2023-04-01 至 2023-06-01 生效",
		])
		const lapsing = seized("2023-04-01 10:00", { toOn: "2023-12-31" })
		expect(raised("C10", [lapsing])).toEqual(["CF1 HOLD"])
		expect(raised("C10", [lapsing, lifted("2024-05-01 10:00")])).toEqual([])
		expect(raised("C10", [lapsing, lifted("2023-12-01 10:00")])).toEqual([])
		expect(raised("C10", [seized("2023-04-01 10:00", { toOn: "2023-12-31" }, {}, PARCEL), contract("2023-05-02 10:00")])).toEqual([])
		expect(parts("C10", [lapsing])).toEqual(["查封期限届满,自动失效", "没有解封"])
	})
})

describe("C12", () => {
	const of = (...facts: readonly Said[]) => raised("C12", facts)
	const [ASKED, DONE] = [applied("2023-07-01 10:00"), transferred("2023-07-05 10:00", { applicationNo: "SL1" })]

	it("is raised where a seizure arrived between application and register", () => {
		expect(of(ASKED, seized("2023-07-03 10:00"), DONE)).toEqual(["豫证1 CF1 BLOCK"])
		expect(of(ASKED, seized("2023-06-30 10:00"), DONE)).toEqual([])
		expect(of(ASKED, seized("2023-07-06 10:00"), DONE)).toEqual([])
		expect(of(ASKED, seized("2023-07-03 10:00"), lifted("2023-07-04 10:00"), DONE)).toEqual([])
		expect(of(seized("2023-07-03 10:00"), DONE)).toEqual([])
		expect(of(ASKED, seized("2023-07-05 00:00", {}, BY_DAY), DONE)).toEqual(["豫证1 CF1 NOTE"])
	})

	it("goes by when it was served, where that is said", () => {
		const served = (at: string) => seized("2023-07-06 10:00", { servedAt: `${at}T10:00:00+08:00`, fromOn: "2023-07-03" })
		expect(of(ASKED, served("2023-07-03"), DONE)).toEqual(["豫证1 CF1 BLOCK"])
		expect(of(ASKED, served("2023-06-30"), DONE)).toEqual([])
		expect(parts("C12", [ASKED, served("2023-07-03"), DONE])).toEqual(["2023-07-01 受理 SL1", "查封 CF1 2023-07-03 送达", "2023-07-05 登簿 豫证1"])
		expect(parts("C12", [ASKED, seized("2023-07-04 10:00"), DONE])[1]).toBe("查封 CF1 2023-07-04 送达")
	})

	it("goes by the application that the transfer names, else by the last before it", () => {
		const [other, unnumbered] = [applied("2023-07-04 10:00", { applicationNo: "SL2" }), transferred("2023-07-05 10:00")]
		expect(of(ASKED, other, seized("2023-07-03 10:00"), DONE)).toEqual(["豫证1 CF1 BLOCK"])
		expect(of(ASKED, other, seized("2023-07-03 10:00"), unnumbered)).toEqual([])
		expect(of(ASKED, seized("2023-07-03 10:00"), unnumbered)).toEqual(["豫证1 CF1 BLOCK"])
		expect(of(ASKED, seized("2023-07-03 10:00"), unnumbered, applied("2023-08-04 10:00", { applicationNo: "SL3" }))).toEqual(["豫证1 CF1 BLOCK"])
		expect(of(applied("2023-07-05 10:00"), seized("2023-07-05 10:00"), unnumbered)).toEqual([])
	})

	it("does not count a seizure that waits, until its turn has come", () => {
		const waiting = seized("2023-07-03 10:00", { seizureNo: "CF2", kind: "waiting" })
		const before = seized("2023-06-01 10:00")
		expect(of(before, ASKED, waiting, DONE)).toEqual([])
		expect(of(before, ASKED, waiting, lifted("2023-07-04 10:00"), DONE)).toEqual(["豫证1 CF2 BLOCK"])
		expect(of(before, ASKED, waiting, DONE, lifted("2023-08-04 10:00"))).toEqual([])
		expect(of(before, ASKED, waiting, lifted("2023-07-05 10:00"), DONE)).toEqual(["豫证1 CF2 BLOCK"])
	})

	it("is raised by a pre-seizure of what is the buyer's already", () => {
		const pre = (time: string, more: object = {}) => seized(time, { kind: "pre-seizure" }, more)
		expect(of(DONE, pre("2023-07-06 10:00"))).toEqual(["豫证1 CF1 BLOCK"])
		expect(of(DONE, seized("2023-07-06 10:00"))).toEqual([])
		expect(of(DONE, pre("2023-07-04 10:00"))).toEqual([])
		expect(of(DONE, pre("2023-07-05 00:00", BY_DAY))).toEqual(["豫证1 CF1 NOTE"])
		expect(says("C12", [DONE, pre("2023-07-06 10:00")])).toEqual(["已于 2023-07-05 登簿给买受人,此后仍登记预查封 CF1(甲法院)"])
		expect(parts("C12", [DONE, pre("2023-07-06 10:00")])).toEqual(["2023-07-05 登簿 豫证1", "2023-07-06 预查封 CF1"])
	})
})

describe("C13 and C14", () => {
	const SOLD = contract("2023-05-02 10:00")
	const whole = (time: string, says: object = {}, more: object = {}) => mortgaged(time, says, more, BUILDING)

	it("ask whether a mortgage of another than the buyer came after the sale, or before it", () => {
		expect([raised("C13", [SOLD, mortgaged("2023-06-01 10:00")]), raised("C14", [SOLD, mortgaged("2023-06-01 10:00")])]).toEqual([["DY1 BLOCK"], []])
		expect([raised("C13", [mortgaged("2023-04-01 10:00"), SOLD]), raised("C14", [mortgaged("2023-04-01 10:00"), SOLD])]).toEqual([[], ["HT1 DY1 HOLD"]])
		expect(raised("C13", [SOLD, mortgaged("2023-05-02 00:00", {}, BY_DAY)])).toEqual(["DY1 NOTE"])
		expect(raised("C14", [SOLD, mortgaged("2023-05-02 00:00", {}, BY_DAY)])).toEqual(["HT1 DY1 NOTE"])
		const byDay = contract("2023-05-02 00:00", {}, BY_DAY)
		expect(raised("C13", [byDay, mortgaged("2023-05-02 10:00")])).toEqual(["DY1 NOTE"])
		expect(raised("C14", [mortgaged("2023-05-02 10:00"), byDay])).toEqual(["HT1 DY1 NOTE"])
		expect(raised("C13", [SOLD, mortgaged("2023-06-01 10:00", { kind: "unit", mortgagor: JIA })])).toEqual([])
		expect(raised("C14", [mortgaged("2023-04-01 10:00", { kind: "unit", mortgagor: JIA }), SOLD])).toEqual([])
		expect(raised("C13", [mortgaged("2023-06-01 10:00")])).toEqual([])
		const discharged: Said = [UNIT, "finance.mortgage-discharged", "2023-08-01 10:00", { proofNo: "DY1" }]
		expect(raised("C13", [SOLD, mortgaged("2023-06-01 10:00"), discharged])).toEqual([])
	})

	it("spare a mortgage of one of two buyers", () => {
		const other = contract("2023-05-03 10:00", { contractNo: "HT2", buyers: [YI] })
		expect(raised("C13", [SOLD, other, mortgaged("2023-06-01 10:00", { kind: "unit", mortgagor: YI })])).toEqual([])
		expect(raised("C14", [mortgaged("2023-04-01 10:00", { kind: "unit", mortgagor: YI }), SOLD, other])).toEqual([])
	})

	it("go by the amendment that took the flat in", () => {
		const elsewhere = whole("2023-04-01 10:00", { units: ["0102"] }, { reach: "here" })
		const slice = mortgaged("2023-04-01 10:00", {}, { at: [BUILDING] })
		expect(raised("C14", [slice, SOLD])).toEqual(["HT1 DY1 HOLD"])
		expect(raised("C13", [elsewhere, SOLD])).toEqual([])
	})

	it("ask whether bank and buyer were told", () => {
		const of = (...facts: readonly Said[]) => says("C14", [mortgaged("2023-04-01 10:00"), SOLD, ...facts]).map((each) => each.split("即售出,")[1])
		expect(of()).toEqual(["未书面告知抵押权人和买受人"])
		expect(of(told("2023-04-20 10:00"))).toEqual([])
		expect(of(told("2023-04-20 10:00", { contractNo: "HT1" }))).toEqual([])
		expect(of(told("2023-04-20 10:00", { contractNo: "HT9" }))).toEqual(["未书面告知抵押权人和买受人"])
		expect(of(told("2023-04-20 10:00", { proofNo: "DY9" }))).toEqual(["未书面告知抵押权人和买受人"])
		expect(of(told("2023-04-20 10:00", { toBuyer: false }))).toEqual(["未告知买受人"])
		expect(of(told("2023-04-20 10:00", { toBuyer: false }), told("2023-04-21 10:00", { toBuyer: true }))).toEqual([])
		expect(of(told("2023-04-20 10:00"), handedOver("2023-12-01 10:00"))).toEqual(["已书面告知,2023-12-01 交房时仍未解除"])
		expect(of(handedOver("2023-12-01 10:00"))).toEqual(["未书面告知抵押权人和买受人,2023-12-01 交房时仍未解除"])
		expect(raised("C14", [mortgaged("2023-04-01 10:00"), SOLD, handedOver("2023-12-01 10:00")])).toEqual(["HT1 DY1 BLOCK"])
		expect(
			parts("C14", [
				mortgaged("2023-04-01 10:00"),
				SOLD,
				told("2023-04-20 10:00", { toBuyer: false }),
				told("2023-04-21 10:00"),
				handedOver("2023-12-01 10:00"),
			]),
		).toEqual(["抵押 DY1 自 2023-04-01 及于本户,未注销", "合同 HT1 2023-05-01 签订,2023-05-02 备案", "告知书注明未告知买受人", "已书面告知", "2023-12-01 交房"])
	})

	it("belong a handover to its contract, or to the one that was filed by then", () => {
		const of = (...facts: readonly Said[]) => raised("C14", [mortgaged("2023-04-01 10:00"), SOLD, ...facts])
		expect(of(handedOver("2023-12-01 10:00", { contractNo: "HT9" }))).toEqual(["HT1 DY1 HOLD"])
		expect(of(handedOver("2023-12-01 10:00", { contractNo: undefined }))).toEqual(["HT1 DY1 BLOCK"])
		expect(of(handedOver("2023-04-30 10:00", { contractNo: undefined }))).toEqual(["HT1 DY1 HOLD"])
		expect(of(handedOver("2023-04-30 10:00"))).toEqual(["HT1 DY1 BLOCK"])
	})
})

describe("C16", () => {
	const of = (...facts: readonly Said[]) => raised("C16", facts)
	const [NOTED, REGISTERED] = [notice("2023-05-10 10:00"), first("2023-06-01 10:00")]

	it("is raised where ninety days have passed and nobody applied", () => {
		expect(of(NOTED, REGISTERED)).toEqual(["YG1 HOLD"])
		expect(raised("C16", [NOTED, REGISTERED], UNIT, {}, "2023-08-30 23:59")).toEqual([])
		expect(raised("C16", [NOTED, REGISTERED], UNIT, {}, "2023-08-31 00:00")).toEqual(["YG1 HOLD"])
		expect(of(NOTED)).toEqual([])
		expect(of(NOTED, REGISTERED, applied("2023-12-01 10:00"))).toEqual([])
		expect(of(NOTED, REGISTERED, transferred("2023-12-01 10:00"))).toEqual([])
		expect(of(applied("2023-05-01 10:00"), NOTED, REGISTERED)).toEqual(["YG1 HOLD"])
	})

	it("is over with the notice or its contract", () => {
		const gone: Said = [UNIT, "registration.priority-notice-deregistered", "2023-12-01 10:00", { proofNo: "YG1" }]
		const numbered = notice("2023-05-10 10:00", { contractNo: "HT1" })
		expect(of(NOTED, REGISTERED, gone)).toEqual([])
		expect(of(contract("2023-05-02 10:00"), numbered, REGISTERED)).toEqual(["YG1 HOLD"])
		expect(of(contract("2023-05-02 10:00"), numbered, REGISTERED, cancelled("2023-12-01 10:00"))).toEqual([])
		const two = [contract("2023-05-02 10:00"), contract("2023-05-03 10:00", { contractNo: "HT2" }), cancelled("2023-12-01 10:00", { contractNo: "HT2" })]
		expect(of(...two, numbered, REGISTERED)).toEqual(["YG1 HOLD"])
	})

	it("names the first registration from which it counts", () => {
		const land: Said = [PARCEL, "land.right-registered", "2020-01-05 10:00", { certificateNo: "豫地1", holder: DEVELOPER }]
		const gone = first("2023-05-20 10:00", { certificateNo: "豫首0" })
		const over: Said = [BUILDING, "registration.deregistered", "2023-05-25 10:00", { certificateNo: "豫首0" }]
		expect(parts("C16", [land, gone, over, NOTED, REGISTERED])).toEqual(["预告登记 YG1 2023-05-10 登记", "首次登记 豫首1 2023-06-01", "没有转移登记申请"])
	})
})

describe("C17", () => {
	const of = (...facts: readonly Said[]) => raised("C17", facts)
	const settled = (contractNo: string): Said => [UNIT, "sales.area-settled", "2023-08-01 10:00", { contractNo, differenceM2: "3.01", amountCny: "24080.00" }]
	const SURVEY = measured("2023-07-01 10:00")

	it("is raised beyond three per cent on the contract's basis, until it is settled", () => {
		expect(of(contract("2023-05-02 10:00"), SURVEY)).toEqual(["HT1 HOLD"])
		expect(of(contract("2023-05-02 10:00", { areaM2: "100.02" }), SURVEY)).toEqual([])
		expect(of(contract("2023-05-02 10:00"), SURVEY, settled("HT1"))).toEqual([])
		expect(of(contract("2023-05-02 10:00"), SURVEY, settled("HT9"))).toEqual(["HT1 HOLD"])
		expect(of(contract("2023-05-02 10:00"), SURVEY, handedOver("2023-12-01 10:00"))).toEqual(["HT1 BLOCK"])
		expect(of(contract("2023-05-02 10:00"))).toEqual([])
		expect(of(contract("2023-05-02 10:00", { areaBasis: "inside", areaM2: "80.00" }), SURVEY)).toEqual([])
		expect(of(contract("2023-05-02 10:00", { areaBasis: "inside" }), SURVEY)).toEqual(["HT1 HOLD"])
		const partial = measured("2023-07-01 10:00", { units: [{ code: "", areaM2: "103.01", link: "new" }] })
		expect(of(contract("2023-05-02 10:00", { areaBasis: "inside" }), partial)).toEqual([])
	})

	it("says by how much, on which basis", () => {
		expect(parts("C17", [contract("2023-05-02 10:00"), SURVEY, handedOver("2023-12-01 10:00")])).toEqual([
			"合同 HT1 2023-05-01 签订,2023-05-02 备案,建筑面积 100.00 ㎡",
			"实测建筑面积 103.01 ㎡,容差 3.00%",
			"没有面积差异结算",
			"2023-12-01 交房",
		])
		expect(parts("C17", [contract("2023-05-02 10:00", { areaBasis: "inside" }), SURVEY])[1]).toBe("实测套内面积 80.00 ㎡,容差 3.00%")
	})
})

describe("taxes", () => {
	const SOLD = contract("2023-05-02 10:00", { vatCny: "20000.00" })
	const numbered = (says: object, time = "2023-06-01 10:00") => taxed(time, { contractNo: "HT1", ...says })

	it("C23: the base is the price without VAT, give or take one yuan, all shares together", () => {
		const of = (...facts: readonly Said[]) => raised("C23", [SOLD, ...facts])
		expect(of(numbered({ baseCny: "781000.00" }))).toEqual(["S1 HOLD"])
		expect(of(numbered({ baseCny: "780001.00" }))).toEqual([])
		expect(of(numbered({ baseCny: "779999.00" }))).toEqual([])
		expect(of(numbered({ baseCny: "780001.01" }))).toEqual(["S1 HOLD"])
		expect(of(numbered({ baseCny: "781000.00", assessed: true }))).toEqual([])
		expect(of(numbered({}))).toEqual([])
		expect(of(numbered({ baseCny: "390000.00" }), numbered({ baseCny: "390000.00", receiptNo: "S2" }, "2023-06-02 10:00"))).toEqual([])
		expect(of(numbered({ baseCny: "390000.00" }), numbered({ baseCny: "380000.00", receiptNo: "S2" }, "2023-06-02 10:00"))).toEqual(["S1 HOLD", "S2 HOLD"])
		expect(of(numbered({ baseCny: "781000.00" }), refunded("2023-07-01 10:00"))).toEqual([])
		expect(raised("C23", [contract("2023-05-02 10:00"), numbered({ baseCny: "781000.00" })])).toEqual([])
		expect(parts("C23", [SOLD, numbered({ baseCny: "781000.00" })])).toEqual([
			"合同 HT1 2023-05-01 签订,2023-05-02 备案,总价 800000.00 元,增值税 20000.00 元",
			"计税依据 781000.00 元,相差超过一元",
		])
		const fund: Said = [UNIT, "tax.maintenance-fund-paid", "2023-06-01 10:00", { receiptNo: "WX1", contractNo: "HT1", amountCny: "9.00", baseCny: "1.00" }]
		expect(of(fund)).toEqual([])
	})

	it("C24: who pays is a buyer, of the share that he bought", () => {
		const of = (...facts: readonly Said[]) => raised("C24", [SOLD, ...facts])
		const half = contract("2023-05-02 10:00", { buyers: [person("甲某", "甲某", { share: "1/2" }), person("乙某", "乙某", { share: "1/2" })] })
		const paidBy = (...payers: readonly object[]) => numbered({ payers })
		expect(of(paidBy(JIA))).toEqual([])
		expect(of(paidBy(YI))).toEqual(["S1 HOLD"])
		expect(of(paidBy())).toEqual([])
		expect(of(paidBy(YI), refunded("2023-07-01 10:00"))).toEqual([])
		expect(raised("C24", [half, paidBy(person("甲某", "甲某", { share: "2/4" }))])).toEqual([])
		expect(raised("C24", [half, paidBy(JIA)])).toEqual([])
		expect(raised("C24", [SOLD, paidBy(person("甲某", "甲某", { share: "1/2" }))])).toEqual([])
		expect(says("C24", [half, paidBy(person("甲某", "甲某", { share: "2/3" }), person("乙某", "乙某", { share: "1/3" }))])).toEqual([
			"契税 S1 对合同 HT1: 纳税份额 2/3、1/3 与购买份额 1/2、1/2 不符",
		])
		expect(says("C24", [SOLD, numbered({ payers: [YI], receiptNo: undefined })])).toEqual(["契税  对合同 HT1: 1 名纳税人不是买受人"])
		expect(parts("C24", [SOLD, paidBy(YI)])).toEqual(["合同 HT1 2023-05-01 签订,2023-05-02 备案,买受人 1 名", "2023-06-01 完税,1 名纳税人不是买受人"])
	})

	it("C24: a receipt without a number belongs to the only contract that was filed by then", () => {
		const unnumbered = taxed("2023-06-01 10:00", { payers: [YI] })
		const [later, other] = [contract("2023-06-02 10:00"), contract("2023-05-03 10:00", { contractNo: "HT2" })]
		expect(raised("C24", [SOLD, unnumbered])).toEqual(["S1 HOLD"])
		expect(raised("C24", [unnumbered, later])).toEqual([])
		expect(raised("C24", [SOLD, other, unnumbered])).toEqual([])
		expect(raised("C24", [SOLD, taxed("2023-06-01 10:00", { payers: [YI], contractNo: "HT9" })])).toEqual([])
		expect(raised("C24", [SOLD, other, taxed("2023-06-01 10:00", { payers: [YI], contractNo: "HT2" })])).toEqual(["S1 HOLD"])
	})

	it("C25: a transfer rests on a tax of who acquires, valid on that day", () => {
		const of = (...facts: readonly Said[]) => raised("C25", [...facts, transferred("2023-07-02 10:00")])
		expect(of(SOLD)).toEqual(["豫证1 BLOCK"])
		expect(of(SOLD, numbered({}))).toEqual([])
		expect(of(SOLD, numbered({ payers: [JIA] }))).toEqual([])
		expect(of(SOLD, numbered({ payers: [YI] }))).toEqual([])
		expect(of(taxed("2023-06-01 10:00", { payers: [YI] }))).toEqual(["豫证1 BLOCK"])
		expect(of(taxed("2023-06-01 10:00"))).toEqual([])
		expect(of(SOLD, taxed("2023-06-01 10:00", { contractNo: "HT9" }))).toEqual(["豫证1 BLOCK"])
		expect(of(SOLD, taxed("2023-06-01 10:00", { contractNo: "HT9", payers: [YI] }))).toEqual(["豫证1 BLOCK"])
		expect(of(contract("2023-05-02 10:00", { buyers: [YI] }), numbered({}))).toEqual(["豫证1 BLOCK"])
		expect(of(contract("2023-05-02 10:00", { buyers: [YI] }), numbered({ payers: [YI] }))).toEqual(["豫证1 BLOCK"])
		expect(of(SOLD, numbered({ settled: false }))).toEqual(["豫证1 BLOCK"])
		expect(of(SOLD, numbered({}, "2023-07-03 10:00"))).toEqual(["豫证1 BLOCK"])
		expect(of(SOLD, numbered({}), refunded("2023-07-01 10:00"))).toEqual(["豫证1 BLOCK"])
		expect(of(SOLD, numbered({}), refunded("2023-07-03 10:00"))).toEqual([])
		expect(of(SOLD, taxed("2023-07-02 00:00", { contractNo: "HT1" }, BY_DAY))).toEqual(["豫证1 NOTE"])
		const fund: Said = [UNIT, "tax.maintenance-fund-paid", "2023-06-01 10:00", { receiptNo: "WX1", contractNo: "HT1", amountCny: "9.00" }]
		expect(of(SOLD, fund)).toEqual(["豫证1 BLOCK"])
	})

	it("C26: a contract whose tax was refunded, and a tax whose contract was cancelled", () => {
		const of = (...facts: readonly Said[]) => raised("C26", [SOLD, ...facts])
		const fund: Said = [UNIT, "tax.maintenance-fund-paid", "2023-06-01 10:00", { receiptNo: "WX1", contractNo: "HT1", amountCny: "9.00" }]
		expect(of(numbered({}))).toEqual([])
		expect(of(numbered({}), refunded("2023-07-01 10:00"))).toEqual(["S1 HOLD"])
		expect(of(numbered({}), refunded("2023-07-01 10:00"), numbered({ receiptNo: "S2" }, "2023-08-01 10:00"))).toEqual([])
		expect(of(numbered({}), cancelled("2023-07-01 10:00"))).toEqual(["S1 HOLD"])
		expect(of(fund, cancelled("2023-07-01 10:00"))).toEqual([])
		expect(of(numbered({}), refunded("2023-07-01 10:00"), cancelled("2023-07-02 10:00"))).toEqual([])
		expect(of(numbered({}), transferred("2023-06-20 10:00"), cancelled("2023-07-01 10:00"))).toEqual([])
		expect(of(numbered({}), transferred("2023-06-20 10:00", { holders: [YI] }), cancelled("2023-07-01 10:00"))).toEqual(["S1 HOLD"])
		const exempted: Said = [UNIT, "tax.deed-tax-exempted", "2023-06-01 10:00", { receiptNo: "MZ1", contractNo: "HT1" }]
		expect(of(exempted, cancelled("2023-07-01 10:00"))).toEqual([])
		expect(parts("C26", [SOLD, numbered({}), refunded("2023-07-01 10:00")])).toEqual([
			"合同 HT1 2023-05-01 签订,2023-05-02 备案,有效",
			"2023-07-01 退税",
			"没有另行完税",
		])
	})

	it("C27: invoices come to what is due", () => {
		const of = (...facts: readonly Said[]) => raised("C27", [SOLD, ...facts])
		const settled = (contractNo: string): Said => [UNIT, "sales.area-settled", "2023-08-01 10:00", { contractNo, differenceM2: "3.00", amountCny: "24000.00" }]
		expect(of(invoiced("2023-06-01 10:00"))).toEqual([])
		expect(of(invoiced("2023-06-01 10:00", { totalCny: "799999.99" }))).toHaveLength(1)
		expect(of(invoiced("2023-06-01 10:00", { totalCny: "824000.00" }), settled("HT1"))).toEqual([])
		expect(says("C27", [SOLD, invoiced("2023-06-01 10:00"), invoiced("2023-06-02 10:00", { invoiceNo: "FP2", totalCny: "1.00" }), settled("HT1")])).toEqual([
			"合同 HT1 应开发票 824000.00 元(总价 800000.00 元,面积差异结算 24000.00 元),有效发票 FP1、FP2 合计 800001.00 元",
		])
	})
})

describe("C28", () => {
	const SOLD = contract("2023-05-02 10:00")
	const of = (...facts: readonly Said[]) => raised("C28", [SOLD, ...facts])
	const [OTHER_ID, OTHER_NAME] = [person("甲某", "另一证号"), person("甲莫", "甲某")]

	it("is graver for another number than for another name", () => {
		expect(of(applied("2023-06-01 10:00"))).toEqual([])
		expect(of(applied("2023-06-01 10:00", { holders: [OTHER_ID] }))).toEqual(["SL1 BLOCK"])
		expect(of(applied("2023-06-01 10:00", { holders: [OTHER_NAME] }))).toEqual(["SL1 HOLD"])
		expect(of(applied("2023-06-01 10:00", { holders: [YI] }))).toEqual(["SL1 BLOCK"])
	})

	it("looks at invoices, receipts, notices, mortgages, applications and transfers, each by its name", () => {
		const documents = [
			notice("2023-06-01 10:00", { holder: OTHER_ID }),
			invoiced("2023-06-02 10:00", { buyers: [OTHER_ID] }),
			taxed("2023-06-03 10:00", { payers: [OTHER_ID], contractNo: "HT1" }),
			mortgaged("2023-06-04 10:00", { kind: "unit", mortgagor: OTHER_ID }),
			applied("2023-06-05 10:00", { holders: [OTHER_ID] }),
			transferred("2023-06-06 10:00", { holders: [OTHER_ID] }),
		]
		expect(says("C28", [SOLD, ...documents]).map((each) => each.split(" 与合同")[0])).toEqual([
			"预告登记 YG1",
			"发票 FP1",
			"契税 S1",
			"抵押 DY1",
			"转移登记申请 SL1",
			"转移登记 豫证1",
		])
		expect(of(...documents)).toEqual(["YG1 BLOCK", "FP1 BLOCK", "S1 BLOCK", "DY1 BLOCK", "SL1 BLOCK", "豫证1 BLOCK"])
	})

	it("takes who is no buyer for wrong only where none but buyers stand", () => {
		expect(of(taxed("2023-06-03 10:00", { payers: [YI], contractNo: "HT1" }))).toEqual([])
		expect(of(mortgaged("2023-06-04 10:00", { kind: "priority-notice", mortgagor: YI }))).toEqual([])
		expect(of(mortgaged("2023-06-04 10:00", { kind: "priority-notice", mortgagor: OTHER_ID }))).toEqual(["DY1 BLOCK"])
		expect(of(mortgaged("2023-06-04 10:00", { kind: "construction", mortgagor: OTHER_ID }))).toEqual([])
		expect(of(notice("2023-06-01 10:00", { holder: YI }))).toEqual([])
		expect(of(notice("2023-06-01 10:00", { holder: YI, contractNo: "HT1" }))).toEqual(["YG1 BLOCK"])
		expect(of(invoiced("2023-06-01 10:00", { buyers: [YI] }))).toEqual(["FP1 BLOCK"])
		expect(of(transferred("2023-06-01 10:00", { holders: [YI] }))).toEqual(["豫证1 BLOCK"])
	})

	it("leaves out what is voided, withdrawn or states nobody", () => {
		const voided: Said = [UNIT, "sales.invoice-voided", "2023-07-01 10:00", { invoiceNo: "FP1" }]
		const withdrawn: Said = [UNIT, "registration.transfer-withdrawn", "2023-07-01 10:00", { applicationNo: "SL1" }]
		expect(of(invoiced("2023-06-01 10:00", { buyers: [OTHER_ID] }), voided)).toEqual([])
		expect(of(applied("2023-06-01 10:00", { holders: [OTHER_ID] }), withdrawn)).toEqual([])
		expect(of(applied("2023-06-01 10:00", { holders: [OTHER_ID], applicationNo: "FP1" }), voided)).toEqual(["FP1 BLOCK"])
		expect(of(invoiced("2023-06-01 10:00", { buyers: [OTHER_ID], invoiceNo: "SL1" }), withdrawn)).toEqual(["SL1 BLOCK"])
		expect(of(invoiced("2023-06-01 10:00"))).toEqual([])
		const discharged: Said = [UNIT, "finance.mortgage-discharged", "2023-07-01 10:00", { proofNo: "DY1" }]
		expect(of(mortgaged("2023-06-04 10:00", { kind: "unit", mortgagor: OTHER_ID }), discharged)).toEqual([])
		const deregistered: Said = [UNIT, "registration.deregistered", "2023-07-01 10:00", { certificateNo: "豫证1" }]
		expect(of(transferred("2023-06-01 10:00", { holders: [YI] }), deregistered)).toEqual([])
	})

	it("goes by the buyers of that time", () => {
		const since = amended("2023-07-01 10:00", { buyers: [YI] })
		expect(of(applied("2023-06-01 10:00"), since)).toEqual([])
		expect(of(applied("2023-06-01 10:00", { holders: [YI] }), since)).toEqual(["SL1 BLOCK"])
		expect(of(since, applied("2023-08-01 10:00", { holders: [YI] }))).toEqual([])
		expect(of(since, applied("2023-07-01 10:00", { holders: [YI] }))).toEqual([])
	})

	it("goes by the contract that is named, by the document or its application; of two that are not, none", () => {
		const other = contract("2023-05-03 10:00", { contractNo: "HT2", buyers: [YI] })
		expect(of(other, applied("2023-06-01 10:00", { holders: [YI] }))).toEqual([])
		expect(of(other, applied("2023-06-01 10:00", { holders: [YI], contractNo: "HT1" }))).toEqual(["SL1 BLOCK"])
		expect(of(other, applied("2023-06-01 10:00", { holders: [YI], contractNo: "HT2" }))).toEqual([])
		expect(of(applied("2023-06-01 10:00", { holders: [YI], contractNo: "HT9" }))).toEqual([])
		const asked = (contractNo: string, holder: object) => applied("2023-06-01 10:00", { contractNo, holders: [holder] })
		expect(of(other, asked("HT1", JIA), transferred("2023-06-06 10:00", { applicationNo: "SL1", holders: [YI] }))).toEqual(["豫证1 BLOCK"])
		expect(of(other, asked("HT2", YI), transferred("2023-06-06 10:00", { applicationNo: "SL1", holders: [YI] }))).toEqual([])
		expect(of(other, asked("HT1", JIA), transferred("2023-06-06 10:00", { applicationNo: "SL9", holders: [YI] }))).toEqual([])
		expect(of(other, asked("HT1", JIA), transferred("2023-06-06 10:00", { holders: [YI] }))).toEqual([])
	})

	it("is no matter of a contract that is not live, or not filed yet", () => {
		expect(of(applied("2023-06-01 10:00", { holders: [YI] }), cancelled("2023-07-01 10:00"))).toEqual([])
		expect(of(applied("2023-05-01 10:00", { holders: [YI] }))).toEqual([])
		const dead = [contract("2023-04-02 10:00", { contractNo: "HT0", buyers: [YI] }), cancelled("2023-04-20 10:00", { contractNo: "HT0" })]
		expect(of(...dead, applied("2023-06-01 10:00", { holders: [YI] }))).toEqual(["SL1 BLOCK"])
	})

	it("counts who is meant", () => {
		expect(says("C28", [SOLD, applied("2023-06-01 10:00", { holders: [OTHER_NAME] })])).toEqual([
			"转移登记申请 SL1 与合同 HT1 的买受人不一致: 证件号相同而姓名不同(1 人)",
		])
		expect(says("C28", [SOLD, applied("2023-06-01 10:00", { holders: [YI, person("丙某")] })])).toEqual([
			"转移登记申请 SL1 与合同 HT1 的买受人不一致: 当事人不是买受人(2 人)",
		])
		expect(parts("C28", [SOLD, applied("2023-06-01 10:00", { holders: [YI] })])).toEqual([
			"合同 HT1 2023-05-01 签订,2023-05-02 备案,买受人 1 名",
			"2023-06-01 转移登记申请 SL1,当事人 1 名",
			"当事人不是买受人",
		])
	})
})

describe("C29 and C30", () => {
	const wrong = person("丁某", "丁", { invalid: true })

	it("ask whether id numbers are valid, each once, in what is in force", () => {
		const of = (...facts: readonly Said[]) => says("C29", facts).map((each) => each.replace(/jz\/x#\d/, "X"))
		expect(of(contract("2023-05-02 10:00", { buyers: [wrong] }))).toEqual(["合同 HT1: 1 个证件号位数或校验码不对"])
		expect(of(contract("2023-05-02 10:00", { buyers: [JIA, JIA] }))).toEqual(["合同 HT1: 1 个证件号重复"])
		expect(of(contract("2023-05-02 10:00", { buyers: [wrong, wrong] }))).toEqual(["合同 HT1: 2 个证件号位数或校验码不对,1 个证件号重复"])
		expect(of(contract("2023-05-02 10:00", { buyers: [JIA, YI] }))).toEqual([])
		expect(of(contract("2023-05-02 10:00", { buyers: [DEVELOPER] }))).toEqual([])
		expect(of(contract("2023-05-02 10:00", { buyers: [wrong] }), cancelled("2023-06-02 10:00"))).toEqual([])
		expect(of(contract("2023-05-02 10:00", { buyers: [wrong] }), amended("2023-06-02 10:00", { buyers: [JIA] }))).toEqual([])
		expect(of(transferred("2023-06-02 10:00", { holders: [wrong] }))).toEqual(["证书 豫证1: 1 个证件号位数或校验码不对"])
		const deregistered: Said = [UNIT, "registration.deregistered", "2023-07-01 10:00", { certificateNo: "豫证1" }]
		expect(of(transferred("2023-06-02 10:00", { holders: [wrong] }), deregistered)).toEqual([])
		expect(of(mortgaged("2023-06-02 10:00", { mortgagor: wrong }))).toEqual(["抵押 DY1: 1 个证件号位数或校验码不对"])
		expect(of(mortgaged("2023-06-02 10:00", { mortgagee: wrong }))).toEqual(["抵押 DY1: 1 个证件号位数或校验码不对"])
		const discharged: Said = [UNIT, "finance.mortgage-discharged", "2023-07-01 10:00", { proofNo: "DY1" }]
		expect(of(mortgaged("2023-06-02 10:00", { mortgagor: wrong }), discharged)).toEqual([])
		expect(of(taxed("2023-06-02 10:00", { payers: [wrong] }))).toEqual(["事件 X: 1 个证件号位数或校验码不对"])
		expect(of(notice("2023-06-02 10:00", { holder: wrong }))).toEqual(["事件 X: 1 个证件号位数或校验码不对"])
		expect(of(applied("2023-06-02 10:00", { holders: [wrong] }))).toEqual(["事件 X: 1 个证件号位数或校验码不对"])
	})

	it("leave what stands above to where it stands", () => {
		expect(raised("C29", [granted("2020-01-05 10:00", { grantee: wrong }), contract("2023-05-02 10:00")])).toEqual([])
		expect(raised("C29", [granted("2020-01-05 10:00", { grantee: wrong })], PARCEL)).toHaveLength(1)
		expect(raised("C29", [mortgaged("2023-06-02 10:00", { mortgagor: wrong }, {}, BUILDING), contract("2023-05-02 10:00")])).toEqual([])
		expect(raised("C29", [mortgaged("2023-06-02 10:00", { mortgagor: wrong }, {}, BUILDING)], BUILDING)).toHaveLength(1)
		expect(raised("C29", [first("2023-06-02 10:00", { holder: wrong }), contract("2023-05-02 10:00")])).toEqual([])
	})

	it("ask whether a loan is the buyer's, and no more than the price", () => {
		const of = (...facts: readonly Said[]) => raised("C30", [contract("2023-05-02 10:00"), ...facts])
		const loan = (says: object) => mortgaged("2023-06-01 10:00", { kind: "unit", mortgagor: JIA, debtCny: "800000.00", ...says })
		expect(of(loan({}))).toEqual([])
		expect(of(loan({ debtCny: undefined }))).toEqual([])
		expect(of(loan({ debtCny: "800000.01" }))).toEqual(["DY1 HOLD"])
		expect(of(loan({ mortgagor: YI }))).toEqual(["DY1 HOLD"])
		expect(of(loan({ mortgagor: DEVELOPER }))).toEqual([])
		expect(of(loan({ kind: "priority-notice", mortgagor: YI }))).toEqual(["DY1 HOLD"])
		expect(of(loan({ kind: "construction", mortgagor: YI }))).toEqual([])
		const discharged: Said = [UNIT, "finance.mortgage-discharged", "2023-07-01 10:00", { proofNo: "DY1" }]
		expect(of(loan({ mortgagor: YI }), discharged)).toEqual([])
		expect(raised("C30", [loan({ mortgagor: YI })])).toEqual([])
		const other = contract("2023-05-03 10:00", { contractNo: "HT2", totalPriceCny: "900000.00" })
		expect(of(other, loan({ debtCny: "900000.00" }))).toEqual([])
		expect(of(other, loan({ debtCny: "900000.01" }))).toEqual(["DY1 HOLD"])
		expect(parts("C30", [contract("2023-05-02 10:00"), loan({ mortgagor: YI })])).toEqual([
			"合同 HT1 2023-05-01 签订,2023-05-02 备案,总价 800000.00 元",
			"2023-06-01 抵押登记,抵押人不是买受人",
		])
	})
})

describe("C31", () => {
	const of = (...facts: readonly Said[]) => raised("C31", facts, PARCEL)
	const works = (time: string, says: object = {}): Said => [PARCEL, "planning.works-permitted", time, { permitNo: "建1", ...says }]
	const construction = (time: string, says: object = {}): Said => [PARCEL, "construction.permitted", time, { permitNo: "施1", ...says }]
	const land = (time: string, says: object = {}): Said => [PARCEL, "planning.land-permitted", time, { permitNo: "地1", ...says }]
	const started = (startedOn: string, says: object = {}): Said => [PARCEL, "construction.started", `${startedOn} 10:00`, { startedOn, ...says }]

	it("is raised where a permit had lapsed before its first use", () => {
		expect(of(works("2020-01-10 10:00"), started("2021-01-10"))).toEqual([])
		expect(of(works("2020-01-10 10:00"), started("2021-01-11"))).toEqual(["建1 HOLD"])
		expect(of(works("2020-01-10 10:00", { validUntilOn: "2021-06-30" }), started("2021-06-30"))).toEqual([])
		expect(of(works("2020-01-10 10:00", { validUntilOn: "2021-06-30" }), started("2021-07-01"))).toEqual(["建1 HOLD"])
		expect(of(construction("2020-01-10 10:00"), started("2020-10-10"))).toEqual([])
		expect(of(construction("2020-01-10 10:00"), started("2020-10-11"))).toEqual(["施1 HOLD"])
		expect(of(land("2020-01-10 10:00"), granted("2021-01-10 10:00"))).toEqual([])
		expect(of(land("2020-01-10 10:00"), granted("2021-01-11 10:00"))).toEqual(["地1 HOLD"])
		expect(of(works("2020-01-10 10:00"))).toEqual([])
	})

	it("is not raised by what is used later, nor for a permit that came later or was valid", () => {
		expect(of(works("2020-01-10 10:00"), started("2020-05-01"), started("2021-05-01"))).toEqual([])
		expect(of(works("2020-01-10 10:00"), started("2021-05-01"), started("2020-05-01"))).toEqual([])
		expect(of(works("2020-01-10 10:00"), works("2021-03-01 10:00", { permitNo: "建2" }), started("2021-05-01"))).toEqual([])
		expect(of(works("2020-01-10 10:00"), works("2021-06-01 10:00", { permitNo: "建2" }), started("2021-05-01"))).toEqual(["建1 HOLD"])
		expect(of(works("2021-06-01 10:00"), started("2021-05-01"))).toEqual([])
		const revoked = (time: string): Said => [PARCEL, "planning.permit-revoked", time, { permitNo: "建1", kind: "works" }]
		expect(of(works("2020-01-10 10:00"), revoked("2020-05-01 10:00"), started("2021-05-01"))).toEqual([])
		expect(of(works("2020-01-10 10:00"), revoked("2021-02-01 10:00"), started("2021-05-01"))).toEqual(["建1 HOLD"])
		expect(of(works("2020-01-10 10:00"), revoked("2020-11-01 10:00"), started("2020-12-01"))).toEqual([])
	})

	it("asks of the construction permit that the start names", () => {
		const two = [construction("2020-01-10 10:00"), construction("2021-04-01 10:00", { permitNo: "施2" })]
		expect(of(...two, started("2021-05-01"))).toEqual([])
		expect(of(...two, started("2021-05-01", { permitNo: "施1" }))).toEqual(["施1 HOLD"])
		expect(of(...two, started("2021-05-01", { permitNo: "施2" }))).toEqual([])
		expect(of(works("2020-01-10 10:00"), started("2021-05-01", { permitNo: "施1" }))).toEqual(["建1 HOLD"])
	})

	it("says what was done too late, and leaves it to where it was done", () => {
		expect(says("C31", [land("2020-01-10 10:00"), granted("2021-05-01 10:00")], PARCEL)).toEqual([
			"建设用地规划许可 地1 已于 2021-01-11 零时失效,2021-05-01 才取得用地",
		])
		expect(parts("C31", [land("2020-01-10 10:00"), granted("2021-05-01 10:00")], PARCEL)).toEqual([
			"建设用地规划许可 地1 2020-01-10 核发,有效至 2021-01-11 零时",
			"2021-05-01 取得用地",
		])
		expect(parts("C31", [works("2020-01-10 10:00"), started("2021-05-01")], PARCEL)).toEqual([
			"建设工程规划许可 建1 2020-01-10 核发,有效至 2021-01-11 零时",
			"2021-05-01 开工",
		])
		expect(raised("C31", [works("2020-01-10 10:00"), started("2021-05-01"), presale("2021-06-01 10:00")], BUILDING)).toEqual([])
	})
})

describe("C36", () => {
	const of = (...facts: readonly Said[]) => says("C36", facts).map((each) => each.replace(",其间没有转移登记", ""))
	const OTHER = company("丹河商贸")
	const at = (scope: Scope, ...facts: readonly Said[]) => raised("C36", facts, scope)
	const land = (time: string, holder: object): Said => [PARCEL, "land.right-registered", time, { certificateNo: "豫地1", holder }]

	it("asks of a seller whether he holds the flat, else sells by permit, else has the land", () => {
		expect(of(granted("2020-01-05 10:00"), contract("2023-05-02 10:00"))).toEqual([])
		expect(of(granted("2020-01-05 10:00", { grantee: OTHER }), contract("2023-05-02 10:00"))).toEqual([
			"合同 HT1 的出卖人 怀川置业,不是当时的土地受让人 丹河商贸",
		])
		expect(of(granted("2020-01-05 10:00", { grantee: OTHER }), presale("2022-01-05 10:00"), contract("2023-05-02 10:00"))).toEqual([])
		expect(of(granted("2020-01-05 10:00"), presale("2022-01-05 10:00", { seller: OTHER }), contract("2023-05-02 10:00"))).toEqual([
			"合同 HT1 的出卖人 怀川置业,不是当时的销售许可 预1 的售房人 丹河商贸",
		])
		expect(of(presale("2022-01-05 10:00", { seller: OTHER }), first("2023-01-05 10:00"), contract("2023-05-02 10:00"))).toEqual([])
		expect(of(first("2023-01-05 10:00", { holder: OTHER }), contract("2023-05-02 10:00"))).toEqual(["合同 HT1 的出卖人 怀川置业,不是当时的登记权利人 丹河商贸"])
		expect(of(first("2023-06-05 10:00", { holder: OTHER }), contract("2023-05-02 10:00"))).toEqual([])
		expect(of(presale("2022-01-05 10:00", { seller: undefined }), granted("2020-01-05 10:00", { grantee: OTHER }), contract("2023-05-02 10:00"))).toHaveLength(
			1,
		)
		expect(of(first("2023-01-05 10:00"), transferred("2023-02-05 10:00"), contract("2023-05-02 10:00"))).toEqual([
			"合同 HT1 的出卖人 怀川置业,不是当时的登记权利人 (自然人)",
		])
		expect(of(first("2023-01-05 10:00", { holder: OTHER }), transferred("2023-02-05 10:00", { holders: [DEVELOPER] }), contract("2023-05-02 10:00"))).toEqual(
			[],
		)
	})

	it("leaves open what happened that day", () => {
		const that = transferred("2023-05-01 10:00", { holders: [OTHER] })
		expect(raised("C36", [first("2023-01-05 10:00"), that, contract("2023-05-02 10:00")])).toEqual([])
		const before = first("2023-01-05 10:00", { holder: YI })
		expect(of(before, that, contract("2023-05-02 10:00"))).toEqual(["合同 HT1 的出卖人 怀川置业,不是当时的登记权利人 (自然人)、登记权利人 丹河商贸"])
	})

	it("asks of each permit and first registration whether its holder has the land", () => {
		const has = granted("2020-01-05 10:00")
		const permit = (type: string, says: object): Said => [PARCEL, type, "2021-01-05 10:00", { permitNo: "许1", ...says }]
		expect(at(PARCEL, has, permit("planning.land-permitted", { holder: OTHER }))).toEqual(["许1 BLOCK"])
		expect(at(PARCEL, has, permit("planning.land-permitted", { holder: DEVELOPER }))).toEqual([])
		expect(at(PARCEL, has, permit("planning.land-permitted", {}))).toEqual([])
		expect(at(PARCEL, has, permit("planning.works-permitted", { holder: OTHER }))).toEqual(["许1 BLOCK"])
		expect(at(PARCEL, has, permit("construction.permitted", { holder: OTHER }))).toEqual(["许1 BLOCK"])
		expect(at(BUILDING, has, presale("2021-01-05 10:00", { seller: OTHER }))).toEqual(["预1 BLOCK"])
		expect(at(BUILDING, has, first("2021-01-05 10:00", { holder: OTHER }))).toEqual(["豫首1 BLOCK"])
		expect(at(BUILDING, has, first("2021-01-05 10:00"))).toEqual([])
		expect(at(PARCEL, has, land("2020-02-05 10:00", OTHER))).toEqual(["豫地1 BLOCK"])
		expect(at(PARCEL, has, land("2020-02-05 10:00", DEVELOPER))).toEqual([])
		expect(at(PARCEL, land("2020-02-05 10:00", OTHER))).toEqual([])
		expect(at(BUILDING, has, land("2020-02-05 10:00", OTHER), first("2021-01-05 10:00"))).toEqual(["豫首1 BLOCK"])
		expect(at(BUILDING, first("2021-01-05 10:00"), has)).toEqual([])
	})

	it("names the acts", () => {
		const has = granted("2020-01-05 10:00", { grantee: OTHER })
		const named = (...facts: readonly Said[]) => says("C36", [has, ...facts], PARCEL).map((each) => each.split(",不是")[0])
		expect(named([PARCEL, "planning.works-permitted", "2021-01-05 10:00", { permitNo: "建1", holder: DEVELOPER }])).toEqual(["建字 建1 的持有人 怀川置业"])
		expect(named([PARCEL, "construction.permitted", "2021-01-05 10:00", { permitNo: "施1", holder: DEVELOPER }])).toEqual(["施工许可 施1 的持有人 怀川置业"])
		expect(named(land("2021-01-05 10:00", DEVELOPER))).toEqual(["土地首次登记 豫地1 的权利人 怀川置业"])
		expect(parts("C36", [has, land("2021-01-05 10:00", DEVELOPER)], PARCEL)).toEqual([
			"2021-01-05 土地首次登记 豫地1 的权利人: 怀川置业",
			"2020-01-05 土地受让人: 丹河商贸",
		])
		expect(parts("C36", [has, contract("2023-05-02 10:00")])[0]).toBe("合同 HT1 2023-05-01 签订,2023-05-02 备案,出卖人 怀川置业")
	})
})

describe("C39", () => {
	const of = (...facts: readonly Said[]) => raised("C39", facts)
	const withdrawn = (applicationNo: string): Said => [UNIT, "registration.consent-withdrawn", "2023-09-01 10:00", { applicationNo }]
	const DONE = transferred("2023-07-02 10:00", { applicationNo: "SL1" })
	const REQUESTED = { requestId: "R1" }

	it("is raised where an account was opened for somebody else than the latest holder", () => {
		expect(of(DONE, opened("2023-08-01 10:00"))).toEqual([])
		expect(of(DONE, opened("2023-08-01 10:00", { holder: YI }))).toEqual(["gas 燃气公司 BLOCK"])
		expect(of(DONE, opened("2023-08-01 10:00", { holder: undefined }))).toEqual([])
		expect(of(opened("2023-08-01 10:00", { holder: YI }))).toEqual([])
		const resold = transferred("2023-10-02 10:00", { certificateNo: "豫证2", holders: [YI] })
		expect(of(DONE, opened("2023-08-01 10:00"), resold)).toEqual([])
		expect(of(DONE, resold, opened("2023-11-01 10:00"))).toEqual(["gas 燃气公司 BLOCK"])
		expect(of(DONE, opened("2023-08-01 10:00", { holder: person("丙某") }), resold)).toEqual(["gas 燃气公司 BLOCK"])
		expect(of(opened("2023-06-01 10:00"), transferred("2023-07-02 10:00", { holders: [YI] }))).toEqual(["gas 燃气公司 BLOCK"])
		expect(of(DONE, opened("2023-08-01 10:00", { holder: YI }), opened("2023-08-02 10:00"))).toEqual([])
		expect(of(DONE, opened("2023-08-01 10:00"), opened("2023-08-02 10:00", { service: "water", holder: YI }))).toEqual(["water 燃气公司 BLOCK"])
	})

	it("is raised where what was opened at our request has lost its ground", () => {
		expect(of(opened("2023-08-01 10:00", REQUESTED))).toEqual(["gas 燃气公司 BLOCK"])
		expect(of(opened("2023-08-01 10:00"))).toEqual([])
		expect(of(DONE, opened("2023-08-01 10:00", REQUESTED), withdrawn("SL1"))).toEqual(["gas 燃气公司 BLOCK"])
		expect(of(DONE, opened("2023-08-01 10:00"), withdrawn("SL1"))).toEqual([])
		expect(of(DONE, opened("2023-08-01 10:00", REQUESTED), withdrawn("SL9"))).toEqual([])
		expect(of(transferred("2023-07-02 10:00"), opened("2023-08-01 10:00", REQUESTED), withdrawn("SL1"))).toEqual([])
	})

	it("says of whom and why", () => {
		expect(parts("C39", [DONE, opened("2023-08-01 10:00", { holder: YI })])).toEqual(["2023-08-01 气(燃气公司 Q1)开户", "豫证1 的权利人与户主不同"])
		expect(parts("C39", [opened("2023-08-01 10:00", { ...REQUESTED, accountNo: undefined })])).toEqual(["2023-08-01 气(燃气公司)开户", "转移登记已不存在"])
		expect(parts("C39", [DONE, opened("2023-08-01 10:00", REQUESTED), withdrawn("SL1")])[1]).toBe("2023-09-01 撤回授权")
	})
})

describe("C43 and C44", () => {
	const [PRESOLD, SOLD] = [contract("2023-05-02 10:00"), contract("2023-05-02 10:00", { kind: "completed" })]

	it("ask whether the buyer was registered within a year of handover or signing", () => {
		expect(raised("C43", [PRESOLD])).toEqual([])
		expect(raised("C43", [PRESOLD, handedOver("2023-12-01 10:00")])).toEqual(["HT1 HOLD"])
		expect(raised("C43", [PRESOLD, handedOver("2023-12-01 10:00")], UNIT, {}, "2024-11-30 23:59")).toEqual([])
		expect(raised("C43", [PRESOLD, handedOver("2023-12-01 10:00")], UNIT, {}, "2024-12-01 00:00")).toEqual(["HT1 HOLD"])
		expect(raised("C43", [PRESOLD, handedOver("2023-12-01 10:00")], UNIT, { registrationLimitDays: 10 }, "2023-12-12 00:00")).toEqual(["HT1 HOLD"])
		expect(raised("C43", [SOLD])).toEqual(["HT1 HOLD"])
		expect(raised("C43", [SOLD, transferred("2023-06-01 10:00")])).toEqual([])
		expect(raised("C43", [SOLD, transferred("2023-06-01 10:00", { holders: [YI] })])).toEqual(["HT1 HOLD"])
		expect(raised("C43", [transferred("2023-04-30 10:00"), SOLD])).toEqual(["HT1 HOLD"])
		expect(raised("C43", [transferred("2023-05-01 00:00"), SOLD])).toEqual([])
		expect(says("C43", [SOLD])).toEqual(["合同 HT1 2023-05-01 签订,365 日内未转移登记"])
		expect(says("C43", [PRESOLD, handedOver("2023-12-01 10:00")])).toEqual(["合同 HT1 2023-12-01 交房,365 日内未转移登记"])
	})

	it("are looked at again when time alone raises them", () => {
		const next = (asOf: string, facts: readonly Said[], scope: Scope = UNIT) => {
			const view = viewOf(scope, asOf, facts)
			return nextFinding(view, sceneOf(view, moment(asOf)))
		}
		expect(next("2023-06-01 00:00", [SOLD])).toBe(moment("2024-05-01 00:00"))
		expect(next("2024-05-01 00:00", [SOLD])).toBeNull()
		expect(next("2024-04-30 23:59", [SOLD])).toBe(moment("2024-05-01 00:00"))
		expect(next("2023-06-01 00:00", [PRESOLD])).toBeNull()
		expect(next("2023-06-01 00:00", [first("2023-01-05 10:00")], BUILDING)).toBeNull()
		const two = [SOLD, contract("2023-05-03 10:00", { contractNo: "HT2", kind: "completed", signedOn: "2023-04-01" })]
		expect(next("2023-06-01 00:00", two)).toBe(moment("2024-04-01 00:00"))
	})

	it("ask whether the money went to the supervised account, as much as was to be paid down", () => {
		const of = (...facts: readonly Said[]) => raised("C44", facts)
		const permit = presale("2023-04-01 10:00", { escrowAccount: "6222 01" })
		const down = contract("2023-05-02 10:00", { downPaymentCny: "240000.00" })
		expect(of(permit, PRESOLD, money("2023-06-01 10:00", { account: "622201" }))).toEqual([])
		expect(of(permit, PRESOLD, money("2023-06-01 10:00", { account: "9" }))).toEqual(["jz/x#2 HOLD"])
		expect(of(permit, PRESOLD, money("2023-06-01 10:00"))).toEqual([])
		expect(of(PRESOLD, money("2023-06-01 10:00", { account: "9" }))).toEqual([])
		expect(of(presale("2023-04-01 10:00"), PRESOLD, money("2023-06-01 10:00", { account: "9" }))).toEqual([])
		expect(of(permit, SOLD, money("2023-06-01 10:00", { account: "9" }))).toEqual([])
		expect(of(permit, PRESOLD, money("2023-06-01 10:00", { account: "9", contractNo: "HT9" }))).toEqual([])
		expect(of(presale("2023-04-01 10:00", { escrowAccount: "1" }, { reach: "here" }), PRESOLD, money("2023-06-01 10:00", { account: "9" }))).toEqual([])
		const named = contract("2023-05-02 10:00", { presalePermitNo: "预2" })
		expect(of(permit, named, money("2023-06-01 10:00", { account: "9" }))).toEqual([])
		const other = presale("2023-04-02 10:00", { permitNo: "预2", escrowAccount: "9" })
		expect(of(permit, other, named, money("2023-06-01 10:00", { account: "9" }))).toEqual([])
		expect(of(permit, other, named, money("2023-06-01 10:00", { account: "622201" }))).toHaveLength(1)
		expect(of(permit, other, PRESOLD, money("2023-06-01 10:00", { account: "622201" }))).toEqual([])
		expect(says("C44", [permit, other, PRESOLD, money("2023-06-01 10:00", { account: "8" })])).toEqual([
			"合同 HT1 的 100000.00 元进了账户 8,监管账户是 6222 01、9",
		])
		expect(parts("C44", [permit, PRESOLD, money("2023-06-01 10:00", { account: "8" })])).toEqual(["100000.00 元进账户 8", "预售许可 预1 的监管账户 6222 01"])
		const paid: Said = [UNIT, "sales.paid-in-full", "2023-06-01 10:00", { contractNo: "HT1", amountCny: "800000.00", account: "9" }]
		expect(of(permit, PRESOLD, paid)).toHaveLength(1)
		expect(of(down, money("2023-06-01 10:00"))).toHaveLength(1)
		expect(of(down, money("2023-06-01 10:00"), money("2023-06-02 10:00", { amountCny: "140000.00" }))).toEqual([])
		expect(of(down)).toEqual([])
		expect(of(PRESOLD, money("2023-06-01 10:00"))).toEqual([])
		expect(of(down, money("2023-06-01 10:00"), [UNIT, "sales.paid-in-full", "2023-07-01 10:00", { contractNo: "HT1", amountCny: "800000.00" }])).toEqual([])
		expect(parts("C44", [down, money("2023-06-01 10:00")])).toEqual(["合同 HT1 2023-05-01 签订,2023-05-02 备案,首付 240000.00 元", "实收 100000.00 元"])
	})
})

describe("buildings and parcels", () => {
	const verified = (time: string, says: object = {}, more: object = {}, where: Scope = BUILDING): Said => [
		where,
		"planning.verified",
		time,
		{ verificationNo: "核1", passed: true, ...says },
		more,
	]
	const filed = (time: string, more: object = {}): Said => [BUILDING, "construction.completion-filed", time, { filingNo: "备1" }, more]
	const works = (perBuilding: object, more: object = {}): Said => [
		BUILDING,
		"planning.works-permitted",
		"2020-02-01 10:00",
		{ permitNo: "建1", perBuilding: [perBuilding] },
		more,
	]
	const survey = (type: string, time: string, ...units: readonly object[]): Said => [BUILDING, type, time, { surveyNo: time, units }, { reach: "here" }]
	const HERE = { reach: "here" }

	it("C20: completion and first registration come after a verification that passed", () => {
		const of = (...facts: readonly Said[]) => raised("C20", facts, BUILDING)
		expect(of(filed("2022-03-10 10:00"))).toEqual(["备1 BLOCK"])
		expect(of(verified("2022-03-09 10:00"), filed("2022-03-10 10:00"))).toEqual([])
		expect(of(verified("2022-03-11 10:00"), filed("2022-03-10 10:00"))).toEqual(["备1 BLOCK"])
		expect(of(verified("2022-03-10 00:00", {}, BY_DAY), filed("2022-03-10 10:00"))).toEqual(["备1 NOTE"])
		expect(of(verified("2022-03-08 10:00"), verified("2022-03-09 10:00", { passed: false }), filed("2022-03-10 10:00"))).toEqual(["备1 BLOCK"])
		expect(of(verified("2022-03-08 10:00", { passed: false }), verified("2022-03-09 10:00"), filed("2022-03-10 10:00"))).toEqual([])
		expect(of(verified("2022-03-09 10:00", {}, HERE), filed("2022-03-10 10:00"))).toEqual(["备1 BLOCK"])
		expect(of(first("2022-03-10 10:00"))).toEqual(["豫首1 BLOCK"])
		expect(parts("C20", [verified("2022-03-09 10:00", { passed: false }), filed("2022-03-10 10:00")], BUILDING)).toContain("规划核实 核1 不合格")
	})

	it("C21: first registration comes after verification and completion", () => {
		const of = (...facts: readonly Said[]) => raised("C21", facts, BUILDING)
		const on = (...facts: readonly Said[]) => of(first("2022-03-10 10:00"), ...facts)
		expect(on()).toEqual([])
		expect(on(filed("2022-03-09 10:00"))).toEqual([])
		expect(on(filed("2022-03-11 10:00"))).toEqual(["豫首1 竣工备案 BLOCK"])
		expect(on(filed("2022-03-11 10:00", HERE))).toEqual([])
		expect(on(verified("2022-03-11 10:00"))).toHaveLength(1)
		expect(on(verified("2022-03-11 10:00", { passed: false }))).toEqual([])
		expect(on(verified("2022-03-11 10:00", {}, HERE))).toEqual([])
		expect(on(verified("2022-03-09 10:00"), verified("2022-03-11 10:00"))).toEqual([])
	})

	it("C22: what was built is within the ratio that was granted", () => {
		const of = (...facts: readonly Said[]) => raised("C22", facts, PARCEL)
		const grant = (says: object = {}) => granted("2020-01-05 10:00", { plotRatioMax: "2.00", areaM2: "10000.00", ...says })
		const counted = (countedAreaM2: string, says: object = {}, time = "2022-01-05 10:00") => verified(time, { countedAreaM2, ...says }, {}, PARCEL)
		expect(of(grant(), counted("20200.00"))).toEqual([])
		expect(of(grant(), counted("20200.01"))).toHaveLength(1)
		expect(of(grant({ plotRatioMax: undefined }), counted("20200.01"))).toEqual([])
		expect(of(grant({ areaM2: undefined }), counted("20200.01"))).toEqual([])
		expect(of(counted("20200.01"))).toEqual([])
		expect(of(grant())).toEqual([])
		expect(of(grant(), counted("20200.01"), counted("20000.00", {}, "2022-02-05 10:00"))).toEqual([])
		expect(of(grant(), counted("20200.01"), verified("2022-02-05 10:00", {}, {}, PARCEL))).toHaveLength(1)
		expect(of(grant(), counted("20000.00", { buildings: ["F0001"] }), counted("201.00", { buildings: ["F0002"] }, "2022-02-05 10:00"))).toHaveLength(1)
		expect(
			of(grant(), counted("20200.01", { buildings: ["F0001", "F0002"] }), counted("20000.00", { buildings: ["F0002", "F0001"] }, "2022-02-05 10:00")),
		).toEqual([])
		expect(judged("C22", [grant(), counted("20200.01")], PARCEL, {}, NOW)[0]?.on).toBe("")
		expect(parts("C22", [grant(), counted("20200.01")], PARCEL)).toEqual(["容积率 2.00,用地 10000.00 ㎡", "规划核实 核1 计容 20200.01 ㎡", "合计 20200.01 ㎡"])
	})

	it("C34: permit, predicted, measured and registered count the same", () => {
		const of = (...facts: readonly Said[]) => says("C34", facts, BUILDING).map((each) => each.replace("本幢套数不一: ", ""))
		const predicted = survey("survey.predicted", "2021-01-05 10:00", { code: "0101" }, { code: "0102" })
		const built = survey("survey.measured", "2022-01-05 10:00", { code: "0101", link: "same", areaM2: "1.00" }, { code: "0102", link: "same", areaM2: "1.00" })
		expect(of(predicted, built)).toEqual([])
		expect(of(works({ unitCount: 3 }), predicted)).toEqual(["规划许可 3 套,预测 2 套"])
		expect(of(works({ unitCount: 2 }), predicted)).toEqual([])
		expect(of(works({}), predicted)).toEqual([])
		expect(of(works({ code: "", unitCount: 3 }), predicted)).toEqual(["规划许可 3 套,预测 2 套"])
		expect(of(presale("2021-02-01 10:00", { unitCount: 3 }), predicted)).toEqual(["预售许可 预1 3 套,预测 2 套"])
		expect(of(presale("2021-02-01 10:00", { unitCount: 3, units: ["0101"] }), predicted)).toEqual([])
		expect(of(presale("2021-02-01 10:00", { unitCount: 3, buildings: ["F0001"] }), predicted)).toEqual([])
		const list = (time: string, certificateNo: string, ...units: readonly string[]) => first(time, { certificateNo, units }, HERE)
		expect(of(predicted, list("2022-02-01 10:00", "豫首1", "0101"))).toEqual(["预测 2 套,登记 1 套"])
		expect(of(predicted, list("2022-02-01 10:00", "豫首1", "0101"), list("2022-02-02 10:00", "豫首2", "0102"))).toEqual([])
		const gone: Said = [BUILDING, "registration.deregistered", "2022-03-01 10:00", { certificateNo: "豫首1" }]
		expect(of(predicted, list("2022-02-01 10:00", "豫首1", "0101"), gone)).toEqual([])
		expect(of(predicted, first("2022-02-01 10:00"))).toEqual([])
		const orphaning = survey("survey.measured", "2022-01-05 10:00", { code: "0101", link: "same", areaM2: "1.00" })
		expect(raised("C34", [predicted, orphaning], BUILDING)).toEqual(["套数 HOLD", "孤户 HOLD"])
		const merged = survey("survey.measured", "2022-01-05 10:00", { code: "0103", link: "merged", areaM2: "2.00", predicted: ["0101", "0102"] })
		expect(of(predicted, merged)).toEqual([])
		expect(of(works({ unitCount: 2 }), predicted, merged)).toEqual([])
		expect(of(works({ unitCount: 3 }), predicted, merged)).toEqual(["规划许可 3 套,预测 2 套"])
		expect(of(predicted, merged, list("2022-02-01 10:00", "豫首1", "0101", "0102"))).toEqual(["预测(按合并、分割计) 1 套,实测 1 套,登记 2 套"])
	})

	it("C18: the areas of the flats add up to what was permitted", () => {
		const of = (...facts: readonly Said[]) => raised("C18", facts, BUILDING)
		const built = (...areas: readonly (string | undefined)[]) =>
			survey(
				"survey.measured",
				"2022-01-05 10:00",
				...areas.map((areaM2, n) => ({ code: `010${n + 1}`, link: "new", ...(areaM2 === undefined ? {} : { areaM2 }) })),
			)
		expect(of(works({ areaM2: "200.00" }), built("100.00", "100.00"))).toEqual([])
		expect(of(works({ areaM2: "300.00" }), built("100.00", "100.00"))).toHaveLength(1)
		expect(of(works({ areaM2: "300.00" }), built("100.00", undefined))).toEqual([])
		expect(of(works({ areaM2: "300.00", unitCount: 3 }), built("100.00", "100.00"))).toEqual([])
		expect(of(works({ areaM2: "300.00", unitCount: 2 }), built("100.00", "100.00"))).toHaveLength(1)
		expect(of(works({}), built("100.00", "100.00"))).toEqual([])
	})
})

describe("a finding", () => {
	const facts = [contract("2023-05-02 10:00")]
	const settled = (finding: string, time = "2023-06-01 10:00", where: Scope = UNIT): Said => [where, "registrar.finding-settled", time, { finding }]
	const open = (all: readonly Said[], change: Partial<RuleSet> = {}, scope: Scope = UNIT) => {
		const view = viewOf(scope, NOW, all)
		return findings(view, sceneOf(view, moment(NOW), { ...DEFAULT, ...change }))
	}
	const codes = (...more: Parameters<typeof open>) => open(...more).map((each) => each.code)

	it("of a breach is settled by a registrar, there, of that code, not before it was done and said", () => {
		expect(codes(facts)).toContain("C06")
		expect(codes([...facts, settled("C06")])).not.toContain("C06")
		expect(codes([...facts, settled("C09")])).toContain("C06")
		expect(codes([...facts, settled("C06", "2023-06-01 10:00", BUILDING)])).toContain("C06")
		expect(codes([...facts, settled("C06", "2023-05-02 09:59")])).toContain("C06")
		expect(codes([...facts, settled("C06", "2023-05-02 10:00")])).not.toContain("C06")
	})

	it("that is a contradiction ends with its facts alone", () => {
		const twice = [...facts, contract("2023-06-02 10:00", { contractNo: "HT2" }), settled("C05", "2023-07-01 10:00")]
		expect(codes(twice)).toContain("C05")
	})

	it("is off, or another's, as the rule set says", () => {
		expect(codes(facts, { findings: { C06: { off: true } } })).not.toContain("C06")
		expect(open(facts, { findings: { C06: { responsible: "专班" } } }).find((each) => each.code === "C06")?.responsible).toBe("专班")
		expect(open(facts).find((each) => each.code === "C06")).toMatchObject({ scope: UNIT, responsible: ruleOf("C06").responsible, severity: "BLOCK" })
	})

	it("names what clears it only where something does", () => {
		expect(open(facts).find((each) => each.code === "C06")).not.toHaveProperty("clearedBy")
		expect(open([...facts, mortgaged("2023-06-01 10:00")]).find((each) => each.code === "C13")?.clearedBy).toMatchObject({
			type: "finance.mortgage-discharged",
		})
	})
})
