import { type IdKind, isIdNumberValid } from "@yima/schemas"
import { plain } from "./cell.ts"

/** 当事人 as events have it. */
export interface Party {
	readonly name: string
	readonly idKind: IdKind
	readonly idNumber: string
	readonly share?: string
	readonly phone?: string
}

const KINDS: readonly (readonly [RegExp, IdKind])[] = [
	[/统一社会信用代码|营业执照|组织机构/, "uscc"],
	[/身份证|户口簿/, "resident-id"],
	[/护照/, "passport"],
	[/./, "other"],
]

/** Which paper a number is of: as it is named, else as it is formed. */
export const idKindOf = (number: string, named: string | undefined): IdKind => {
	if (named !== undefined) return KINDS.find(([pattern]) => pattern.test(named))?.[1] ?? "other"
	const text = plain(number).toUpperCase()
	if (isIdNumberValid("resident-id", text) || /^\d{15}$/.test(text)) return "resident-id"
	// A resident id with a slip is still one: it starts with a county and holds a date.
	if (/^[1-6]\d{5}(?:19|20)\d{9}[\dX]$/.test(text)) return "resident-id"
	if (/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text)) return "uscc"
	return /^[A-Z]{1,2}\d{7,9}$/.test(text) ? "passport" : "other"
}

/** An organisation's name with its credit code glued to it; null: none is. */
export const gluedOf = (text: string): { readonly name: string; readonly number: string } | null => {
	const [, name = "", number = ""] = /^(.*\p{Script=Han})[\s((]*([0-9A-HJ-NPQRTUWXY]{18})[))]?(?:\(\d+-\d+\))?$/u.exec(text.normalize("NFKC")) ?? []
	return name !== "" && isIdNumberValid("uscc", number) ? { name, number } : null
}
