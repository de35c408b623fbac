import { isProject, type Scope, scopeOf } from "@yima/schemas"
import { builder } from "./builder.ts"

export type ScopeKind = "PARCEL" | "PROJECT" | "BUILDING" | "UNIT"

export const ScopeEnum = builder.enumType("Scope", { values: ["PARCEL", "PROJECT", "BUILDING", "UNIT"] as const })

/** What kind of thing a code names; null for what is about no place. A whole building is a building, bare land a parcel. */
export const kindOf = (code: Scope | null): ScopeKind | null => {
	if (code === null || code === "registry") return null
	const scope = scopeOf(code)
	if (isProject(scope) || scope === "registry") return "PROJECT"
	return scope.length === 19 ? "PARCEL" : scope.length === 24 ? "BUILDING" : "UNIT"
}

/** As `kindOf`, for what has a place. */
export const placedKind = (code: Scope): ScopeKind => kindOf(code) ?? "PARCEL"
