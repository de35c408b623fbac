import { endOfDay, type LocalDate, localDate, type Moment, startOfDay } from "@yima/schemas"
import chineseDays from "chinese-days"
import type { RuleSet } from "./rule-set.ts"

/** 工作日历: China's working days with holidays and make-up days, and the offices' hours. */
export interface Calendar {
	readonly isWorkingDay: (on: LocalDate) => boolean
	/** Whether the State Council's arrangement of a year is known; of a year that is not, every Monday to Friday counts as a working day. */
	readonly knows: (year: number) => boolean
	/** 24:00 of the `days`-th working day after the day of `at`. */
	readonly endOfWorkingDays: (at: Moment, days: number) => Moment
	/** The moment at which `hours` of office time have run since `at`. */
	readonly afterWorkingHours: (at: Moment, hours: number) => Moment
	/** How many working days have begun after the day of `from`, up to the day of `to`. */
	readonly workingDaysBetween: (from: Moment, to: Moment) => number
}

const MINUTE = 60_000_000

/** The library names a day that a State Council notice arranges `English,中文,days`; any other by its weekday. */
const isArranged = (on: LocalDate): boolean => chineseDays.getDayDetail(on).name.includes(",")

const nextDay = (on: LocalDate): LocalDate => localDate(endOfDay(on))

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

export const calendarOf = ({ calendar, officeHours }: Pick<RuleSet, "calendar" | "officeHours">): Calendar => {
	const [holidays, workdays] = [new Set(calendar.holidays), new Set(calendar.workdays)]
	const hours = officeHours
		.map((each) => ({ from: minutesOf(each.slice(0, 5)) * MINUTE, to: minutesOf(each.slice(6)) * MINUTE }))
		.sort((a, b) => a.from - b.from)
	const isWorkingDay = (on: LocalDate): boolean => (workdays.has(on) ? true : holidays.has(on) ? false : chineseDays.getDayDetail(on).work)
	return {
		isWorkingDay,
		knows: (year) => isArranged(`${year}-01-01` as LocalDate),
		endOfWorkingDays: (at, days) => {
			let on = localDate(at)
			for (let left = days; left > 0; ) {
				on = nextDay(on)
				if (isWorkingDay(on)) left--
			}
			return endOfDay(on)
		},
		afterWorkingHours: (at, wanted) => {
			let left = wanted * 60 * MINUTE
			for (let on = localDate(at); ; on = nextDay(on)) {
				if (!isWorkingDay(on)) continue
				const start = startOfDay(on)
				for (const { from, to } of hours) {
					const begin = Math.max(start + from, at)
					const end = start + to
					if (begin >= end) continue
					if (end - begin >= left) return (begin + left) as Moment
					left -= end - begin
				}
			}
		},
		workingDaysBetween: (from, to) => {
			let count = 0
			for (let on = nextDay(localDate(from)); startOfDay(on) <= to; on = nextDay(on)) if (isWorkingDay(on)) count++
			return count
		},
	}
}
