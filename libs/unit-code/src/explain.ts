import type { Code } from "./code.ts"
import { COUNTIES_AS_OF } from "./counties.ts"
import { checkCounty, county } from "./county.ts"
import { FIXTURE, OWNERSHIP, RIGHT } from "./features.ts"
import { FIELDS, type FieldName } from "./fields.ts"
import { formatUnitCode } from "./format.ts"
import { compact, normalise } from "./normalise.ts"
import { parseCode } from "./parse.ts"
import { type Problem, shown, type Warning } from "./problem.ts"

const KINDS = {
	unit: "不动产单元代码(28 位)",
	parcel: "宗地代码(19 位)",
	building: "自然幢代码(24 位)",
	"house-code": "全是数字,像房屋编码(FWBM),不是不动产单元代码",
	embedded: "不是代码本身,但文字中夹有代码",
	ocr: "像是识读或录入有误的代码",
	truncated: "像是不完整的代码",
	"too-long": "像是多了字符的代码",
	malformed: "像代码,但不合规则",
	unknown: "看不出是哪一种代码",
} as const

export type Kind = keyof typeof KINDS

export type LevelName = FieldName | "fixture-number"

export interface Level {
	readonly name: LevelName
	readonly title: string
	readonly text: string
	readonly meaning: string
}

/** What might have been meant; always a well-formed code, never used unasked. */
export interface Suggestion {
	readonly code: Code
	readonly reason: string
}

export interface Explanation {
	readonly kind: Kind
	readonly title: string
	/** Null unless the text is a code. */
	readonly code: Code | null
	readonly formatted: string | null
	readonly levels: readonly Level[]
	readonly problems: readonly Problem[]
	readonly warnings: readonly Warning[]
	readonly suggestions: readonly Suggestion[]
}

/** Says what a text is, or what it seems to be and why it is not that, for people and for programs. */
export const explain = (text: string): Explanation => {
	const reading = parseCode(text)
	if (!reading.ok) {
		const { kind, suggestions } = guess(text, reading.problems)
		return { kind, title: KINDS[kind], code: null, formatted: null, levels: [], problems: reading.problems, warnings: [], suggestions }
	}
	const { code } = reading
	const kind = kindOf(code)
	const unlisted = checkCounty(code)
	const warnings = unlisted === null ? reading.warnings : [...reading.warnings, { ...unlisted, rule: "county-unlisted" as const }]
	return { kind, title: KINDS[kind], code, formatted: formatUnitCode(code), levels: levelsOf(code), problems: [], warnings, suggestions: [] }
}

const kindOf = (code: Code) => (code.length === 19 ? "parcel" : code.length === 24 ? "building" : "unit")

const levelsOf = (code: Code): Level[] => {
	const fields = code[19] === "F" ? FIELDS : [...FIELDS.slice(0, 7), { name: "fixture-number" as const, title: "定着物单元号", from: 21, to: 28 }]
	return fields
		.filter(({ from }) => from <= code.length)
		.map(({ name, title, from, to }) => {
			const part = code.slice(from - 1, to)
			return { name, title, text: part, meaning: MEANING[name](part) }
		})
}

const MEANING: Readonly<Record<LevelName, (part: string) => string>> = {
	county: (part) => countyName(part),
	"cadastral-district": (part) => (part === "000" ? "跨地籍区、海域或未落宗" : `该县第 ${part} 号`),
	"cadastral-subdistrict": (part) => (part === "000" ? "跨地籍子区、海域或未落宗" : `该地籍区第 ${part} 号`),
	ownership: (part) => OWNERSHIP[part] ?? part,
	right: (part) => RIGHT[part] ?? part,
	"parcel-serial": (part) => (part === "00000" ? "未编号" : `该地籍子区同类宗地的第 ${Number(part)} 号`),
	fixture: (part) => FIXTURE[part] ?? part,
	building: (part) => (part === "9999" ? "多幢合为一个单元" : `第 ${Number(part)} 幢`),
	premises: (part) => (part === "0000" ? "整幢为一个单元" : `序号 ${part},不是楼层和房号`),
	"fixture-number": (part) => (part === "00000000" ? "只有土地" : `宗地内第 ${Number(part)} 号`),
}

const countyName = (digits: string): string => {
	const found = county(digits)
	if (found === null) return `不在区划名单(${COUNTIES_AS_OF})内`
	const ended = found.lastListed === null ? "" : `(已撤销,最后见于 ${found.lastListed} 年名单)`
	return `${found.province}${found.city ?? ""}${found.name}${ended}`
}

const guess = (text: string, problems: readonly Problem[]): { kind: Kind; suggestions: readonly Suggestion[] } => {
	const normal = normalise(text)
	if (/^(?:\d{26}|\d{28})$/.test(normal)) return { kind: "house-code", suggestions: [] }
	const inside = embedded(text)
	if (inside.length > 0) return { kind: "embedded", suggestions: inside }
	const lengthFits = problems.every(({ rule }) => rule !== "length")
	const repair = lengthFits ? repaired(normal, problems) : []
	if (repair.length > 0) return { kind: "ocr", suggestions: repair }
	if (!looksLikeCode(normal)) return { kind: "unknown", suggestions: [] }
	if (lengthFits) return { kind: "malformed", suggestions: [] }
	const kind = normal.length < 28 ? "truncated" : "too-long"
	const prefixes = [28, 24, 19].flatMap((length) => suggest(normal.slice(0, length), `只取前 ${length} 位`))
	return { kind, suggestions: prefixes.slice(0, 1) }
}

const suggest = (candidate: string, reason: string): Suggestion[] => {
	const reading = parseCode(candidate)
	return reading.ok ? [{ code: reading.code, reason }] : []
}

/** Every misfit replaced by its look-alike; a capital where overflow serials are written small counts as a slip too. */
const repaired = (normal: string, problems: readonly Problem[]): Suggestion[] => {
	const characters = [...normal]
	const slips = problems.flatMap(({ position, found, suggestion = position === 25 ? found.toLowerCase() : found }) => {
		if (position === null || suggestion === found) return []
		characters[position - 1] = suggestion
		return [`第 ${position} 位${shown(found)}或为「${suggestion}」`]
	})
	return suggest(characters.join(""), slips.join(";"))
}

/** A certificate number or an address may carry the code; one public licence list does (…街北2111…00000000双创大厦…). */
const embedded = (text: string): Suggestion[] => {
	const line = compact(text.slice(0, 2000))
	const runs = line.match(/(?<![\dA-Z])\d{12}[GJZ][A-Z]\d{5}(?:[FLQW]\d{4}(?:[\da-z]\d{3})?)?(?![\dA-Z])/gi) ?? []
	return [...new Set(runs)].slice(0, 20).flatMap((run) => suggest(run, `原文中的 ${run.length} 位`))
}

/** At least half a parcel code long, and four characters of five stand where they may. */
const looksLikeCode = (normal: string): boolean => {
	if (normal.length < 13 || normal.length > 40) return false
	const characters = [...normal].slice(0, 28)
	const fitting = characters.filter((character, index) =>
		FIELDS.some(({ from, to, letters }) => from <= index + 1 && index < to && letters.includes(character)),
	)
	return fitting.length >= 0.8 * characters.length && /[GJZ]/.test(normal)
}
