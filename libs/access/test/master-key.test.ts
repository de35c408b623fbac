import { createHmac, hkdfSync } from "node:crypto"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { checkFingerprint, FINGERPRINT, MasterKey, MasterKeyMalformed, MasterKeyMissing, MasterKeyWrong, masterKey, type Settings } from "../src/index.ts"

const KEY = Buffer.alloc(32, 7).toString("base64")
const OTHER = Buffer.alloc(32, 8).toString("base64")

describe("YIMA_KEY", () => {
	test("is read, with a line end around it too", () => {
		expect(masterKey(`${KEY}\n`).fingerprint).toBe(new MasterKey(Buffer.alloc(32, 7)).fingerprint)
	})

	test.each([
		["nothing", ""],
		["31 bytes", Buffer.alloc(31, 7).toString("base64")],
		["33 bytes", Buffer.alloc(33, 7).toString("base64")],
		["hexadecimal", Buffer.alloc(32, 7).toString("hex")],
		["base64url", Buffer.alloc(32, 255).toString("base64url")],
		["stray characters", `${KEY.slice(0, 20)} ${KEY.slice(20)}`],
		["bits beyond the last byte", `${KEY.slice(0, 42)}d=`],
	])("that is %s is refused, told what to do and not repeated", (_, text) => {
		expect(() => masterKey(text)).toThrow(MasterKeyMalformed)
		expect(() => masterKey(text)).toThrow(/YIMA_KEY 应为 32 字节的 base64.*openssl/)
		if (text.length > 3) expect(() => masterKey(text)).not.toThrow(new RegExp(text.slice(0, 10).replace(/[+/]/g, ".")))
	})
})

describe("a blind index", () => {
	test("is HMAC-SHA256 over kind, NUL and normal form, cut to 16 bytes, of texts of any length", () => {
		const key = Buffer.from(hkdfSync("sha256", Buffer.alloc(32, 7), "", "yima blind index v1", 32))
		const master = masterKey(KEY)
		fc.assert(
			fc.property(fc.string({ unit: "grapheme", maxLength: 600, size: "max" }), (text) => {
				const whole = createHmac("sha256", key).update(`name\0${text}`).digest()
				expect(master.blind("name", text)).toBe(whole.subarray(0, 16).toString("base64url"))
			}),
		)
	})

	test("is the same for ever", () => {
		expect(masterKey(KEY).blind("idNumber", "410811190001010016")).toMatchInlineSnapshot(`"2IxeXnCK_5MzuTJZIEc7cA"`)
		expect(masterKey(KEY).fingerprint).toMatchInlineSnapshot(`"25e909dc9988881e"`)
	})

	test("differs by key and by kind", () => {
		const all = [masterKey(KEY).blind("name", "甲三"), masterKey(OTHER).blind("name", "甲三"), masterKey(KEY).blind("phone", "甲三")]
		expect(new Set(all).size).toBe(3)
	})
})

const memorySettings = (): Settings & { readonly held: Map<string, string> } => {
	const held = new Map<string, string>()
	return {
		held,
		read: async (name) => held.get(name) ?? null,
		insert: async (name, value) => {
			if (!held.has(name)) held.set(name, value)
			return held.get(name) ?? value
		},
	}
}

describe("at start", () => {
	test("the first key becomes that of the data, and the same is let in again", async () => {
		const settings = memorySettings()
		await checkFingerprint(settings, null)
		await checkFingerprint(settings, masterKey(KEY))
		await checkFingerprint(settings, masterKey(KEY))
		expect(settings.held.get(FINGERPRINT)).toMatch(/^[0-9a-f]{16}$/)
	})

	test("another key on existing data is refused", async () => {
		const settings = memorySettings()
		await checkFingerprint(settings, masterKey(KEY))
		const refused = checkFingerprint(settings, masterKey(OTHER))
		await expect(refused).rejects.toThrow(MasterKeyWrong)
		await expect(refused).rejects.toThrow(/与库中数据不符.*请换回原来的密钥/)
	})

	test("no key on existing data is refused, and none is made", async () => {
		const settings = memorySettings()
		await checkFingerprint(settings, masterKey(KEY))
		await expect(checkFingerprint(settings, null)).rejects.toThrow(MasterKeyMissing)
	})

	test("of two processes with two keys on empty data one is refused", async () => {
		const settings = memorySettings()
		const slow: Settings = { ...settings, read: async () => null }
		const both = await Promise.allSettled([checkFingerprint(slow, masterKey(KEY)), checkFingerprint(slow, masterKey(OTHER))])
		expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
	})
})
