import { type Scope, type TypeName, wireTypeOf } from "@yima/schemas"
import type { Json } from "@yima/test-kit"

/** A flat that is ready, by everything that was ever said of it, and what may happen to it: for properties of what comes next. */
const PARCEL = "410811001001GB00001"
export const BUILDING = `${PARCEL}F0001`
export const FLAT = `${BUILDING}0101` as Scope
const NEXT_DOOR = `${BUILDING}0102`
const CODE = "2301-410811-04-01-000001"
const PROJECT = `project:${CODE}`

const company = (name: string, n: number) => ({ name, idKind: "uscc", idNumber: `INVENTED000000000${n}` })
const person = (name: string, n: number) => ({ name, idKind: "passport", idNumber: `INVENTED${n}` })
export const DEVELOPER = company("怀川置业有限公司", 1)
const BANK = company("沁河银行", 3)
export const BUYER = person("甲某", 1)
const OTHER = person("乙某", 2)

export const CLAUSES = ["enlisted", "first-registration-before-handover", "full-invoice", "stamped-application"]

/** Who sends a family of events. */
const SOURCES: Readonly<Record<string, string>> = { sales: "jz/housing", finance: "jz/bank", judicial: "jz/court" }

export const event = (id: string, type: TypeName, time: string, subject: string | null, data: object = {}): Json => {
	const family = type.slice(0, type.indexOf("."))
	return {
		specversion: "1.0",
		id,
		source: SOURCES[family] ?? `jz/${family}`,
		type: wireTypeOf(type),
		time: time.includes("T") ? time : `${time}T10:00:00+08:00`,
		...(subject === null ? {} : { subject }),
		data,
	}
}

const SALE = {
	kind: "presale",
	seller: DEVELOPER,
	signedOn: "2022-07-01",
	areaM2: "100.00",
	totalPriceCny: "800000.00",
	buyers: [BUYER],
	paymentKind: "loan",
	presalePermitNo: "预1",
	handoverDueOn: "2023-12-31",
	clauses: CLAUSES,
}

const connected = (service: string, n: number) =>
	event(`通${service}`, "utility.connected", "2023-05-02", BUILDING, {
		service,
		company: `太行${service}`,
		mainMeterSettled: true,
		accounts: [
			{ unit: FLAT, accountNo: `${n}001` },
			{ unit: NEXT_DOOR, accountNo: `${n}002` },
		],
	})

const rows = (...units: readonly string[]) => units.map((code) => ({ code, areaM2: "100.00" }))

/** All that makes it ready. Any of it may be missing. */
export const LIFE: readonly Json[] = [
	event("立项", "project.approved", "2022-01-01", PROJECT, { projectCode: CODE, name: "一期", developer: DEVELOPER, parcels: [PARCEL] }),
	event("出让", "land.granted", "2022-01-05", PARCEL, { grantKind: "assignment", grantContractNo: "CR1", grantee: DEVELOPER }),
	event("缴清", "land.premium-paid", "2022-01-20", PARCEL, { amountCny: "90000000.00", paidInFull: true }),
	event("交地", "land.handed-over", "2022-02-01", PARCEL),
	event("列入", "project.enlisted", "2022-02-02", PROJECT, { projectCode: CODE }),
	event("地证", "land.right-registered", "2022-02-02", PARCEL, { certificateNo: "豫地1", holder: DEVELOPER }),
	event("工规", "planning.works-permitted", "2022-04-01", PARCEL, { permitNo: "建字1", holder: DEVELOPER }),
	event("施工", "construction.permitted", "2022-04-10", PARCEL, { permitNo: "施1" }),
	event("开工", "construction.started", "2022-04-20", PARCEL, { startedOn: "2022-04-20", permitNo: "施1" }),
	event("预测", "survey.predicted", "2022-05-01", BUILDING, { surveyNo: "CH1", units: rows(FLAT, NEXT_DOOR) }),
	event("预售", "construction.presale-permitted", "2022-06-01", BUILDING, { permitNo: "预1", seller: DEVELOPER }),
	event("在抵", "finance.mortgage-registered", "2022-06-10", BUILDING, { proofNo: "在1", kind: "construction", mortgagee: BANK, mortgagor: DEVELOPER }),
	event("同意", "finance.sale-consented", "2022-06-20", BUILDING, { proofNo: "在1" }),
	event("网签", "sales.contract-filed", "2022-07-02", FLAT, { ...SALE, contractNo: "HT1" }),
	event("核实", "planning.verified", "2023-03-01", BUILDING, { verificationNo: "HS1", passed: true }),
	event("验收", "construction.acceptance-passed", "2023-04-01", BUILDING, { opinionNo: "YS1" }),
	event("实测", "survey.measured", "2023-04-02", BUILDING, { surveyNo: "SC1", units: rows(FLAT, NEXT_DOOR) }),
	event("备案", "construction.completion-filed", "2023-04-10", BUILDING, { filingNo: "BA1" }),
	event("首登", "registration.first-registered", "2023-04-12", BUILDING, { certificateNo: "豫首1", holder: DEVELOPER }),
	connected("water", 1),
	connected("power", 2),
	connected("gas", 3),
	connected("heat", 4),
	event("结清", "sales.paid-in-full", "2023-05-02", FLAT, { contractNo: "HT1", amountCny: "800000.00" }),
	event("发票", "sales.invoice-issued", "2023-05-03", FLAT, { invoiceNo: "FP1", contractNo: "HT1", totalCny: "800000.00", buyers: [BUYER] }),
	event("契税", "tax.deed-tax-paid", "2023-05-04", FLAT, { receiptNo: "QS1", amountCny: "12000.00", contractNo: "HT1", payers: [BUYER] }),
	event("维修", "tax.maintenance-fund-paid", "2023-05-05", FLAT, { receiptNo: "WX1", amountCny: "6000.00", contractNo: "HT1" }),
	event("按揭", "finance.documents-ready", "2023-05-06", FLAT, { contractNo: "HT1" }),
	event("盖章", "sales.application-stamped", "2023-05-07", FLAT, { contractNo: "HT1" }),
]

