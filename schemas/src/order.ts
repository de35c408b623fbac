import { localDay, type Moment } from "./moment.ts"
import type { EventKey } from "./source.ts"

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What is needed to say which of two events came first. */
export interface Timed {
	readonly key: EventKey
	readonly time: Moment
	readonly byDay: boolean
}

/** The total order that breaks every tie: (time, source, id). A key sorts as its (source, id), for no source holds a character up to `#`. */
export const inOrder = (a: Pick<Timed, "key" | "time">, b: Pick<Timed, "key" | "time">): number => a.time - b.time || compare(a.key, b.key)

/** Whether `a` happened before `b` for sure: inside one day, an event that is known by its day only leaves it open (`semantics.md` §4). */
export const surelyBefore = (a: Omit<Timed, "key">, b: Omit<Timed, "key">): boolean =>
	a.byDay || b.byDay ? localDay(a.time) < localDay(b.time) : a.time < b.time
