import { type AnyFact, at, type States, type View } from "@yima/lifecycle"
import { type EventKey, type Known, type Moment, parseMoment, type Scope } from "@yima/schemas"

export const moment = (text: string): Moment => parseMoment(`${text.replace(" ", "T")}:00+08:00`) as Moment
export const PROJECT = "project:2301-410811-04-01-000001" as Scope
export const BUILDING = "410811001001GB00001F0001" as Scope
export const UNIT = "410811001001GB00001F00010101" as Scope

/** A view of hand-made facts: scope, what happened there, when. */
export const viewOf = (scope: Scope, asOf: string, facts: readonly (readonly [Scope, string, string, object?, object?])[]): View => {
	const states = new Map<Scope, Map<EventKey, { readonly from: Known; readonly value: AnyFact }[]>>()
	for (const [n, [where, type, time, says = {}, more = {}]] of facts.entries()) {
		const state = states.get(where) ?? new Map()
		state.set(`jz/x#${n}` as EventKey, [{ from: 0 as Known, value: { type, time: moment(time), says, ...more } as unknown as AnyFact }])
		states.set(where, state)
	}
	const view = at(scope, states as States, moment(asOf), 1 as Known)
	if (view === null) throw new Error(`nothing is known of ${scope}`)
	return view
}
