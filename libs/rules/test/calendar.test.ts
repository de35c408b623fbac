import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { endOfDay, type LocalDate, localDate, type Moment, parseMoment, startOfDay } from "@yima/schemas"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { calendarOf, DEFAULT } from "../src/index.ts"

const calendar = calendarOf(DEFAULT)
const day = (text: string) => text as LocalDate
const at = (text: string): Moment => parseMoment(`${text.replace(" ", "T")}:00+08:00`) as Moment
const moments = fc.integer({ min: at("2020-01-01 00:00"), max: at("2030-01-01 00:00") }).map((each) => each as Moment)
const dates = moments.map(localDate)

const isWeekend = (on: string) => [0, 6].includes(new Date(`${on}T00:00:00Z`).getUTCDay())
const daysFrom = (from: string, to: string): readonly string[] => {
	const found: string[] = []
	for (let on = day(from); on <= to; on = localDate(endOfDay(on))) found.push(on)
	return found
}

describe("days as the State Council arranges them", () => {
	describe.each([
		[2025, ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"]],
		[2026, ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]],
	] as const)("make-up days of %i", (year, makeUp) => {
		test.each(makeUp)("%s is a weekend day on which offices are open", (on) => {
			expect(isWeekend(on)).toBe(true)
			expect(calendar.isWorkingDay(day(on))).toBe(true)
		})

		it("there are no others", () => {
			const open = daysFrom(`${year}-01-01`, `${year}-12-31`).filter((on) => isWeekend(on) && calendar.isWorkingDay(day(on)))
			expect(open).toEqual(makeUp)
		})
	})

	it.each([
		["元旦", "2025-01-01", "2025-01-01"],
		["春节", "2025-01-28", "2025-02-04"],
		["清明", "2025-04-04", "2025-04-06"],
		["劳动节", "2025-05-01", "2025-05-05"],
		["端午", "2025-05-31", "2025-06-02"],
		["国庆、中秋", "2025-10-01", "2025-10-08"],
		["元旦", "2026-01-01", "2026-01-03"],
		["春节", "2026-02-15", "2026-02-23"],
		["清明", "2026-04-04", "2026-04-06"],
		["劳动节", "2026-05-01", "2026-05-05"],
		["端午", "2026-06-19", "2026-06-21"],
		["中秋", "2026-09-25", "2026-09-27"],
		["国庆", "2026-10-01", "2026-10-07"],
	])("%s, %s to %s: offices are closed", (_, from, to) => {
		expect(daysFrom(from, to).filter((on) => calendar.isWorkingDay(day(on)))).toEqual([])
	})

	it("weekdays are weekdays before 1970, too", () => {
		expect(daysFrom("1969-12-22", "1969-12-31").filter((on) => !calendar.isWorkingDay(day(on)))).toEqual(["1969-12-27", "1969-12-28"])
	})

	it("2025 has 248 working days", () => {
		expect(daysFrom("2025-01-01", "2025-12-31").filter((on) => calendar.isWorkingDay(day(on)))).toHaveLength(248)
	})
})

describe("a year that is not arranged yet", () => {
	it("is not known, and Monday to Friday count", () => {
		expect([2024, 2025, 2026, 2027, 2028].map(calendar.knows)).toEqual([true, true, true, false, false])
		expect(calendar.isWorkingDay(day("2027-01-01"))).toBe(true)
		expect(calendar.isWorkingDay(day("2027-01-02"))).toBe(false)
	})

	it("is known once the rule set names its days", () => {
		const own = calendarOf({ ...DEFAULT, calendar: { holidays: [day("2027-01-01")], workdays: [day("2027-01-09")] } })
		expect([2026, 2027, 2028].map(own.knows)).toEqual([true, true, false])
		expect(own.isWorkingDay(day("2027-01-01"))).toBe(false)
		expect(own.isWorkingDay(day("2027-01-09"))).toBe(true)
	})
})

describe("a rule set's own days", () => {
	it("outrank the State Council's: a city may close and open its offices", () => {
		const own = calendarOf({ ...DEFAULT, calendar: { holidays: [day("2025-01-26"), day("2025-03-04")], workdays: [day("2025-10-01")] } })
		expect(["2025-01-26", "2025-03-04", "2025-10-01", "2025-03-05"].map((on) => own.isWorkingDay(day(on)))).toEqual([false, false, true, true])
	})
})

