import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import type { Sealer } from "@yima/schemas"

const KEY = utf8ToBytes("a fixed key, for tests only")
const digest = (text: string) => bytesToHex(hmac(sha256, KEY, utf8ToBytes(text))).slice(0, 22)

let nonce = 0

/** Seals with a fixed key; the ciphertext differs each time, as a real one's does: nothing may depend on it. */
export const testSealer: Sealer = (kind, normal) => ({ cipher: `sealed-${nonce++}`, blind: digest(`${kind === "idNumber" ? "idNumber" : kind}:${normal}`) })
