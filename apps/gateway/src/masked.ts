import { mask } from "@yima/access"
import type { PersonalKind, Sealed } from "@yima/schemas"
import type { Reading } from "./reading.ts"

const isSealed = (value: object): value is Sealed => "cipher" in value && "blind" in value

const KINDS: ReadonlySet<string> = new Set<PersonalKind>(["name", "idNumber", "phone"])

/** What nobody here can open is shown as one star. */
const HIDDEN = "*"

/** A personal value as everyone may see it: 「张*」 where it can be opened, else 「*」. */
export const maskedValue = async (kind: PersonalKind, { cipher }: Pick<Sealed, "cipher">, reading: Reading): Promise<string> => {
	const plain = await reading.opened({ kind, cipher })
	return plain === null ? HIDDEN : mask(kind, plain)
}

/** A natural person, as one stands in data that did not pass the door: it has a number of some paper, and is no organisation. */
const isOpenPerson = (value: object): boolean => ("idKind" in value ? value.idKind !== "uscc" : "idNumber" in value)

/** Any data with every natural person in it masked. */
export const maskedData = async (value: unknown, reading: Reading, field = ""): Promise<unknown> => {
	if (typeof value !== "object" || value === null) return value
	if (Array.isArray(value)) return Promise.all(value.map((each) => maskedData(each, reading, field)))
	if (isSealed(value)) return maskedValue(KINDS.has(field) ? (field as PersonalKind) : "name", value, reading)
	const isPerson = isOpenPerson(value)
	const entries = Object.entries(value).map(async ([key, each]: [string, unknown]) => {
		const open = (isPerson ? KINDS.has(key) : key === "phone") && (typeof each === "string" || typeof each === "number")
		return [key, open ? mask(key as PersonalKind, String(each)) : await maskedData(each, reading, key)] as const
	})
	return Object.fromEntries(await Promise.all(entries))
}

/** The seal under this blind index, wherever in the data it stands. */
export const sealedUnder = (blind: string, value: unknown): Sealed | null => {
	if (typeof value !== "object" || value === null) return null
	if (!Array.isArray(value) && isSealed(value)) return value.blind === blind ? value : null
	for (const each of Object.values(value)) {
		const found = sealedUnder(blind, each)
		if (found !== null) return found
	}
	return null
}

/** Data with its seals opened again, as its sender wrote it; what nobody can open stays sealed. */
export const unsealed = async (value: unknown, reading: Reading, field = ""): Promise<unknown> => {
	if (typeof value !== "object" || value === null) return value
	if (Array.isArray(value)) return Promise.all(value.map((each) => unsealed(each, reading, field)))
	if (isSealed(value)) return (KINDS.has(field) ? await reading.opened({ kind: field as PersonalKind, cipher: value.cipher }) : null) ?? value
	const entries = Object.entries(value).map(async ([key, each]) => [key, await unsealed(each, reading, key)] as const)
	return Object.fromEntries(await Promise.all(entries))
}
