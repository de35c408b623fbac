import type { Seizure } from "@yima/lifecycle"
import type { Spatial } from "../own.ts"
import { type Answer, both, exactly, notAfter, precedes, type When, whenOf } from "../when.ts"

/** Since and until when a seizure was in effect, as far as it is known. */
const spanOf = (view: Spatial, seizure: Seizure): { readonly from: When; readonly to: When } | null => {
	const { from, to, liftedAt } = seizure
	if (from === null || to === null) return null
	const acts = view.lines.filter((line) => line.type.startsWith("judicial.") && line.byDay)
	const started = acts.find((line) => line.time === from)
	const lifted = acts.find((line) => line.time === liftedAt && seizure.events.includes(line.key))
	return { from: started === undefined ? exactly(from) : whenOf(started), to: lifted === undefined ? exactly(to) : whenOf(lifted) }
}

/** Whether a seizure was in effect then. */
export const wasSeized = (view: Spatial, seizure: Seizure, act: When): Answer => {
	const span = spanOf(view, seizure)
	return span === null ? "no" : both(notAfter(span.from, act), precedes(act, span.to))
}

/** It had not ended by then. */
export const wasOpen = (view: Spatial, seizure: Seizure, act: When): Answer => {
	const span = spanOf(view, seizure)
	return span === null ? "yes" : precedes(act, span.to)
}
