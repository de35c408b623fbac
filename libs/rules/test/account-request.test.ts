import type { Certificate } from "@yima/lifecycle"
import type { EventKey } from "@yima/schemas"
import { describe, expect, it } from "vitest"
import { standing } from "../src/account-request.ts"
import { isAsSaid, type RequestKind, revisionsOf, type SaidRequest, type WantedAccount } from "../src/index.ts"

const key = (id: string) => `jz/registration#${id}` as EventKey

const said = (more: Partial<SaidRequest> = {}): SaidRequest => ({
	service: "water",
	requestId: "KH1",
	revision: 1,
	kind: "OPEN",
	company: "太行水务",
	holder: "甲",
	certificateNo: "豫证1",
	transfer: key("转移"),
	root: key("转移"),
	...more,
})

interface Asked {
	readonly company?: string
	readonly holder?: string
	readonly certificateNo?: string
	readonly isLater?: boolean
}

const account = ({ company = "太行水务", holder = "甲", certificateNo = "豫证1", isLater = false }: Asked = {}): WantedAccount => ({
	service: "water",
	company,
	accountNo: "1001",
	transfer: { certificateNo } as Certificate,
	holder: { id: holder, name: holder },
	isLater,
	consentId: null,
	consentWithdrawnAt: null,
	since: { time: 0 as WantedAccount["since"]["time"], byDay: false },
	events: [],
})

describe("what was said last", () => {
	it("stands until it is cancelled", () => {
		expect(standing(null)).toBeNull()
		expect(standing(said({ kind: "CANCEL" }))).toBeNull()
		for (const kind of ["OPEN", "CHANGE_HOLDER", "AMEND"] as const) expect(standing(said({ kind }))).toEqual(said({ kind }))
	})

	it.each([
		["the same", account(), said(), true],
		["written otherwise", account({ company: "太行 水务", certificateNo: "豫证１" }), said(), true],
		["another holder", account({ holder: "乙" }), said(), false],
		["another certificate", account({ certificateNo: "豫证2" }), said(), false],
		["another company", account({ company: "丹河水务" }), said(), false],
		["nothing wanted, nothing said", null, null, true],
		["nothing wanted, all cancelled", null, said({ kind: "CANCEL" }), true],
		["nothing wanted any more", null, said(), false],
		["never said", account(), null, false],
		["wanted again after it was cancelled", account(), said({ kind: "CANCEL" }), false],
	] as const)("is what is wanted: %s", (_, wanted, last, isSame) => {
		expect(isAsSaid(wanted, last)).toBe(isSame)
	})
})

describe("a request", () => {
	const revised = (asked: Asked | null, last: SaidRequest | null, { root = "转移", isOpened = false } = {}): readonly RequestKind[] =>
		revisionsOf(asked === null ? null : { account: account(asked), root: key(root) }, last, isOpened).map((each) => each.kind)

	it("is said once", () => {
		expect(revised({}, null)).toEqual(["OPEN"])
		expect(revised({}, said())).toEqual([])
		expect(revised(null, null)).toEqual([])
	})

	it("opens for the first holder and changes hands for a later one", () => {
		expect(revised({ isLater: true }, null)).toEqual(["CHANGE_HOLDER"])
		expect(revised({ holder: "乙", certificateNo: "豫证2", isLater: true }, said(), { root: "再转移" })).toEqual(["CHANGE_HOLDER"])
	})

	it("is amended where its transfer was corrected, or its holder has another certificate", () => {
		expect(revised({ holder: "乙" }, said())).toEqual(["AMEND"])
		expect(revised({ certificateNo: "豫证2" }, said(), { root: "再转移" })).toEqual(["AMEND"])
	})

	it("is cancelled where nothing is wanted any more, but for an account that stands open", () => {
		expect(revised(null, said())).toEqual(["CANCEL"])
		expect(revised(null, said(), { isOpened: true })).toEqual([])
		expect(revised(null, said({ kind: "CANCEL" }))).toEqual([])
	})

	it("moves to another company: cancelled there, said anew here", () => {
		expect(revised({ company: "丹河水务" }, said())).toEqual(["CANCEL", "OPEN"])
		expect(revised({ company: "丹河水务", isLater: true }, said())).toEqual(["CANCEL", "CHANGE_HOLDER"])
		expect(revised({ company: "丹河水务" }, said(), { isOpened: true })).toEqual(["OPEN"])
	})

	it("begins anew after it was cancelled", () => {
		expect(revised({}, said({ kind: "CANCEL" }))).toEqual(["OPEN"])
	})

	it("says what was cancelled, what is wanted, and by which transfer", () => {
		const last = said()
		expect(revisionsOf(null, last, false)).toEqual([{ kind: "CANCEL", of: last }])
		expect(revisionsOf({ account: account(), root: key("转移") }, null, false)).toEqual([{ kind: "OPEN", wanted: account(), root: key("转移") }])
	})
})
