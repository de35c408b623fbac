import { type BuildingCode, type Code, isProject, type ParcelCode, parseCode, type Scope, scopeOf, type UnitCode } from "@yima/schemas"
import { explain, normalise, parseBuildingCode, parseParcelCode, parseUnitCode, type Reading } from "@yima/unit-code"
import type { GraphQLError } from "graphql"
import { refusal } from "./refusal.ts"

/** What is wrong with a code, and what may have been meant: all at once, for people and for programs. */
const badCode = (what: string, text: string, problems: Extract<Reading<never>, { readonly ok: false }>["problems"]): GraphQLError => {
	const { suggestions } = explain(text)
	const meant = suggestions.map(({ code, reason }) => `${code}(${reason})`)
	const wrong = problems.map(({ message }) => message).join(";")
	return refusal("BAD_CODE", `不是${what}:${wrong}${meant.length === 0 ? "" : `;是否指 ${meant.join("、")}`}`, {
		problems: problems.map(({ rule, position, message }) => ({ rule, position, message })),
		suggestions: suggestions.map(({ code }) => code),
	})
}

const reader =
	<C>(what: string, parse: (text: string) => Reading<C>) =>
	(text: string): C => {
		const read = parse(text)
		if (read.ok) return read.code
		throw badCode(what, text, read.problems)
	}

export const unitCodeOf: (text: string) => UnitCode = reader("不动产单元代码(28 位)", parseUnitCode)
export const parcelCodeOf: (text: string) => ParcelCode = reader("宗地代码(19 位)", parseParcelCode)
const buildingOf: (text: string) => BuildingCode = reader("自然幢代码(24 位)", parseBuildingCode)

/** A building by its 24 characters, or by the 28 of the whole building. */
export const buildingCodeOf = (text: string): BuildingCode => {
	const code = normalise(text)
	const scope = code.length === 28 && code.endsWith("0000") ? scopeOf(unitCodeOf(text)) : null
	return scope?.length === 24 ? (scope as BuildingCode) : buildingOf(text)
}

/** A project by its 投资项目统一代码, with or without `project:` before it. */
export const projectOf = (text: string): Scope & `project:${string}` => {
	const code = parseCode(text.startsWith("project:") ? text : `project:${text}`)
	if (code === null || !isProject(code)) throw refusal("BAD_CODE", "不是投资项目统一代码:应为不空且不过长的文本")
	return code
}

/** Anything that an event can be placed on. */
export const subjectOf = (text: string): string => {
	const code = parseCode(text)
	if (code !== null) return code
	const { problems } = explain(text)
	throw badCode("不动产单元、幢、宗地或项目代码", text, problems)
}

/** A thing that can be judged: as `subjectOf`, a project also by its bare code. */
export const scopeCodeOf = (text: string): Scope => scopeOf(text.includes("-") && !text.startsWith("project:") ? projectOf(text) : (subjectOf(text) as Code))

/** The scope of a code or scope. */
export const scopeOfAny = (code: Scope): Scope => (code === "registry" ? code : scopeOf(code))
