import { randomBytes } from "node:crypto"
import { contactToken, isContactToken, MasterKey, readContactToken } from "@yima/access"
import type { DerivedRow, Recorded } from "@yima/registry"
import { AccountRequestData, type EventKey } from "@yima/schemas"
import { Schema } from "effect"
import { describe, expect, test } from "vitest"
import { type Outgoing, outgoing, type People } from "../src/index.ts"
import { row } from "./stream.ts"

const key = new MasterKey(randomBytes(32))
const TRANSFER = "urn:jz:registry#R-1" as EventKey

const leaving = async (row: DerivedRow, people: People): Promise<Outgoing> => {
	const [text = ""] = await outgoing([row], people, key)
	return JSON.parse(text) as Outgoing
}

/** An application as the log holds it, with everything in it that a company is not to know. */
const body = JSON.stringify({
	data: {
		applicationNo: "SL-1",
		holders: [
			{ name: { cipher: "n1", blind: "bn1" }, idKind: "resident-id", idNumber: { cipher: "i1", blind: "bi1" }, phone: { cipher: "p1", blind: "bp1" } },
			{ name: { cipher: "n2", blind: "bn2" }, idKind: "resident-id", idNumber: { cipher: "i2", blind: "bi2" } },
		],
		totalPriceCny: "800000.00",
	},
})
const PLAIN: Readonly<Record<string, string>> = { n1: "张三", p1: "13800001111", n2: "李四", i1: "410811199001011239" }
const people: People = {
	events: async () => [{ key: TRANSFER, body } as Recorded],
	open: async (values) => values.map(({ cipher }) => PLAIN[cipher] ?? null),
}

const request = {
	requestId: "U-water",
	revision: 2,
	kind: "AMEND",
	unit: "410811001002GB00018F00010001",
	address: "人民路18号",
	service: "water",
	company: "焦作市水务公司",
	accountNo: "W1",
	consentId: "C1",
	holder: { id: "bi1", name: "bn1", kind: "resident-id", in: [TRANSFER] },
}
const said = row(3, 17, {
	type: "utility.account-requested",
	service: "water",
	data: JSON.stringify({ ...request, totalPriceCny: "800000.00", mortgages: ["DY1"] }),
})

describe("an account request, as it leaves", () => {
	test("names the holder by the masked name, and holds what the contract lists and nothing else", async () => {
		const out = await leaving(said, people)
		expect(out).toEqual({
			specversion: "1.0",
			id: "3-17",
			source: "urn:yima:registry",
			type: "yima.utility.account-requested.v1",
			subject: said.subject,
			time: expect.stringMatching(/^1970/),
			causedby: "urn:jz:a#1",
			datacontenttype: "application/json",
			data: { ...request, holder: "张*", contactToken: expect.stringMatching(/^U-water\.2\./) },
		})
		expect(Schema.decodeUnknownSync(AccountRequestData, { onExcessProperty: "error" })(out.data)).toEqual(out.data)
		expect(JSON.stringify(out)).not.toMatch(/张三|李四|13800001111|410811199001011239|800000|DY1|bi1|bn1/)
	})

	test("has no field for price, mortgage, seizure, co-owners or numbers of papers", () => {
		const fields = Object.keys(AccountRequestData.fields)
		expect(fields).toEqual(["requestId", "revision", "kind", "unit", "address", "service", "company", "accountNo", "holder", "contactToken", "consentId"])
		expect(() =>
			Schema.decodeUnknownSync(AccountRequestData, { onExcessProperty: "error" })({ ...request, holder: "张*", contactToken: null, idNumber: "x" }),
		).toThrow()
	})

	test("hides whom nobody can open any more, and shows a company's own name", async () => {
		const erased = await leaving(said, { ...people, open: async (all) => all.map(() => null) })
		expect(erased.data).toMatchObject({ holder: "*" })
		const company = row(3, 18, {
			type: "utility.account-requested",
			data: JSON.stringify({ ...request, holder: { id: "91410800", name: "丹河商贸有限公司", in: [] } }),
		})
		const out = await leaving(company, people)
		expect(out.data).toMatchObject({ holder: "丹河商贸有限公司" })
	})
})

describe("a contact token", () => {
	const contact = { requestId: "U-water", revision: 2, company: "焦作市水务公司" }

	test("is good for the company and the revision that it was given for, and no other", () => {
		const token = contactToken(key, contact)
		expect(readContactToken(token)).toEqual({ requestId: "U-water", revision: 2 })
		expect(isContactToken(key, token, contact)).toBe(true)
		expect(isContactToken(key, token, { ...contact, company: "山阳水务" })).toBe(false)
		expect(isContactToken(key, token, { ...contact, revision: 3 })).toBe(false)
		expect(isContactToken(new MasterKey(randomBytes(32)), token, contact)).toBe(false)
		expect(isContactToken(key, `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`, contact)).toBe(false)
		expect(readContactToken("x")).toBeNull()
	})
})
