import type { Line } from "@yima/lifecycle"
import { endOfDay, type LocalDate, localDate, type Moment, startOfDay } from "@yima/schemas"

/** When something happened, as far as it is known: an event that is known by its day only may be any moment of it (`semantics.md` §4). */
export interface When {
	readonly first: Moment
	readonly last: Moment
}

/** Open: the order within the day is not known. */
export type Answer = "yes" | "no" | "open"

export const exactly = (at: Moment): When => ({ first: at, last: at })

export const onDay = (on: LocalDate): When => ({ first: startOfDay(on), last: (endOfDay(on) - 1) as Moment })

export const whenOf = ({ time, byDay }: Pick<Line, "time" | "byDay">): When => (byDay ? onDay(localDate(time)) : exactly(time))

export const precedes = (a: When, b: When): Answer => (a.last < b.first ? "yes" : a.first < b.last ? "open" : "no")

export const no = (answer: Answer): Answer => (answer === "yes" ? "no" : answer === "no" ? "yes" : "open")

/** It had happened by then. */
export const notAfter = (a: When, b: When): Answer => no(precedes(b, a))

export const both = (...answers: readonly Answer[]): Answer => (answers.includes("no") ? "no" : answers.includes("open") ? "open" : "yes")

export const either = (...answers: readonly Answer[]): Answer => (answers.includes("yes") ? "yes" : answers.includes("open") ? "open" : "no")
