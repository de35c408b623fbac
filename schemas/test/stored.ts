import { readdirSync, readFileSync } from "node:fs"
import type { Sealer } from "../src/index.ts"

/** A CloudEvent as a department sent it. */
export type Json = Readonly<Record<string, unknown>>

const folder = new URL("../corpus/", import.meta.url)

/** The corpus: what departments send, kept for ever, so that no later version of a type may lose the power to read it. */
export const stored: readonly { readonly where: string; readonly event: Json }[] = readdirSync(folder)
	.sort()
	.flatMap((file) =>
		readFileSync(new URL(file, folder), "utf8")
			.trimEnd()
			.split("\n")
			.map((line, at) => ({ where: `${file}:${at + 1}`, event: JSON.parse(line) as Json })),
	)

/** The first stored event of a wire type's short name, changed: fields with the value undefined are left out. */
export const example = (name: string, envelope: Json = {}, data: Json = {}): Json => {
	const found = stored.find(({ event }) => event["type"] === `yima.${name}.v1`)
	if (found === undefined) throw new Error(`the corpus has no ${name}`)
	const body = "data" in envelope ? envelope["data"] : { ...(found.event["data"] as Json), ...data }
	return JSON.parse(JSON.stringify({ ...found.event, ...envelope, data: body })) as Json
}

let nonce = 0

/** Seals so that tests can read it: the blind index is the normal form itself, the ciphertext differs each time. */
export const openSealer: Sealer = (kind, normal) => ({ cipher: `sealed-${nonce++}`, blind: `${kind}:${normal}` })
