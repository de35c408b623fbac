import { MemoryIndex } from "@yima/linking"
import type { AnyEvent, EventKey, Known } from "@yima/schemas"
import { entryOf, eventOf } from "@yima/test-kit"
import { expect, test } from "vitest"

const COMPANY = { name: "焦作甲置业有限公司", idKind: "uscc", idNumber: "91410800MA3X00001A" }
const BUYER = { name: "王一", idKind: "resident-id", idNumber: "410811199001010011" }
const pad = (n: number, width: number) => String(n).padStart(width, "0")
const unitOf = (n: number) => `410811001${pad(1 + (n >> 14), 3)}GB00001F${pad(1 + ((n >> 7) % 128), 4)}${pad(1 + (n % 128), 4)}`

const contract = eventOf({
	specversion: "1.0",
	id: "contract",
	source: "urn:jz:housing",
	type: "yima.sales.contract-filed.v1",
	subject: unitOf(0),
	time: "2023-01-01T10:00:00Z",
	data: { contractNo: "HT-0", kind: "presale", seller: COMPANY, buyers: [BUYER], signedOn: "2022-12-31", areaM2: "99", totalPriceCny: "800000" },
})

/** Others' contracts and receipts, two for each flat: the same two events under other names. */
const crowd = (index: MemoryIndex, from: number, to: number) => {
	for (let n = from; n < to; n++) {
		const of = (id: string, more: object): AnyEvent =>
			({
				...contract,
				key: `urn:jz:housing#${id}` as EventKey,
				id,
				subject: unitOf(n),
				mentions: contract.mentions.map((each) => ({ ...each, value: `HT-${n}` })),
				...more,
			}) as AnyEvent
		index.accept({ event: of(`f${n}`, {}), known: (1000 + 2 * n) as Known, partition: 0, offset: BigInt(2 * n) })
		const mentions = [{ kind: "contract-no", value: `HT-${n}`, issuer: null, defines: false, entry: null }]
		index.accept({
			event: of(`p${n}`, { type: "sales.paid-in-full", subject: null, mentions, data: { contractNo: `HT-${n}`, amountCny: "800000.00" } }),
			known: (1001 + 2 * n) as Known,
			partition: 0,
			offset: BigInt(2 * n + 1),
		})
		index.work()
	}
}

const readsOf = (index: MemoryIndex, run: number) => {
	const send = (id: string, type: string, data: object, more: object = {}) =>
		entryOf(
			{ specversion: "1.0", id: `${id}-${run}`, source: "urn:jz:housing", type: `yima.${type}.v1`, time: "2023-03-01T10:00:00Z", data, ...more },
			900_000 + run,
		)
	return [
		send("tax", "tax.deed-tax-paid", { receiptNo: `R-${run}`, amountCny: "8000", contractNo: "HT-7" }),
		send("fix", "sales.paid-in-full", { contractNo: "HT-8", amountCny: "1" }, { corrects: "p8" }),
		send("undo", "sales.retracted", { event: { id: "f9" }, reason: "误报" }),
		send("move", "registrar.resolved", { event: { source: "urn:jz:housing", id: "p10" }, subjects: [unitOf(11)], reason: "核对", by: "登记员" }),
	].map((entry) => {
		index.reads = 0
		index.accept(entry)
		index.work()
		return index.reads
	})
}

test("settling one event among 100,000 reads its own identifiers, family and decisions only: no more than among 100", () => {
	const small = new MemoryIndex()
	crowd(small, 1, 50)
	const large = new MemoryIndex()
	crowd(large, 1, 50_000)
	const [few, many] = [readsOf(small, 0), readsOf(large, 0)]
	expect(large.all().size).toBeGreaterThan(99_900)
	expect(many).toEqual(few)
	expect(Math.max(...many)).toBeLessThan(120)
})
