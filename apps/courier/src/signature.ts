import { createHmac, type KeyObject, randomBytes } from "node:crypto"

/** What a secret looks like to its owner (Standard Webhooks): `whsec_` and the base64 of its bytes. */
const PREFIX = "whsec_"

export const newSecret = (): Uint8Array => randomBytes(32)

export const showSecret = (secret: Uint8Array): string => PREFIX + Buffer.from(secret).toString("base64")

/** The headers by which a receiver knows that a body is ours, whole and of now; one signature for each secret that is valid. */
export const signed = (secrets: readonly (KeyObject | Uint8Array)[], id: string, seconds: number, body: string): Readonly<Record<string, string>> => ({
	"webhook-id": id,
	"webhook-timestamp": String(seconds),
	"webhook-signature": secrets.map((secret) => `v1,${createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64")}`).join(" "),
})
