import type { View } from "@yima/lifecycle"
import type { EventKey, Moment } from "@yima/schemas"
import { lineBy } from "./own.ts"

/** When an event of a view happened: a condition is as it is since then, whatever earlier day its document states. */
export const timeOf = (view: Pick<View, "lines">, key: EventKey): Moment | null => lineBy(view, key)?.time ?? null

/** The later of two moments; null: one of them is not known. */
export const later = (a: Moment | null, b: Moment | null): Moment | null => (a === null || b === null ? null : (Math.max(a, b) as Moment))
