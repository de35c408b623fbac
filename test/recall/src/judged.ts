import { readFileSync } from "node:fs"
import { at, type States } from "@yima/lifecycle"
import { type Finding, findings, sceneOf } from "@yima/rules"
import { endOfDay, type Known, type LocalDate, type Moment } from "@yima/schemas"
import { city, DEMO_CITY } from "@yima/seeds"
import { entryOf, incremental, type Json } from "@yima/test-kit"

const LATEST = Number.MAX_SAFE_INTEGER as Known

/** What `npm start` loads: one building's story, then the city. */
const demoReports = (): readonly Json[] => [
	...readFileSync(new URL("../../../seeds/stories/building.ndjson", import.meta.url), "utf8")
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as Json),
	...[...city(DEMO_CITY)].map((report) => ({ ...report })),
]

const statesOf = (reports: readonly Json[]): States => incremental({ batches: [reports.map((json, n) => entryOf(json, n + 1, 0, n))] }).states

/** The end of the city's time. */
export const END: Moment = endOfDay(DEMO_CITY.until as LocalDate)

export interface Judged {
	readonly reports: number
	readonly scopes: number
	/** Every finding that is open, each on the scope where it stands. */
	readonly findings: readonly Finding[]
}

/** Judges every scope of the demo as of the end of its time, by all that is known then. */
export const judgedDemo = (): Judged => {
	const reports = demoReports()
	const states = statesOf(reports)
	const open = [...states.keys()].flatMap((scope) => {
		const view = at(scope, states, END, LATEST)
		return view === null ? [] : findings(view, sceneOf(view, END))
	})
	return { reports: reports.length, scopes: states.size, findings: open }
}
