/**
 * A natural person's name, number or phone as the log holds it (封存, architecture rule 13).
 * `cipher` opens only with the subject's key; `blind` is a keyed digest of the normal form, which equality, rules and
 * hashes use; `valid` says of an `idNumber` whether its form and check digit are right (C29).
 */
export interface Sealed {
	readonly cipher: string
	readonly blind: string
	readonly valid?: boolean
}

const isSealed = (value: object): value is Sealed => "cipher" in value && "blind" in value

/** Any data with persons by their blind index alone: what may be compared and hashed, for ciphertext differs each time it is made. */
export const blinded = (value: unknown): unknown => {
	if (typeof value !== "object" || value === null) return value
	if (Array.isArray(value)) return value.map(blinded)
	if (isSealed(value)) return value.blind
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, blinded(each)]))
}

export type PersonalKind = "name" | "idNumber" | "phone"

/**
 * The natural person whose data is sealed (数据主体): known by the number of a paper of kind `idKind`, else by the name alone, else by
 * the phone. `normal`: that value in normal form; `idKind` is empty where none is stated.
 */
export interface DataSubject {
	readonly kind: PersonalKind
	readonly idKind: string
	readonly normal: string
}

/**
 * What turns a personal value into its seal. `normal` is the text under the blind index, `plain` what may be opened again, `subject`
 * whose it is: one object for all values of a person. The answer becomes part of the event as it is, so that a sealer may put the
 * ciphertext into it once it has the subject's key.
 */
export type Sealer = (kind: PersonalKind, normal: string, plain: string, subject: DataSubject) => Omit<Sealed, "valid">
