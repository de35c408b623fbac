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

/** What turns a personal value into its seal. `normal` is the text under the blind index, `plain` what may be opened again. */
export type Sealer = (kind: "name" | "idNumber" | "phone", normal: string, plain: string) => Omit<Sealed, "valid">
