import { createHash } from "node:crypto"

/** An index holds no row of more than 2,704 bytes; beside the id there is the event's key, of at most a thousand. */
const LONGEST = 800

/** An identifier as it is kept: itself, or, where it is too long for an index, its digest. Two different ones never meet. */
export const storedId = (id: string): string =>
	id.length * 3 <= LONGEST || Buffer.byteLength(id) <= LONGEST ? id : `sha256 ${createHash("sha256").update(id).digest("hex")}`

/** Rows of these ids under the ids that were asked for. */
export const asAsked = <R extends { readonly id: string }>(ids: readonly string[], rows: readonly R[]): readonly R[] => {
	const asked = new Map(ids.flatMap((id) => (storedId(id) === id ? [] : [[storedId(id), id]])))
	return asked.size === 0 ? rows : rows.map((row) => ({ ...row, id: asked.get(row.id) ?? row.id }))
}
