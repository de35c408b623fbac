import { formatMoment, type Moment, parseMoment } from "@yima/schemas"

const WRITTEN = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d(?::\d\d)?))?$/

/** A moment as the casebook writes it, local: `2023-05-01` (its first moment) or `2023-05-01 10:30`. */
export const rfc3339 = (written: string): string | null => {
	const [, day, clock = "00:00:00"] = WRITTEN.exec(written) ?? []
	return day === undefined ? null : `${day}T${clock.length === 5 ? `${clock}:00` : clock}+08:00`
}

export const momentOf = (written: string): Moment | null => {
	const full = rfc3339(written)
	return full === null ? null : parseMoment(full)
}

const OFFSET = 8 * 3_600_000_000

/** Writes a moment as the casebook does. */
export const written = (at: Moment): string => {
	const [day = "", clock = ""] = formatMoment((at + OFFSET) as Moment).split("T")
	const [minutes, seconds] = [clock.slice(0, 5), clock.slice(5, 8)]
	return clock.startsWith("00:00:00.") ? day : `${day} ${minutes}${seconds === ":00" ? "" : seconds}`
}
