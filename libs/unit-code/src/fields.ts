import { FIXTURE, OWNERSHIP, RIGHT } from "./features.ts"

export type FieldName =
	| "county"
	| "cadastral-district"
	| "cadastral-subdistrict"
	| "ownership"
	| "right"
	| "parcel-serial"
	| "fixture"
	| "building"
	| "premises"

export interface Field {
	readonly name: FieldName
	readonly title: string
	readonly from: number
	readonly to: number
	/** The rule that a character outside `letters` breaks. */
	readonly rule: "digit" | "ownership-letter" | "right-letter" | "fixture-letter"
	readonly letters: string
}

const DIGITS = "0123456789"
const lettersOf = (table: Readonly<Record<string, string>>) => Object.keys(table).join("")

/** The 28 characters from left to right, positions counted from 1. Seven levels by the standard; the two letters of 宗地特征码 and 幢 and 户 are shown apart. */
export const FIELDS: readonly Field[] = [
	{ name: "county", title: "县级行政区划", from: 1, to: 6, rule: "digit", letters: DIGITS },
	{ name: "cadastral-district", title: "地籍区", from: 7, to: 9, rule: "digit", letters: DIGITS },
	{ name: "cadastral-subdistrict", title: "地籍子区", from: 10, to: 12, rule: "digit", letters: DIGITS },
	{ name: "ownership", title: "土地所有权类型", from: 13, to: 13, rule: "ownership-letter", letters: lettersOf(OWNERSHIP) },
	{ name: "right", title: "宗地权利类型", from: 14, to: 14, rule: "right-letter", letters: lettersOf(RIGHT) },
	{ name: "parcel-serial", title: "宗地顺序号", from: 15, to: 19, rule: "digit", letters: DIGITS },
	{ name: "fixture", title: "定着物特征码", from: 20, to: 20, rule: "fixture-letter", letters: lettersOf(FIXTURE) },
	{ name: "building", title: "幢号", from: 21, to: 24, rule: "digit", letters: DIGITS },
	{ name: "premises", title: "户号", from: 25, to: 28, rule: "digit", letters: DIGITS },
]
