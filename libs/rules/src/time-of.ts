import type { Line } from "@yima/lifecycle"
import type { EventKey, Moment } from "@yima/schemas"

/** When an event of a view happened: a condition is as it is since then, whatever earlier day its document states. */
export const timeOf = ({ lines }: { readonly lines: readonly Line[] }, key: EventKey): Moment | null => lines.find((line) => line.key === key)?.time ?? null

/** The later of two moments; null: one of them is not known. */
export const later = (a: Moment | null, b: Moment | null): Moment | null => (a === null || b === null ? null : (Math.max(a, b) as Moment))
