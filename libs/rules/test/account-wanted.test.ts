import type { Unit } from "@yima/lifecycle"
import type { LocalDate } from "@yima/schemas"
import { describe, expect, it } from "vitest"
import { DEFAULT, hasConsented, type RuleSet, sceneOf, wantedAccounts } from "../src/index.ts"
import { moment, UNIT, viewOf } from "./views.ts"

type Said = Parameters<typeof viewOf>[2][number]

const who = (name: string) => ({ id: name, name })
const consenting = { consents: { utilities: { given: true, consentId: "TY1" } } }
const applied = (time: string, says: object = {}, more: object = {}): Said => [
	UNIT,
	"registration.transfer-applied",
	time,
	{ applicationNo: "SL1", holders: [who("甲")], ...consenting, ...says },
	more,
]
const transferred = (time: string, says: object = {}, more: object = {}): Said => [
	UNIT,
	"registration.transferred",
	time,
	{ certificateNo: "豫证1", holders: [who("甲")], applicationNo: "SL1", ...says },
	more,
]
const withdrawn = (time: string, applicationNo = "SL1"): Said => [UNIT, "registration.transfer-withdrawn", time, { applicationNo }]
const unconsented = (time: string, applicationNo = "SL1"): Said => [UNIT, "registration.consent-withdrawn", time, { applicationNo }]
const connected = (time: string, says: object = {}, more: object = {}): Said => [
	UNIT,
	"utility.connected",
	time,
	{ service: "water", company: "太行水务", accounts: [{ unit: "", accountNo: "1001" }], ...says },
	more,
]

const NOW = "2024-01-01 00:00"
const unitOf = (facts: readonly Said[]) => viewOf(UNIT, NOW, facts) as Unit
const wanted = (facts: readonly Said[], change: Partial<RuleSet> = {}) => {
	const unit = unitOf(facts)
	return wantedAccounts(unit, sceneOf(unit, moment(NOW), { ...DEFAULT, ...change }))
}
const SERVED = [connected("2023-06-01 10:00"), applied("2023-07-01 10:00"), transferred("2023-07-02 10:00")]

describe("an account is wanted", () => {
	it("of who connected the flat, for the first holder of its latest transfer", () => {
		const both = transferred("2023-07-02 10:00", { holders: [who("甲"), who("乙")] })
		const [account, ...others] = wanted([connected("2023-06-01 10:00"), applied("2023-07-01 10:00"), both])
		expect(others).toEqual([])
		expect(account).toMatchObject({
			service: "water",
			company: "太行水务",
			accountNo: "1001",
			transfer: { certificateNo: "豫证1" },
			holder: { id: "甲" },
			isLater: false,
			consentId: "TY1",
			consentWithdrawnAt: null,
			since: { time: moment("2023-07-02 10:00") },
			events: ["jz/x#1", "jz/x#2", "jz/x#0"],
		})
	})

	it("of each service, in one order", () => {
		const all = ["heat", "gas", "power", "water"].map((service) => connected("2023-06-01 10:00", { service }))
		expect(wanted([...all, ...SERVED.slice(1)]).map((each) => each.service)).toEqual(["water", "power", "gas", "heat"])
	})

	it("since the flat was connected, if that came after the transfer, or with it", () => {
		expect(wanted([...SERVED.slice(1), connected("2023-08-01 10:00")])[0]?.since.time).toBe(moment("2023-08-01 10:00"))
		const byDay = wanted([applied("2023-07-01 10:00"), transferred("2023-07-02 00:00", {}, { byDay: true }), connected("2023-07-02 00:00")])
		expect(byDay[0]?.since.byDay).not.toBe(true)
	})

	it("of the company that connected the flat last, since it did so first", () => {
		const again = [connected("2023-08-01 10:00", { company: "丹河水务" }), connected("2023-09-01 10:00", { company: "丹河 水务" })]
		expect(wanted([...SERVED, ...again])).toMatchObject([{ company: "丹河水务", since: { time: moment("2023-08-01 10:00") } }])
	})

	it("not where the list has no account of the flat, or is not of the flat as a whole", () => {
		expect(wanted([connected("2023-06-01 10:00", { accounts: [] }), ...SERVED.slice(1)])).toEqual([])
		expect(wanted([connected("2023-06-01 10:00", { accounts: undefined }), ...SERVED.slice(1)])).toEqual([])
		expect(wanted([connected("2023-06-01 10:00", {}, { reach: "here" }), ...SERVED.slice(1)])).toEqual([])
	})

	it("without a number where none was given", () => {
		expect(wanted([connected("2023-06-01 10:00", { accounts: [{ unit: "" }] }), ...SERVED.slice(1)])[0]?.accountNo).toBeNull()
	})

	it("from the service's first day on", () => {
		const from = (goLiveOn: string) => ({ accountOpening: { ...DEFAULT.accountOpening, water: { goLiveOn: goLiveOn as LocalDate } } })
		expect(wanted(SERVED, from("2023-07-02"))).toHaveLength(1)
		expect(wanted(SERVED, from("2023-07-03"))).toEqual([])
		const midnight = [connected("2023-06-01 10:00"), applied("2023-07-01 10:00"), transferred("2023-07-03 00:00")]
		expect(wanted(midnight, from("2023-07-03"))).toHaveLength(1)
	})

	it("by nobody without a transfer, without consent, or without an application", () => {
		expect(wanted(SERVED.slice(0, 2))).toEqual([])
		expect(wanted([connected("2023-06-01 10:00"), transferred("2023-07-02 10:00")])).toEqual([])
		for (const consents of [undefined, {}, { utilities: { given: false } }])
			expect(wanted([connected("2023-06-01 10:00"), applied("2023-07-01 10:00", { consents }), transferred("2023-07-02 10:00")])).toEqual([])
		const unnamed = applied("2023-07-01 10:00", { consents: { utilities: { given: true } } })
		expect(wanted([connected("2023-06-01 10:00"), unnamed, transferred("2023-07-02 10:00")])[0]?.consentId).toBeNull()
	})

	it("until the consent to its own application is withdrawn", () => {
		expect(wanted([...SERVED, unconsented("2023-07-03 10:00", "sl1")])[0]?.consentWithdrawnAt).toBe(moment("2023-07-03 10:00"))
		expect(wanted([...SERVED, unconsented("2023-07-03 10:00", "SL2")])[0]?.consentWithdrawnAt).toBeNull()
	})

	it("later than another's: a resale, not a second certificate of one holder", () => {
		const resold = (name: string) => [
			...SERVED,
			applied("2023-08-01 10:00", { applicationNo: "SL2" }),
			transferred("2023-08-02 10:00", { applicationNo: "SL2", certificateNo: "豫证2", holders: [who(name)] }),
		]
		expect(wanted(resold("乙"))).toMatchObject([{ isLater: true, holder: { id: "乙" } }])
		expect(wanted(resold("甲"))).toMatchObject([{ isLater: false, transfer: { certificateNo: "豫证2" } }])
	})
})

