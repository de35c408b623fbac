/** A day alone is its end: what happened on it counts. */
export const wholeDay = (text: string | undefined): string | null =>
	text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999999+08:00` : (text ?? null)

/** A moment as people in China read it: local time, the hour left out at midnight. */
export const local = (moment: string): string => {
	const text = new Date(Date.parse(moment) + 8 * 3_600_000).toISOString()
	return text.slice(11, 19) === "00:00:00" ? text.slice(0, 10).padEnd(16) : `${text.slice(0, 10)} ${text.slice(11, 16)}`
}

/** The last day on which something that ends at this moment can be done. */
export const lastDay = (moment: string): string => new Date(Date.parse(moment) + 8 * 3_600_000 - 1).toISOString().slice(0, 10)
