import { type BuildingCode, buildingOf, isBuildingCode, isParcelCode, isPseudo, isUnitCode, normalise, type ParcelCode, type UnitCode } from "@yima/unit-code"
import type { Brand } from "./brand.ts"
import { normalForm } from "./identifier.ts"

/** 投资项目统一代码, in normal form. */
export type ProjectCode = Brand<string, "project code">

/** What an event can name: a parcel (19), a building (24), a unit (28; …0000 a whole building, …W00000000 bare land) or a project. */
export type Code = ParcelCode | BuildingCode | UnitCode | `project:${ProjectCode}`

/** Where facts stand: as `Code`, but a whole building is its building, bare land its parcel, and `registry` holds what is about none of them. */
export type Scope = Code | "registry"

/** P parcel 宗地, B building 幢, U unit 户, J project 项目. */
export type Level = "P" | "B" | "U" | "J"

export const isProject = (code: Scope): code is `project:${ProjectCode}` => code.startsWith("project:")

/** 19, 24 and 28 characters are told apart by their length; a whole building and bare land count as units here. */
export const levelOf = (code: Code): Level => (isProject(code) ? "J" : code.length === 19 ? "P" : code.length === 24 ? "B" : "U")

/** Where the facts of something named `code` stand (`semantics.md` §1). */
export const scopeOf = (code: Code): Scope => {
	if (isProject(code) || code.length !== 28) return code
	const tail = code.slice(19)
	if (tail === "W00000000") return code.slice(0, 19) as ParcelCode
	return tail[0] === "F" && tail.endsWith("0000") ? (code.slice(0, 24) as BuildingCode) : code
}

/** Whether a code is one of `codes` or lies within one: 19 ⊂ 24 ⊂ 28. Built once, asked often. */
export const withinAny = (codes: Iterable<Scope>): ((code: Scope) => boolean) => {
	const held = new Set<string>(codes)
	return (code) => held.has(code) || held.has(code.slice(0, 24)) || held.has(code.slice(0, 19))
}

/** Whether a code is one of `codes`, lies within one or holds one. */
export const relatedToAny = (codes: readonly Scope[]): ((code: Scope) => boolean) => {
	const [within, above] = [withinAny(codes), ancestorsOf(codes)]
	return (code) => within(code) || above.has(code)
}

/** The parcels and buildings in which some of `codes` lie, themselves left out. */
export const ancestorsOf = (codes: Iterable<Scope>): ReadonlySet<string> => {
	const found = new Set<string>()
	for (const code of codes) for (const width of [19, 24]) if (code.length > width) found.add(code.slice(0, width))
	return found
}

/** The parcel of a code, null for a project. */
export const parcelOfCode = (code: Scope): ParcelCode | null => (code === "registry" || isProject(code) ? null : (code.slice(0, 19) as ParcelCode))

/** The building that a code lies in or is; null for parcels, bare land, fixtures without a building and multi-building units. */
export const buildingOfCode = (code: Scope): BuildingCode | null => {
	if (code === "registry" || isProject(code) || code.length < 24) return null
	return code.length === 24 ? (code as BuildingCode) : buildingOf(code as UnitCode)
}

/** True for codes of no parcel (`semantics.md` §1): accepted, and parked as NOT_ON_A_PARCEL. */
export const isPseudoCode = (code: Code): boolean => !isProject(code) && isPseudo(code as UnitCode | ParcelCode | BuildingCode)

/** The longest 投资项目统一代码 that is read; real ones have 24 characters. */
const LONGEST_PROJECT = 200

/** The scope that a text in a `subject` names, or null. */
export const parseCode = (text: string): Code | null => {
	if (text.startsWith("project:")) {
		const project = text.length > 8 + LONGEST_PROJECT ? "" : normalProject(text.slice(8))
		return project === "" || project.length > LONGEST_PROJECT ? null : `project:${project}`
	}
	const code = normalise(text)
	return isUnitCode(code) || isParcelCode(code) || isBuildingCode(code) ? code : null
}

/** A 投资项目统一代码 in normal form: as any identifier's, so that a subject and a number in a field meet. */
export const normalProject = (text: string) => normalForm(text) as ProjectCode
