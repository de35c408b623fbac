import { COUNTIES, COUNTIES_AS_OF } from "./counties.ts"
import type { Problem } from "./problem.ts"

export interface County {
	/** Six digits. */
	readonly code: string
	readonly name: string
	/** Null where the county stands directly under the province. */
	readonly city: string | null
	readonly province: string
	/** The last year whose list has it; null while it exists. */
	readonly lastListed: number | null
}

let table: ReadonlyMap<string, County> | undefined

const read = (): ReadonlyMap<string, County> => {
	const counties = new Map<string, County>()
	let province = ""
	for (const line of COUNTIES.trim().split("\n")) {
		const [head = "", ...entries] = line.split(" ")
		const [, digits = "", title = ""] = /^(\d+)(.*)$/.exec(head) ?? []
		if (digits.length === 2) province = title
		for (const entry of entries) {
			const [name = "", year] = entry.slice(2).split("-")
			const city = title === "" || title === name ? null : title
			const code = digits + entry.slice(0, 2)
			counties.set(code, { code, name, city, province, lastListed: year === undefined ? null : Number(year) })
		}
	}
	return counties
}

/** The county of six digits, or of any code that begins with them; abolished ones too, since codes outlive them. The list is read at the first question. */
export const county = (code: string): County | null => {
	table ??= read()
	return table.get(code.slice(0, 6)) ?? null
}

/** Whether the county of a code is known, or named in `localCounties` (a development zone that numbers parcels under digits of its own). Not part of parsing: the list is only as new as its date. */
export const checkCounty = (code: string, localCounties: ReadonlySet<string> = new Set()): Problem | null => {
	const found = code.slice(0, 6)
	if (localCounties.has(found) || county(found) !== null) return null
	const message = `第 1–6 位「${found}」不在县级行政区划名单(${COUNTIES_AS_OF},含 2000 年以来撤销的)内`
	return { rule: "county-unlisted", position: 1, found, message }
}
