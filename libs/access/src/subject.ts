import type { DataSubject } from "@yima/schemas"
import type { MasterKey } from "./master-key.ts"

/** The first letter of a subject: by what the person is known. */
const BY_NAME = "n"
const BY_PHONE = "t"
const BY_NUMBER: ReadonlyMap<string, string> = new Map([
	["resident-id", "r"],
	["passport", "p"],
	["other", "o"],
])
/** A number without kind, or of a kind that the contract does not know. */
const BY_SOME_NUMBER = "x"

/**
 * The name of a person's key: a letter, and the blind index of what the person is known by. It can be told from a sealed party without
 * any key (its `idKind` and its number's `blind`), which is how the row to erase is found.
 */
export const subjectOf = (master: MasterKey, { kind, idKind, normal }: DataSubject): string => {
	const letter = kind === "name" ? BY_NAME : kind === "phone" ? BY_PHONE : (BY_NUMBER.get(idKind) ?? BY_SOME_NUMBER)
	return letter + master.blind(kind, normal)
}
