import { at } from "@yima/lifecycle"
import { placeAll } from "@yima/linking"
import type { Entry, Known, Moment, Scope } from "@yima/schemas"
import { entryOf, incremental, type Json, placesAt } from "@yima/test-kit"
import { expect, test } from "vitest"

const LATEST = Number.MAX_SAFE_INTEGER as Known
const AS_OF = (Date.UTC(2024, 0, 1) * 1000) as Moment
const BANK = { name: "焦作乙银行", idKind: "uscc", idNumber: "91410800MA3X00002B" }
const BUILDING = "410811001002GB00018F0001"
const pad = (n: number) => String(n).padStart(4, "0")
const FLATS = Array.from({ length: 9_999 }, (_, n) => `${BUILDING}${pad(n + 1)}`)

const event = (id: string, type: string, data: Json, more: Json = {}): Json => ({
	specversion: "1.0",
	id,
	source: "urn:jz:a",
	type: `yima.${type}.v1`,
	time: "2023-01-01T10:00:00Z",
	data,
	...more,
})
const entries = (events: readonly Json[]): readonly Entry[] => events.map((each, at) => entryOf(each, 1000 + at, 0, at))

// The bounds are steps, not seconds: each of these would take minutes if anything were compared in pairs.

test("a mortgage over ten thousand flats, discharged for half of them, stands at each", () => {
	const world = incremental({
		batches: [
			entries([
				event("m", "finance.mortgage-registered", { proofNo: "D-1", kind: "construction", mortgagee: BANK, mortgagor: BANK, units: FLATS }),
				event("d", "finance.mortgage-discharged", { proofNo: "D-1", units: FLATS.slice(5_000) }),
				event("c", "finance.sale-consented", { proofNo: "D-1" }),
			]),
		],
	})
	const mortgage = (flat: string) => {
		const view = at(flat as Scope, world.states, AS_OF, LATEST)
		return view?.is === "unit" ? view.mortgages.map(({ active, consentedAt }) => ({ active, saleConsented: consentedAt !== null })) : null
	}
	expect(mortgage(FLATS[0] as string)).toEqual([{ active: true, saleConsented: true }])
	expect(mortgage(FLATS[9_998] as string)).toEqual([{ active: false, saleConsented: true }])
})

test("two surveys of ten thousand rows, predicted and measured, link row by row", () => {
	const rows = FLATS.map((code, n) => ({ code, houseCode: `H${n}`, address: `人民路${n}号` }))
	const world = incremental({
		batches: [
			entries([
				event("p", "survey.predicted", { surveyNo: "YC", units: rows }),
				event("m", "survey.measured", { surveyNo: "SC", units: rows.map((row) => ({ ...row, predicted: [row.code], link: "same", areaM2: "99" })) }),
				event("t", "tax.deed-tax-paid", { receiptNo: "R-1", amountCny: "1", refs: [{ kind: "house-code", value: "H77" }] }),
			]),
		],
	})
	expect(placesAt(world).get("urn:jz:a#t" as never)).toMatchObject({ is: "PLACED", codes: [FLATS[77]] })
})

test.each([
	[
		"corrections",
		(n: number) =>
			event(`c${n}`, "land.handed-over", { handoverNo: `J-${n}` }, { subject: BUILDING.slice(0, 19), ...(n === 0 ? {} : { corrects: `c${n - 1}` }) }),
	],
	[
		"retractions",
		(n: number) =>
			n === 0
				? event("c0", "land.handed-over", {}, { subject: BUILDING.slice(0, 19) })
				: event(`c${n}`, "land.retracted", { event: { id: `c${n - 1}` }, reason: "误" }),
	],
])("a chain of a thousand %s breaks nothing", (_, link) => {
	const chain = entries(Array.from({ length: 1_000 }, (_, n) => link(n)))
	expect(placeAll(chain, LATEST).size).toBe(1_000)
	// A department that corrects one record night after night: each night's word is settled as it comes.
	expect(incremental({ batches: chain.slice(0, 60).map((each) => [each]) }).settled.size).toBe(60)
})

test("ten thousand receipts that wait for one contract are placed when it comes", () => {
	const receipts = Array.from({ length: 10_000 }, (_, n) => event(`t${n}`, "sales.paid-in-full", { contractNo: "HT-1", amountCny: "1" }))
	const contract = event(
		"f",
		"sales.contract-filed",
		{ contractNo: "HT-1", kind: "presale", seller: BANK, buyers: [BANK], signedOn: "2022-12-31", areaM2: "99", totalPriceCny: "1" },
		{ subject: FLATS[0] },
	)
	const world = incremental({ batches: [entries([...receipts, contract])] })
	expect([...placesAt(world).values()].every((place) => place.is === "PLACED")).toBe(true)
})
