import { normalIdNumber, normalName, type SealedParty, sealParty, type WireParty } from "@yima/schemas"
import { describe, expect, test } from "vitest"
import { Keyring, MasterKey, MemoryKeyStore, WrappedKeyBroken } from "../src/index.ts"

const master = new MasterKey(Buffer.alloc(32, 7))
const person = (idNumber: string, name = "乙三·买买提"): WireParty => ({ name, idKind: "resident-id", idNumber, phone: "13900000001" })
const ONE = person("410822190002030130")
const TWO = person("41081119000102002X", "甲四")

type Person = Exclude<SealedParty, { idKind: "uscc" }>

const seal = async (ring: Keyring, ...parties: readonly WireParty[]): Promise<readonly Person[]> => {
	const draft = ring.draft()
	const sealed = parties.map((each) => sealParty(each, draft.sealer)) as Person[]
	await ring.fill([draft])
	return sealed
}

const openAll = (ring: Keyring, { name, idNumber, phone }: Person) =>
	ring.open([
		{ kind: "name", cipher: name.cipher },
		{ kind: "idNumber", cipher: idNumber.cipher },
		{ kind: "phone", cipher: phone?.cipher ?? "" },
	])

describe("a person", () => {
	test("is sealed under a key of its own, in one round trip for a batch, and opens again as it was written", async () => {
		const store = new MemoryKeyStore()
		const ring = new Keyring(master, store)
		const [one, two] = await seal(ring, ONE, TWO)
		expect(store.trips).toBe(1)
		expect(store.keys.size).toBe(2)
		expect(one && (await openAll(ring, one))).toEqual(["乙三·买买提", "410822190002030130", "13900000001"])
		expect(two && (await openAll(new Keyring(master, store), two))).toEqual(["甲四", "41081119000102002X", "13900000001"])
		expect(one?.idNumber.valid).toBe(true)
		expect(one?.name.cipher).toMatch(/^1\.r[\w-]{22}\.[\w-]+$/)
	})

	test("has blind indexes that depend on the master key alone", async () => {
		const [one] = await seal(new Keyring(master, new MemoryKeyStore()), ONE)
		const [again] = await seal(new Keyring(master, new MemoryKeyStore()), { ...ONE, name: "乙三买买提" })
		expect(one?.name.blind).toBe(master.blind("name", normalName("乙三·买买提")))
		expect([again?.name.blind, again?.idNumber.blind, again?.phone?.blind]).toEqual([one?.name.blind, one?.idNumber.blind, one?.phone?.blind])
		expect(again?.name.cipher).not.toBe(one?.name.cipher)
	})

	test("is one person with fifteen digits or eighteen, and its key is found by kind and blind index", async () => {
		const store = new MemoryKeyStore()
		const ring = new Keyring(master, store)
		const [one, old] = await seal(ring, ONE, person("410822000203013"))
		expect(store.keys.size).toBe(1)
		expect(old && (await openAll(ring, old))).toEqual(["乙三·买买提", "410822000203013", "13900000001"])
		const normal = normalIdNumber("resident-id", "410822000203013")
		expect([...store.keys.keys()]).toEqual([ring.subjectOf({ kind: "idNumber", idKind: "resident-id", normal })])
		expect([...store.keys.keys()]).toEqual([`r${one?.idNumber.blind}`])
	})

	test("said again in normal form keeps its ciphertext; other spellings get their own", async () => {
		const ring = new Keyring(master, new MemoryKeyStore())
		const [a] = await seal(ring, TWO)
		const [b] = await seal(ring, TWO)
		const [c] = await seal(ring, { ...TWO, name: "甲 四" })
		const [d] = await seal(ring, { ...TWO, name: "甲五" })
		expect(b?.name.cipher).toBe(a?.name.cipher)
		expect(c && (await openAll(ring, c))[0]).toBe("甲 四")
		expect(d && (await openAll(ring, d))[0]).toBe("甲五")
	})
})

describe("two processes that meet a person at once", () => {
	test("end with one key", async () => {
		const store = new MemoryKeyStore()
		const [here, there] = [new Keyring(master, store), new Keyring(master, store)]
		const [[a], [b]] = await Promise.all([seal(here, ONE), seal(there, ONE)])
		expect(a && b && (await Promise.all([openAll(there, a), openAll(here, b)]))).toEqual([
			["乙三·买买提", "410822190002030130", "13900000001"],
			["乙三·买买提", "410822190002030130", "13900000001"],
		])
	})
})

describe("erasing a key", () => {
	test("leaves blind indexes, opens nothing any more, and what comes later is not kept", async () => {
		const store = new MemoryKeyStore()
		const [ring, elsewhere] = [new Keyring(master, store), new Keyring(master, store)]
		const [before] = await seal(ring, ONE)
		await seal(elsewhere, ONE)
		expect(await ring.erase(`r${before?.idNumber.blind}`)).toBe(true)
		expect(await ring.erase(`r${before?.idNumber.blind}`)).toBe(false)
		expect(await ring.erase(`r${"A".repeat(22)}`)).toBe(false)
		const [after] = await seal(ring, ONE)
		const [late] = await seal(elsewhere, ONE)
		for (const each of [before, after, late]) expect(each && (await openAll(elsewhere, each))).toEqual([null, null, null])
		expect(after?.name.blind).toBe(before?.name.blind)
		expect(after?.name.cipher).toBe(`0.r${before?.idNumber.blind}`)
	})
})

describe("opening", () => {
	test("answers null for what is no seal of that kind, was changed, or has no key", async () => {
		const store = new MemoryKeyStore()
		const ring = new Keyring(master, store)
		const [one] = await seal(ring, ONE)
		const cipher = one?.name.cipher ?? ""
		const changed = cipher.slice(0, -3) + (cipher.at(-3) === "A" ? "B" : "A") + cipher.slice(-2)
		const opened = await ring.open([
			{ kind: "phone", cipher },
			{ kind: "name", cipher: changed },
			{ kind: "name", cipher: "" },
			{ kind: "name", cipher: "1.x.y" },
			{ kind: "name", cipher: cipher.replace(/^1\.r/, "1.p") },
			{ kind: "name", cipher },
		])
		expect(opened).toEqual([null, null, null, null, null, "乙三·买买提"])
	})

	test("under another master key is refused loudly", async () => {
		const store = new MemoryKeyStore()
		const [one] = await seal(new Keyring(master, store), ONE)
		const other = new Keyring(new MasterKey(Buffer.alloc(32, 8)), store)
		await expect(other.open([{ kind: "name", cipher: one?.name.cipher ?? "" }])).rejects.toThrow(WrappedKeyBroken)
	})
})

test("the keys that are remembered are bounded, the least recently used go first", async () => {
	const store = new MemoryKeyStore()
	const ring = new Keyring(master, store, 2)
	const [a, b, c] = [person("E1"), person("E2"), person("E3")]
	await seal(ring, a, b)
	await seal(ring, a)
	await seal(ring, c)
	expect(store.trips).toBe(2)
	await seal(ring, a)
	expect(store.trips).toBe(2)
	await seal(ring, b)
	expect(store.trips).toBe(3)
	expect(store.keys.size).toBe(3)
	await seal(ring, a, b, c)
})