export const lacking = (cut: readonly Json[]): readonly Json[] => LIFE.filter((each) => !cut.includes(each))

const seized = (id: string, scope: string, more: object = {}) =>
	event(id, "judicial.seized", "2023-06-01", scope, { seizureNo: id, kind: "seizure", court: "甲法院", fromOn: "2023-06-01", toOn: "2026-05-31", ...more })

const adopted = (id: string, content: object) =>
	event(id, "registrar.ruleset-adopted", "2023-06-05", null, { ruleSet: { name: id, version: "1", contentHash: "h" }, fromOn: "2023-06-10", content })

/** What may come between. */
export const MISHAPS: readonly Json[] = [
	seized("户封", FLAT),
	seized("幢封", BUILDING, { kind: "pre-seizure" }),
	seized("地封", PARCEL),
	seized("轮候", FLAT, { kind: "waiting", queuePosition: 1 }),
	event("异议", "registration.objected", "2023-06-02", FLAT, { proofNo: "异1" }),
	event("幢异议", "registration.objected", "2023-06-02", BUILDING, { proofNo: "异2" }),
	event("居住", "registration.residence-right-registered", "2023-06-02", FLAT, { proofNo: "居1", holder: OTHER }),
	event("他人预告", "registration.priority-notice-registered", "2022-08-02", FLAT, { proofNo: "预告9", holder: OTHER }),
	event("遗留", "project.hold-placed", "2023-06-02", PROJECT, { projectCode: CODE, holdNo: "YL1", kind: "unpaid" }),
	event("幢遗留", "project.hold-placed", "2023-06-02", BUILDING, { projectCode: CODE, holdNo: "YL2" }),
	event("移出", "project.delisted", "2023-06-02", PROJECT, { projectCode: CODE }),
	event("核实不合格", "planning.verified", "2023-06-02", BUILDING, { verificationNo: "HS2", passed: false }),
	event("验收不过", "construction.acceptance-failed", "2023-06-02", BUILDING, { opinionNo: "YS2" }),
	event("撤工规", "planning.permit-revoked", "2023-06-02", PARCEL, { permitNo: "建字1", kind: "works" }),
	event("注销地证", "registration.deregistered", "2023-06-02", PARCEL, { certificateNo: "豫地1" }),
	event("收回", "land.grant-terminated", "2023-06-02", PARCEL, { reason: "闲置" }),
	event("注销首登", "registration.deregistered", "2023-06-02", BUILDING, { certificateNo: "豫首1" }),
	event("再卖", "sales.contract-filed", "2023-06-03", FLAT, { ...SALE, contractNo: "HT2", buyers: [OTHER], signedOn: "2023-06-03" }),
	event("退房", "sales.contract-cancelled", "2023-06-04", FLAT, { contractNo: "HT1" }),
	event("改条款", "sales.contract-amended", "2023-06-03", FLAT, { contractNo: "HT1", clauses: ["enlisted"] }),
	event("降价", "sales.contract-amended", "2023-06-03", FLAT, { contractNo: "HT1", totalPriceCny: "700000.00" }),
	event("涨价", "sales.contract-amended", "2023-06-03", FLAT, { contractNo: "HT1", totalPriceCny: "900000.00" }),
	event("改面积", "sales.contract-amended", "2023-06-03", FLAT, { contractNo: "HT1", areaM2: "90.00" }),
	event("写错人", "sales.contract-amended", "2023-06-03", FLAT, { contractNo: "HT1", buyers: [person("甲莫", 7)] }),
	event("退税", "tax.deed-tax-refunded", "2023-06-03", FLAT, { receiptNo: "QS1" }),
	event("退维修", "tax.maintenance-fund-refunded", "2023-06-03", FLAT, { receiptNo: "WX1" }),
	event("红冲", "sales.invoice-voided", "2023-06-03", FLAT, { invoiceNo: "FP1" }),
	event("售后抵", "finance.mortgage-registered", "2023-06-04", FLAT, { proofNo: "地9", kind: "land", mortgagee: BANK, mortgagor: DEVELOPER }),
	event("漏户", "survey.measured", "2023-06-05", `${PARCEL}F0002`, { surveyNo: "SC9", units: [{ code: `${PARCEL}F00020101`, areaM2: "80.00" }] }),
	event("又预测", "survey.predicted", "2022-05-02", BUILDING, { surveyNo: "CH2", units: rows(`${BUILDING}0103`) }),
	adopted("严", {
		required: ["survey-accepted", "common-parts", "main-meter-settled", "identity-verified", "purchase-cleared", "handover-notified"],
		conditions: { P1: { responsible: "专班" } },
	}),
	adopted("宽", { services: ["water", "power"], areaTolerance: "20.00", conditions: { P9: { off: true } } }),
]
