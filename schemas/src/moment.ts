import type { Brand } from "./brand.ts"

/**
 * When something was true: microseconds since 1970-01-01T00:00:00Z.
 * A double holds every microsecond until 2255 and every local midnight far beyond.
 */
export type Moment = Brand<number, "valid µs">

/** When the registry learned of it (`recordedtime`), in the same unit; a brand of its own so that asOf and knownAt cannot be swapped. */
export type Known = Brand<number, "recorded µs">

/** A calendar date `YYYY-MM-DD` as the departments print it, in China's one time zone (+08:00, no summer time since 1991). */
export type LocalDate = Brand<string, "date">

const DAY = 86_400_000_000
const OFFSET = 8 * 3_600_000_000

const date = /^\d{4}-\d\d-\d\d$/
const moment = /^\d{4}-\d\d-\d\d[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (LENGTHS[month - 1] ?? 0))

/** Days since 1970 of the date that a text begins with; null where the calendar has no such day. */
const dayNumber = (text: string): number | null => {
	const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
	return day < 1 || day > daysIn(year, month) ? null : Date.UTC(year, month - 1, day) / 86_400_000
}

/** True for a date that the calendar has (2023-02-30 is none), from 1900 on: earlier ones are empty cells in disguise. */
export const isLocalDate = (text: string): text is LocalDate => date.test(text) && text >= "1900" && dayNumber(text) !== null

/**
 * An RFC 3339 moment as microseconds, or null where the text is none. An offset is required; a leap second
 * is read as the next minute's start; digits below the microsecond are cut, as PostgreSQL keeps none.
 */
export const parseMoment = (text: string): Moment | null => {
	const parts = moment.exec(text)
	if (!parts) return null
	const [, h, m, s, fraction = "", sign, oh = "0", om = "0"] = parts
	const days = dayNumber(text)
	const [hour, minute, second] = [Number(h), Number(m), Number(s)]
	const [offsetHour, offsetMinute] = [Number(oh), Number(om)]
	if (days === null || hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59 || (second === 60 && minute !== 59)) return null
	const offset = (sign === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute)
	const seconds = hour * 3600 + minute * 60 + second - offset * 60
	return (days * DAY + seconds * 1_000_000 + (fraction === "" ? 0 : Number(fraction.padEnd(6, "0").slice(0, 6)))) as Moment
}

const RANGE = { from: parseMoment("1900-01-01T00:00:00+08:00") as number, to: parseMoment("2200-01-01T00:00:00+08:00") as number }

/** An event's own time may be this much ahead of its arrival, µs: clocks differ, and days begin elsewhere. */
export const AHEAD = DAY

/** Whether a moment lies where microseconds are exact and events can have happened: 1900 to 2199. */
export const isPlausible = (at: Moment): boolean => at >= RANGE.from && at < RANGE.to

/** The canonical text of a moment: UTC, six decimals. `parseMoment` reads it back to the same number. */
export const formatMoment = (at: Moment | Known): string => {
	const millis = Math.floor(at / 1000)
	return `${new Date(millis).toISOString().slice(0, -1)}${String(at - millis * 1000).padStart(3, "0")}Z`
}

/** Local midnight at which a date begins. */
export const startOfDay = (on: LocalDate): Moment => ((dayNumber(on) ?? 0) * DAY - OFFSET) as Moment

/** Local midnight (24:00) at which a period that includes `on` ends (`events.md`, values). */
export const endOfDay = (on: LocalDate): Moment => (startOfDay(on) + DAY) as Moment

/** The local day of a moment, as days since 1970: equal numbers are the same day in China. */
export const localDay = (at: Moment): number => Math.floor((at + OFFSET) / DAY)

/** The local date of a moment. */
export const localDate = (at: Moment): LocalDate => new Date(localDay(at) * 86_400_000).toISOString().slice(0, 10) as LocalDate

/** Whether a moment is exactly a local midnight: such a `time` is known by its day only, unless the sender says otherwise. */
export const isMidnight = (at: Moment): boolean => (at + OFFSET) % DAY === 0

/** 24:00 of the day `days` after the day of `at`: a day count starts the day after (`semantics.md` §9). */
export const endOfDayAfter = (at: Moment, days: number): Moment => ((localDay(at) + days + 1) * DAY - OFFSET) as Moment

/** 24:00 of the same day of the month `months` later, or of that month's last day (期间按月计算). */
export const endOfMonthsAfter = (at: Moment, months: number): Moment => {
	const from = new Date(localDay(at) * 86_400_000)
	const month = from.getUTCFullYear() * 12 + from.getUTCMonth() + months
	const day = Math.min(from.getUTCDate(), daysIn(Math.floor(month / 12), (month % 12) + 1))
	return (Date.UTC(Math.floor(month / 12), month % 12, day + 1) * 1000 - OFFSET) as Moment
}
