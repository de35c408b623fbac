import { linesOf, type Seizure, type View } from "@yima/lifecycle"
import type { EventKey, Moment } from "@yima/schemas"

/** A seizure that ended by time alone (D09, C10): since when, and the lift that came after all. A late renewal revives nothing. */
export interface Lapse {
	readonly at: Moment
	readonly lift: { readonly at: Moment; readonly event: EventKey } | null
}

export const lapseOf = ({ lines }: Pick<View, "lines">, seizure: Seizure): Lapse | null => {
	if (seizure.state !== "LAPSED" || seizure.from === null || seizure.to === null) return null
	const lift = linesOf(lines, "judicial.seizure-lifted").find((line) => seizure.idle.includes(line.key))
	return { at: seizure.to, lift: lift === undefined ? null : { at: lift.time, event: lift.key } }
}