describe("the application of a transfer", () => {
	const refused = { consents: { utilities: { given: false } } }
	const isWanted = (...facts: readonly Said[]) => wanted([connected("2023-06-01 10:00"), ...facts]).length > 0

	it("is the one that it names, however written, the last of its number", () => {
		const other = applied("2023-07-01 12:00", { applicationNo: "SL2", ...refused })
		expect(isWanted(applied("2023-07-01 10:00"), other, transferred("2023-07-02 10:00", { applicationNo: "sl１" }))).toBe(true)
		expect(isWanted(applied("2023-07-01 10:00"), other, transferred("2023-07-02 10:00", { applicationNo: "SL2" }))).toBe(false)
		expect(isWanted(applied("2023-07-01 10:00"), applied("2023-07-01 12:00", refused), transferred("2023-07-02 10:00"))).toBe(false)
		expect(isWanted(applied("2023-07-01 10:00"), transferred("2023-07-02 10:00", { applicationNo: "SL9" }))).toBe(false)
	})

	it("is the last before it that was not withdrawn, where it names none", () => {
		const unnumbered = transferred("2023-07-02 10:00", { applicationNo: undefined })
		const second = (says: object = {}) => applied("2023-07-01 12:00", { applicationNo: "SL2", ...says })
		expect(isWanted(applied("2023-07-01 10:00", refused), second(), unnumbered)).toBe(true)
		expect(isWanted(applied("2023-07-01 10:00"), second(refused), unnumbered)).toBe(false)
		expect(isWanted(applied("2023-07-01 10:00"), second(refused), withdrawn("2023-07-01 14:00", "SL2"), unnumbered)).toBe(true)
		expect(isWanted(applied("2023-07-01 10:00"), applied("2023-07-05 10:00", { applicationNo: "SL3", ...refused }), unnumbered)).toBe(true)
		expect(isWanted(applied("2023-07-05 10:00"), unnumbered)).toBe(false)
	})
})

describe("consent", () => {
	it("is not known before an application, and is what the last one says", () => {
		expect(hasConsented(unitOf([connected("2023-06-01 10:00")]))).toBeNull()
		expect(hasConsented(unitOf([applied("2023-07-01 10:00")]))).toBe(true)
		expect(hasConsented(unitOf([applied("2023-07-01 10:00"), applied("2023-07-03 10:00", { consents: { utilities: { given: false } } })]))).toBe(false)
		expect(hasConsented(unitOf([applied("2023-07-01 10:00", { consents: undefined })]))).toBe(false)
		expect(hasConsented(unitOf([applied("2023-07-01 10:00", { consents: {} })]))).toBe(false)
	})

	it("is what the application of the latest transfer says, until it is withdrawn", () => {
		expect(hasConsented(unitOf(SERVED))).toBe(true)
		expect(hasConsented(unitOf([...SERVED, unconsented("2023-07-03 10:00")]))).toBe(false)
		expect(hasConsented(unitOf([applied("2023-07-01 10:00", { consents: {} }), transferred("2023-07-02 10:00")]))).toBe(false)
		expect(hasConsented(unitOf([transferred("2023-07-02 10:00")]))).toBeNull()
		const resold = transferred("2023-08-02 10:00", { applicationNo: "SL2", certificateNo: "豫证2", holders: [who("乙")] })
		expect(hasConsented(unitOf([...SERVED, applied("2023-08-01 10:00", { applicationNo: "SL2", consents: {} }), resold]))).toBe(false)
		expect(hasConsented(unitOf([...SERVED, applied("2023-08-01 10:00", { applicationNo: "SL2", consents: {} })]))).toBe(true)
	})
})
