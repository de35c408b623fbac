import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { checkFingerprint, Keyring, type KeyStore, MasterKey, MasterKeyMissing, MasterKeyWrong, type Settings } from "@yima/access"
import { type EmbeddedDatabase, startEmbeddedDatabase } from "@yima/embedded-postgres"
import { connect, migrate, personKeys, settings } from "@yima/registry"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

let folder: string
let database: EmbeddedDatabase
let pool: ReturnType<typeof connect>

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "yima-keys-"))
	database = await startEmbeddedDatabase(folder)
	await migrate(database.connectionString)
	pool = connect({ connectionString: database.connectionString })
})
afterAll(async () => {
	await pool?.end()
	await database?.stop()
	await rm(folder, { recursive: true, force: true })
})

const master = new MasterKey(Buffer.alloc(32, 7))
const offer = (from: number, to: number, by: string) => new Map(Array.from({ length: to - from }, (_, at) => [`r${from + at}`, `${by}${from + at}`]))

describe("persons' keys in PostgreSQL", () => {
	test("of many processes that offer at once, all get the same key for each subject", async () => {
		const store: KeyStore = personKeys(pool)
		const answers = await Promise.all(Array.from({ length: 8 }, (_, by) => store.ensure(offer(by * 50, by * 50 + 300, `${by}-`))))
		const standing = new Map<string, string | null>()
		for (const [by, answer] of answers.entries()) {
			expect(answer.size).toBe(300)
			for (const [subject, wrapped] of answer) {
				expect(subject).toMatch(/^r\d+$/)
				expect(standing.get(subject) ?? wrapped, `${by} ${subject}`).toBe(wrapped)
				standing.set(subject, wrapped)
			}
		}
		expect(await store.find([...standing.keys(), "unknown"])).toEqual(standing)
	})

	test("an erased one stays erased, whoever offers again", async () => {
		const store: KeyStore = personKeys(pool)
		await store.ensure(new Map([["r-erased", "first"]]))
		expect([await store.erase("r-erased"), await store.erase("r-erased"), await store.erase("r-nobody")]).toEqual([true, false, false])
		expect(await store.ensure(new Map([["r-erased", "second"]]))).toEqual(new Map([["r-erased", null]]))
	})

	test("seal and open through two processes", async () => {
		const [here, there] = [new Keyring(master, personKeys(pool)), new Keyring(master, personKeys(pool))]
		const draft = here.draft()
		const seal = draft.sealer("name", "甲三", "甲三", { kind: "name", idKind: "", normal: "甲三" })
		await here.fill([draft])
		expect(await there.open([{ kind: "name", cipher: seal.cipher }])).toEqual(["甲三"])
	})
})

test("the master key of the data is written once and asked for at each start", async () => {
	const stored: Settings = settings(pool)
	const other = new MasterKey(Buffer.alloc(32, 8))
	const both = await Promise.allSettled([checkFingerprint(stored, master), checkFingerprint(stored, master)])
	expect(both.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"])
	await expect(checkFingerprint(stored, other)).rejects.toThrow(MasterKeyWrong)
	await expect(checkFingerprint(stored, null)).rejects.toThrow(MasterKeyMissing)
})
