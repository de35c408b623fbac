/** Days since 2000-01-01: what a plan is made of. */
export type Day = number

const EPOCH = Date.UTC(2000, 0, 1)
const DAY = 86_400_000

export const dayOf = (on: string): Day => Math.round((Date.parse(`${on}T00:00:00Z`) - EPOCH) / DAY)

/** `YYYY-MM-DD`. */
export const on = (day: Day): string => new Date(EPOCH + Math.floor(day) * DAY).toISOString().slice(0, 10)

export const yearOf = (day: Day): string => on(day).slice(0, 4)

/** RFC 3339 at +08:00; whole days are local midnight, a fraction is the time of day, to the second. */
export const at = (day: Day): string => `${new Date(EPOCH + Math.round((day * DAY) / 1000) * 1000).toISOString().slice(0, 19)}+08:00`
