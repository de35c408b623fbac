import { builder } from "./builder.ts"

/** By which two times: valid, and known. */
export const TIMES = builder.args((t) => ({ asOf: t.field({ type: "DateTime" }), knownAt: t.field({ type: "DateTime" }) }))

/** Which page of a list. */
export const pageArgs = (usual: number) => builder.args((t) => ({ first: t.int({ defaultValue: usual }), after: t.string() }))

export const TIMELINE_ARGS = builder.args((t) => ({
	families: t.stringList(),
	derived: t.boolean({ defaultValue: false }),
	first: t.int({ defaultValue: 50 }),
	after: t.string(),
}))

/** true: only those; false: only the others; null: all. */
export const OPEN = builder.args((t) => ({ open: t.boolean({ defaultValue: true }) }))
export const ACTIVE = builder.args((t) => ({ active: t.boolean() }))
