import { endOfDay, type LocalDate, localDate, localDay, type Moment, startOfDay } from "@yima/schemas"
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

/** The library's table, not its functions: these read the machine's time zone, and west of Greenwich every date is the day before. */
const HOLIDAYS: ReadonlySet<string> = new Set(Object.keys(arranged.holidays))
const WORKDAYS: ReadonlySet<string> = new Set(Object.keys(arranged.workdays))

/** No count goes on for ever, whatever hours and days a rule set names: events lie before. */
const END = startOfDay("2200-01-01" as LocalDate)

/** 1970-01-01 was a Thursday. */
const isWeekday = (on: LocalDate): boolean => (localDay(startOfDay(on)) + 3) % 7 < 5

const nextDay = (on: LocalDate): LocalDate => localDate(endOfDay(on))

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

export const calendarOf = ({ calendar, officeHours }: Pick<RuleSet, "calendar" | "officeHours">): Calendar => {
	const [holidays, workdays] = [new Set(calendar.holidays), new Set(calendar.workdays)]
	const hours = officeHours
		.map((each) => ({ from: minutesOf(each.slice(0, 5)) * MINUTE, to: minutesOf(each.slice(6)) * MINUTE }))
		.sort((a, b) => a.from - b.from)
	const isWorkingDay = (on: LocalDate): boolean => {
		if (workdays.has(on)) return true
		if (holidays.has(on)) return false
		return WORKDAYS.has(on) || (isWeekday(on) && !HOLIDAYS.has(on))
	}
	const named = new Set([...holidays, ...workdays].map((on) => Number(on.slice(0, 4))))
	return {
		isWorkingDay,
		knows: (year) => HOLIDAYS.has(`${year}-01-01`) || named.has(year),
		endOfWorkingDays: (at, days) => {
			let on = localDate(at)
			for (let left = days; left > 0 && startOfDay(on) < END; ) {
				on = nextDay(on)
				if (isWorkingDay(on)) left--
			}
			return endOfDay(on)
		},
		afterWorkingHours: (at, wanted) => {
			let left = wanted * 60 * MINUTE
			let now: number = at
			for (let on = localDate(at); startOfDay(on) < END; on = nextDay(on)) {
				if (!isWorkingDay(on)) continue
				const start = startOfDay(on)
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
			for (let on = nextDay(localDate(from)); startOfDay(on) <= to; on = nextDay(on)) if (isWorkingDay(on)) count++
			return count
		},
	}
}
