import { endOfDayAfter, type LocalDate, localDay, type Moment, startOfDay } from "@yima/schemas"
import arranged from "chinese-days/dist/chinese-days.json" with { type: "json" }
import type { RuleSet } from "./rule-set.ts"

/** 工作日历: China's working days with holidays and make-up days, and the offices' hours. */
export interface Calendar {
	readonly isWorkingDay: (on: LocalDate) => boolean
	/** Whether the arrangement of a year is known, from the State Council or the rule set; else every Monday to Friday counts as a working day. */
	readonly knows: (year: number) => boolean
	/** 24:00 of the `days`-th working day after the day of `at`. */
	readonly endOfWorkingDays: (at: Moment, days: number) => Moment
	/** The moment at which `hours` of office time have run since `at`. */
	readonly afterWorkingHours: (at: Moment, hours: number) => Moment
	/** How many working days have begun after the day of `from`, up to the day of `to`. */
	readonly workingDaysBetween: (from: Moment, to: Moment) => number
}

const MINUTE = 60_000_000

/** Days are counted as whole numbers: a limit looks at many. */
const dayOf = (on: string): number => localDay(startOfDay(on as LocalDate))
const daysOf = (all: readonly string[]): ReadonlySet<number> => new Set(all.map(dayOf))

/** The library's table, not its functions: these read the machine's time zone, and west of Greenwich every date is the day before. */
const HOLIDAYS = daysOf(Object.keys(arranged.holidays))
const WORKDAYS = daysOf(Object.keys(arranged.workdays))

/** No count goes on for ever, whatever hours and days a rule set names: events lie before. */
const END = startOfDay("2200-01-01" as LocalDate)

/** Day 0, 1970-01-01, was a Thursday; days before it are negative. */
const isWeekday = (day: number): boolean => ((day % 7) + 10) % 7 < 5

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

export const calendarOf = ({ calendar, officeHours }: Pick<RuleSet, "calendar" | "officeHours">): Calendar => {
	const [holidays, workdays] = [daysOf(calendar.holidays), daysOf(calendar.workdays)]
	const named = new Set([...calendar.holidays, ...calendar.workdays].map((on) => Number(on.slice(0, 4))))
	const hours = officeHours
		.map((each) => ({ from: minutesOf(each.slice(0, 5)) * MINUTE, to: minutesOf(each.slice(6)) * MINUTE }))
		.sort((a, b) => a.from - b.from)
	const isWorked = (day: number): boolean => {
		if (workdays.has(day)) return true
		if (holidays.has(day)) return false
		return WORKDAYS.has(day) || (isWeekday(day) && !HOLIDAYS.has(day))
	}
	return {
		isWorkingDay: (on) => isWorked(dayOf(on)),
		knows: (year) => HOLIDAYS.has(dayOf(`${year}-01-01`)) || named.has(year),
		endOfWorkingDays: (at, days) => {
			const first = localDay(at)
			const most = localDay(END) - first
			let after = 0
			for (let left = days; left > 0 && after < most; ) {
				after++
				if (isWorked(first + after)) left--
			}
			return endOfDayAfter(at, after)
		},
		afterWorkingHours: (at, wanted) => {
			let left = wanted * 60 * MINUTE
			let now: number = at
			for (let day = localDay(at), start = endOfDayAfter(at, -1); start < END; day++, start = endOfDayAfter(start, 0)) {
				if (!isWorked(day)) continue
				for (const { from, to } of hours) {
					const begin = Math.max(start + from, now)
					const end = start + to
					if (begin >= end) continue
					if (end - begin >= left) return (begin + left) as Moment
					left -= end - begin
					now = end
				}
			}
			return END
		},
		workingDaysBetween: (from, to) => {
			let count = 0
			for (let day = localDay(from) + 1; day <= localDay(to); day++) if (isWorked(day)) count++
			return count
		},
	}
}
