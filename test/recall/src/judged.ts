import { at, type States } from "@yima/lifecycle"
import { type Finding, findings, sceneOf } from "@yima/rules"
import { type Known, type Moment, type Scope, startOfDay, type LocalDate } from "@yima/schemas"
import { city, DEMO_CITY, type Report } from "@yima/seeds"
import { entryOf, incremental } from "@yima/test-kit"

const LATEST = Number.MAX_SAFE_INTEGER as Known

/** The city's reports, linked in the order in which they came. */
export const statesOf = (reports: readonly Report[]): States => {
	const entries = reports.map((json, n) => entryOf({ ...json }, n + 1, 0, n))
	return incremental({ batches: [entries] }).states
}

/** The end of the demo city's time. */
export const END = (startOfDay(DEMO_CITY.until as LocalDate) + 86_400_000_000) as Moment

/** Every finding that is open on some scope, each where it stands. */
export const findingsOf = (states: States, asOf: Moment = END): readonly Finding[] =>
	[...states.keys()].flatMap((scope: Scope) => {
		const view = at(scope, states, asOf, LATEST)
		return view === null ? [] : findings(view, sceneOf(view, asOf))
	})

export const demoReports = (): readonly Report[] => [...city(DEMO_CITY)]
