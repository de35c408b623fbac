import { type Problem, step, type WireEvent } from "@yima/schemas"
import { checkCounty, isBuildingCode, isParcelCode, isUnitCode } from "@yima/unit-code"

/** The fields of the contract that hold codes of parcels, buildings and units, alone or in a list. */
export const CODE_FIELDS: ReadonlySet<string> = new Set(["code", "unit", "units", "buildings", "parcels", "predicted", "from", "to", "subjects"])

/** A list of 20,000 flats in one county that nobody knows is one mistake. */
const MOST_PROBLEMS = 20

const isCode = (text: string) => isUnitCode(text) || isParcelCode(text) || isBuildingCode(text)

/** Codes of counties that neither the shipped list nor this installation's own (*localCounties*) has: refused here alone (`semantics.md` §1). */
export const countyProblems = (event: WireEvent, localCounties: ReadonlySet<string>): readonly Problem[] => {
	const problems: Problem[] = []
	const walk = (value: unknown, field: string, pointer: () => string): void => {
		if (problems.length >= MOST_PROBLEMS) return
		if (typeof value === "string") {
			if (!CODE_FIELDS.has(field) || !isCode(value)) return
			const unlisted = checkCounty(value, localCounties)
			if (unlisted !== null) problems.push({ code: "county", pointer: pointer(), message: unlisted.message })
		} else if (Array.isArray(value)) for (const [at, each] of value.entries()) walk(each, field, () => `${pointer()}/${at}`)
		else if (typeof value === "object" && value !== null)
			for (const [key, each] of Object.entries(value)) if (CODE_FIELDS.has(key)) walk(each, key, () => pointer() + step(key))
	}
	if (event.subject !== null) walk(event.subject, "code", () => "/subject")
	for (const [key, each] of Object.entries(event.data)) if (typeof each === "object" || CODE_FIELDS.has(key)) walk(each, key, () => `/data${step(key)}`)
	return problems
}
