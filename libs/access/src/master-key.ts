import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from "node:crypto"
import { decrypt, encrypt } from "./aead.ts"

/** `YIMA_KEY` is not a key. Says what is expected, never what was given. */
export class MasterKeyMalformed extends Error {
	readonly _tag = "MasterKeyMalformed"
	constructor(found: string) {
		super(`YIMA_KEY 应为 32 字节的 base64(44 个字符,以 = 结尾),现有 ${found.length} 个字符。可用 openssl rand -base64 32 生成;已有数据时须用原来的密钥`)
	}
}

/** A wrapped key does not open: it was made under another master key, or damaged. */
export class WrappedKeyBroken extends Error {
	readonly _tag = "WrappedKeyBroken"
	constructor(subject: string) {
		super(`个人密钥 ${subject} 不能用现在的 YIMA_KEY 打开:密钥不符,或数据已损坏`)
	}
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/** The first 16 bytes of a digest in base64url, enough that no two persons of a country meet by chance: 21 characters, and two of the six bits of the next. */
const first16 = (digest: string): string => digest.slice(0, 21) + BASE64URL.charAt(BASE64URL.indexOf(digest.charAt(21)) & 0b110000)

/** SHA-256 works on blocks of 64 bytes; a key of 32 is filled with zeros (RFC 2104). */
const BLOCK = 64

/**
 * What follows from `YIMA_KEY`, by HKDF-SHA256 (RFC 5869) under four labels, so that none tells of another: the key of blind indexes,
 * the key under which persons' keys are wrapped, the key of contact tokens, and a fingerprint that names the master key without giving it away.
 */
export class MasterKey {
	/** 16 hexadecimal digits. */
	readonly fingerprint: string
	readonly #wrapping: KeyObject
	readonly #contact: KeyObject
	readonly #inner: Buffer
	readonly #outer: Buffer
	readonly #slow: KeyObject

	constructor(secret: Uint8Array) {
		const derived = (label: string) => Buffer.from(hkdfSync("sha256", secret, "", `yima ${label} v1`, 32))
		this.fingerprint = derived("fingerprint").toString("hex", 0, 8)
		this.#wrapping = createSecretKey(derived("wrapping"))
		this.#contact = createSecretKey(derived("contact token"))
		const blind = derived("blind index")
		this.#slow = createSecretKey(blind)
		this.#inner = Buffer.alloc(1024, 0x36)
		this.#outer = Buffer.alloc(BLOCK + 32, 0x5c)
		for (const [at, byte] of blind.entries()) {
			this.#inner[at] = byte ^ 0x36
			this.#outer[at] = byte ^ 0x5c
		}
	}

	/**
	 * Blind index of a normal form: HMAC-SHA256 over `kind`, NUL and the value, the first 16 bytes as base64url. Equal keys and equal
	 * values give equal indexes, for ever: hashes rest on them.
	 */
	blind(kind: string, normal: string): string {
		const text = `${kind}\0${normal}`
		// No UTF-8 is longer than three bytes for each UTF-16 unit.
		if (text.length * 3 > this.#inner.length - BLOCK) return first16(createHmac("sha256", this.#slow).update(text).digest("base64url"))
		// HMAC written out, H(outer ‖ H(inner ‖ text)): two one-shot digests cost 0.6 of one `createHmac`, and this is done for every value.
		const length = this.#inner.write(text, BLOCK)
		this.#outer.write(hash("sha256", this.#inner.subarray(0, BLOCK + length), "binary"), BLOCK, "binary")
		return first16(hash("sha256", this.#outer, "base64url"))
	}

	/** Tells that a contact token was given out by us (`contactToken`): HMAC-SHA256, base64url. */
	contactTag(text: string): string {
		return createHmac("sha256", this.#contact).update(text).digest("base64url")
	}

	/** A person's key as it is stored: sealed, and bound to its subject. */
	wrap(subject: string, key: Uint8Array): string {
		return encrypt(this.#wrapping, subject, key)
	}

	/** Fails with `WrappedKeyBroken`. */
	unwrap(subject: string, wrapped: string): Buffer {
		const key = decrypt(this.#wrapping, subject, wrapped)
		if (key === null) throw new WrappedKeyBroken(subject)
		return key
	}
}

/** Reads `YIMA_KEY`. Fails with `MasterKeyMalformed`. */
export const masterKey = (base64: string): MasterKey => {
	const text = base64.trim()
	const secret = Buffer.from(text, "base64")
	if (secret.length !== 32 || secret.toString("base64") !== text) throw new MasterKeyMalformed(text)
	return new MasterKey(secret)
}