describe("working days", () => {
	it("count from the day after, to 24:00 of the last", () => {
		expect(calendar.endOfWorkingDays(at("2025-03-03 10:00"), 1)).toBe(at("2025-03-05 00:00"))
		expect(calendar.endOfWorkingDays(at("2025-03-03 00:00"), 1)).toBe(at("2025-03-05 00:00"))
		expect(calendar.endOfWorkingDays(at("2025-03-07 23:59"), 1)).toBe(at("2025-03-11 00:00"))
	})

	it("pass Spring Festival with its make-up days", () => {
		// Friday before; Sunday 26 and Monday 27 January, then 5, 6, 7 and Saturday 8 February are worked.
		expect(calendar.endOfWorkingDays(at("2025-01-24 10:00"), 1)).toBe(at("2025-01-27 00:00"))
		expect(calendar.endOfWorkingDays(at("2025-01-24 10:00"), 2)).toBe(at("2025-01-28 00:00"))
		expect(calendar.endOfWorkingDays(at("2025-01-24 10:00"), 3)).toBe(at("2025-02-06 00:00"))
		expect(calendar.endOfWorkingDays(at("2025-01-24 10:00"), 6)).toBe(at("2025-02-09 00:00"))
	})

	it("between two moments are those that begin in between", () => {
		expect(calendar.workingDaysBetween(at("2025-03-03 10:00"), at("2025-03-03 16:00"))).toBe(0)
		expect(calendar.workingDaysBetween(at("2025-03-03 10:00"), at("2025-03-05 00:00"))).toBe(2)
		expect(calendar.workingDaysBetween(at("2025-03-07 10:00"), at("2025-03-09 23:00"))).toBe(0)
		expect(calendar.workingDaysBetween(at("2025-01-24 10:00"), at("2025-02-05 09:00"))).toBe(3)
	})

	it("between a moment and the end of its n-th are n, and the one that has not begun yet", () => {
		fc.assert(
			fc.property(moments, fc.integer({ min: 1, max: 40 }), (from, days) => {
				const end = calendar.endOfWorkingDays(from, days)
				expect(end).toBeGreaterThan(from)
				expect(calendar.workingDaysBetween(from, (end - 1) as Moment)).toBe(days)
			}),
		)
	})
})

describe("working hours", () => {
	it.each([
		["within a morning", "2025-03-03 09:30", 2, "2025-03-03 11:30"],
		["over lunch", "2025-03-03 11:00", 2, "2025-03-03 14:00"],
		["from lunch", "2025-03-03 12:30", 1, "2025-03-03 14:00"],
		["before the doors open", "2025-03-03 06:00", 7, "2025-03-03 17:00"],
		["over the night", "2025-03-03 16:00", 8, "2025-03-04 17:00"],
		["over a weekend", "2025-03-07 16:00", 2, "2025-03-10 10:00"],
		["from a weekend", "2025-03-08 10:00", 8, "2025-03-11 10:00"],
		["over Spring Festival, its make-up Sunday counting", "2025-01-24 16:00", 16, "2025-02-05 10:00"],
	])("%s: %s and %i hours is %s", (_, from, hours, to) => {
		expect(calendar.afterWorkingHours(at(from), hours)).toBe(at(to))
	})

	it("follow the office hours of the rule set", () => {
		const short = calendarOf({ ...DEFAULT, officeHours: ["14:00-16:00", "09:00-10:00"] })
		expect(short.afterWorkingHours(at("2025-03-03 09:30"), 4)).toBe(at("2025-03-04 14:30"))
	})

	it("end, even where a rule set knows no hours or no end", () => {
		const none = calendarOf({ ...DEFAULT, officeHours: [] })
		expect(none.afterWorkingHours(at("2025-03-03 09:30"), 8)).toBe(at("2200-01-01 00:00"))
		expect(calendar.endOfWorkingDays(at("2025-03-03 09:30"), 10_000_000)).toBeLessThanOrEqual(at("2200-01-02 00:00"))
	})

	it("add up: so many and so many more are all of them", () => {
		fc.assert(
			fc.property(moments, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (from, a, b) => {
				expect(calendar.afterWorkingHours(calendar.afterWorkingHours(from, a), b)).toBe(calendar.afterWorkingHours(from, a + b))
			}),
		)
	})

	it("begin and end within office hours of a working day", () => {
		fc.assert(
			fc.property(moments, fc.integer({ min: 1, max: 40 }), (from, hours) => {
				const end = calendar.afterWorkingHours(from, hours)
				const on = localDate(end)
				const clock = (end - startOfDay(on)) / 3_600_000_000
				expect(calendar.isWorkingDay(on)).toBe(true)
				expect((clock > 9 && clock <= 12) || (clock > 13 && clock <= 17)).toBe(true)
			}),
		)
	})
})

it("one more holiday makes nothing end earlier", () => {
	fc.assert(
		fc.property(moments, dates, fc.integer({ min: 0, max: 30 }), (from, on, count) => {
			const more = calendarOf({ ...DEFAULT, calendar: { holidays: [on], workdays: [] } })
			expect(more.endOfWorkingDays(from, count)).toBeGreaterThanOrEqual(calendar.endOfWorkingDays(from, count))
			expect(more.afterWorkingHours(from, count)).toBeGreaterThanOrEqual(calendar.afterWorkingHours(from, count))
		}),
	)
})

const module = fileURLToPath(new URL("../src/index.ts", import.meta.url))
const asked = `
	const { calendarOf, DEFAULT } = await import(${JSON.stringify(module)})
	const c = calendarOf(DEFAULT)
	const from = ${at("2025-01-24 16:00")}
	console.log(JSON.stringify([c.endOfWorkingDays(from, 3), c.afterWorkingHours(from, 16), c.isWorkingDay("2025-01-26"), c.isWorkingDay("2025-01-25"), c.knows(2026), c.knows(2027)]))`

it.each(["Asia/Shanghai", "UTC", "America/Los_Angeles", "Pacific/Kiritimati"])("answers the same on a machine in %s", (zone) => {
	const said = execFileSync(process.execPath, ["--input-type=module", "-e", asked], { env: { ...process.env, TZ: zone, NODE_OPTIONS: "" }, encoding: "utf8" })
	expect(JSON.parse(said)).toEqual([at("2025-02-06 00:00"), at("2025-02-05 10:00"), true, false, true, false])
})
