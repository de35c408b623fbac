import { plain } from "./cell.ts"
import { type Read, right, wrong } from "./sheet-problem.ts"

const pad = (text: string): string => text.padStart(2, "0")

const isDay = (year: number, month: number, day: number): boolean =>
	year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()

const CHINA = 8 * 3_600_000

/** A moment, ms since 1970, as its day and time in China. */
const inChina = (ms: number): string => {
	const at = new Date(ms + CHINA).toISOString()
	return `${at.slice(0, 10)}T${at.slice(11, 19)}+08:00`
}

/** The least and the greatest day that a plain number in a date column may mean: 1950 to 2099. */
const [FIRST_SERIAL, LAST_SERIAL] = [18_264, 73_050]

/** A spreadsheet's day number, with the time of day as its fraction, as text. Day 60 never was (1900 was no leap year). `is1904`: the count of old Macintosh files. */
export const serialDate = (serial: number, is1904 = false): string => {
	const seconds = Math.round((is1904 ? serial + 1462 : serial) * 86_400)
	const at = new Date((seconds - 25_569 * 86_400) * 1000).toISOString()
	return at.endsWith("T00:00:00.000Z") ? at.slice(0, 10) : `${at.slice(0, 10)} ${at.slice(11, 19)}`
}

const WRITTEN = /^[[(]?(\d{4})(?:[-/.年 ])(\d{1,2})(?:[-/.月 ])(\d{1,2})日?[\])]?(?:[T ,]*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/

/**
 * A printed date or moment as RFC 3339: a date is local midnight (+08:00). Reads what departments print: 2025-11-27, 2026.3.18, [2026-07-28],
 * 2026年08月04日, 2018-11-13 1:45:54, 2021-02-06T01:35:42.000+08:00, 20200117, 2026 04 20, epoch seconds and milliseconds, /Date(ms)/, a
 * spreadsheet's day number. A month alone is no date.
 */
export const readMoment = (text: string): Read<string> => {
	const printed = text.normalize("NFKC").replace(/\s+/g, " ").trim()
	const [, ...parts] = WRITTEN.exec(printed) ?? WRITTEN.exec(plain(printed)) ?? COMPACT.exec(printed) ?? []
	const [year = "", month = "", day = "", hour = "0", minute = "00", second = "00", zone = "+08:00"] = parts.map((each) => each ?? undefined)
	if (year !== "") {
		if (!isDay(Number(year), Number(month), Number(day))) return wrong("date", "没有这一天")
		if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return wrong("date", "没有这个时刻")
		const offset = zone === "Z" ? "Z" : zone.replace(/^([+-]\d{2}):?(\d{2})$/, "$1:$2")
		return right(`${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${minute}:${second}${offset}`)
	}
	const [, wrapped] = /^\/?Date\((-?\d+)(?:[+-]\d{4})?\)\/?$/i.exec(printed) ?? []
	const epoch = wrapped ?? printed
	if (/^\d{12,13}$/.test(epoch)) return right(inChina(Number(epoch)))
	if (/^\d{9,10}$/.test(epoch)) return right(inChina(Number(epoch) * 1000))
	if (/^\d{5}(?:\.\d+)?$/.test(printed) && Number(printed) >= FIRST_SERIAL && Number(printed) <= LAST_SERIAL) return readMoment(serialDate(Number(printed)))
	if (/^\d{4}\D\d{1,2}月?$/.test(printed)) return wrong("date", "只有年月,没有日")
	return wrong("date", "不是日期,例如 2023-05-31、2023年5月31日、2023/5/31 9:30")
}

/** The same as a local date, `YYYY-MM-DD`. */
export const readDate = (text: string): Read<string> => {
	const read = readMoment(text)
	if (!("value" in read)) return read
	return right(inChina(Date.parse(read.value)).slice(0, 10))
}
