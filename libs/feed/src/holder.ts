import { type Closed, mask } from "@yima/access"
import type { Recorded } from "@yima/registry"
import type { EventKey, Sealed } from "@yima/schemas"

/** The holder of a request, as the derived stream keeps it: `id` and `name` are blind indexes of a natural person (`kind`), else in clear; `in`: the events that name them. */
export interface KeptHolder {
	readonly id: string
	readonly name: string
	readonly kind?: string
	readonly in: readonly EventKey[]
}

/** Where the persons of requests are read. */
export interface People {
	readonly events: (keys: readonly EventKey[]) => Promise<readonly Recorded[]>
	/** Null, each: nobody can open it any more. */
	readonly open: (values: readonly Closed[]) => Promise<readonly (string | null)[]>
}

interface Person {
	readonly name: Sealed
	readonly phone?: Sealed
}

/** The party with this number, wherever in the data it stands. */
const personIn = (value: unknown, id: string): Person | null => {
	if (typeof value !== "object" || value === null) return null
	if ("idNumber" in value && "name" in value && (value.idNumber as Partial<Sealed> | null)?.blind === id) return value as Person
	for (const each of Object.values(value)) {
		const found = personIn(each, id)
		if (found !== null) return found
	}
	return null
}

export interface Named {
	readonly name: string | null
	readonly phone: string | null
}

/** Names and phones in clear, each null where nobody can open it or it was never said. All in two round trips. */
export const namesOf = async (holders: readonly KeptHolder[], { events, open }: People): Promise<readonly Named[]> => {
	const persons = holders.filter((each) => each.kind !== undefined)
	const bodies = new Map((persons.length === 0 ? [] : await events([...new Set(persons.flatMap((each) => each.in))])).map((each) => [each.key, each.body]))
	const found = holders.map((holder) => {
		if (holder.kind === undefined) return null
		const datas = holder.in.flatMap((key) => bodies.get(key) ?? []).map((body) => (JSON.parse(body) as { readonly data: unknown }).data)
		const stated = datas.flatMap((data) => personIn(data, holder.id) ?? [])
		return { name: stated[0]?.name, phone: stated.findLast((each) => each.phone !== undefined)?.phone }
	})
	const closed: Closed[] = found.flatMap((each) => [
		...(each?.name === undefined ? [] : [{ kind: "name" as const, cipher: each.name.cipher }]),
		...(each?.phone === undefined ? [] : [{ kind: "phone" as const, cipher: each.phone.cipher }]),
	])
	const plain = closed.length === 0 ? [] : await open(closed)
	let at = 0
	const next = (seal: Sealed | undefined): string | null => (seal === undefined ? null : (plain[at++] ?? null))
	return holders.map((holder, n) => {
		const each = found[n]
		if (each === null || each === undefined) return { name: holder.name, phone: null }
		return { name: next(each.name), phone: next(each.phone) }
	})
}

/** 「张*」; what nobody can open is one star. An organisation's name is in clear. */
export const maskedName = ({ kind }: KeptHolder, { name }: Named): string => (name === null ? "*" : kind === undefined ? name : mask("name", name))
