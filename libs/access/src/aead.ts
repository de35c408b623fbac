import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from "node:crypto"

const ALGORITHM = "aes-256-gcm"
const NONCE = 12
const TAG = 16

/** Random bytes drawn in one call for many uses: a call costs more than 12 bytes do. Each byte is given out once. */
const pool = Buffer.allocUnsafeSlow(NONCE * 1024)
let used = pool.length

/** `size` fresh random bytes, to be used before the next are asked for: they lie in the pool. */
const fresh = (size: number): Buffer => {
	if (used + size > pool.length) {
		randomFillSync(pool)
		used = 0
	}
	used += size
	return pool.subarray(used - size, used)
}

/** A new random key of 256 bits. */
export const newKey = (): Buffer => {
	const drawn = fresh(32)
	const key = Buffer.from(drawn)
	drawn.fill(0)
	return key
}

const bindings = new Map<string, Buffer>()

/** Kinds are bound again and again, subjects once. */
const MOST_BOUND = 8

const bytesOf = (bound: string): Buffer => {
	const known = bindings.get(bound)
	if (known !== undefined) return known
	const bytes = Buffer.from(bound)
	if (bound.length <= MOST_BOUND) bindings.set(bound, bytes)
	return bytes
}

/** AES-256-GCM under a random nonce: base64url of nonce, ciphertext and tag. `bound` must be the same to open it again. */
export const encrypt = (key: KeyObject, bound: string, plain: string | Uint8Array): string => {
	const nonce = fresh(NONCE)
	const cipher = createCipheriv(ALGORITHM, key, nonce)
	cipher.setAAD(bytesOf(bound))
	const sealed = typeof plain === "string" ? cipher.update(plain, "utf8") : cipher.update(plain)
	cipher.final()
	const bytes = Buffer.allocUnsafe(NONCE + sealed.length + TAG)
	bytes.set(nonce, 0)
	bytes.set(sealed, NONCE)
	bytes.set(cipher.getAuthTag(), NONCE + sealed.length)
	return bytes.toString("base64url")
}

/** Null where key, `bound` or text are not those of the sealing. */
export const decrypt = (key: KeyObject, bound: string, text: string): Buffer | null => {
	const bytes = Buffer.from(text, "base64url")
	if (bytes.length < NONCE + TAG) return null
	const cipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE), { authTagLength: TAG })
	cipher.setAAD(Buffer.from(bound))
	cipher.setAuthTag(bytes.subarray(-TAG))
	try {
		return Buffer.concat([cipher.update(bytes.subarray(NONCE, -TAG)), cipher.final()])
	} catch {
		return null
	}
}
