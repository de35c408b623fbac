/**
 * Texts are sent to PostgreSQL as one string with a separator before each, so that neither side writes or parses arrays or JSON of them.
 * The few characters that stand for the packing itself, and the one that PostgreSQL cannot store, are written in two; JSON text has none
 * of them.
 */
const SEPARATOR = "\x1e"
const ESCAPE = "\x1d"

const escaped = (text: string): string =>
	text.includes(ESCAPE) || text.includes(SEPARATOR) || text.includes("\x00")
		? text.replaceAll(ESCAPE, "\x1d=").replaceAll("\x00", "\x1d0").replaceAll(SEPARATOR, "\x1d-")
		: text

export const pack = (texts: readonly string[]): string => texts.map((text) => SEPARATOR + escaped(text)).join("")

/** One stored text as it was before `pack`. */
export const unpack = (text: string): string =>
	text.includes(ESCAPE) ? text.replaceAll("\x1d-", SEPARATOR).replaceAll("\x1d0", "\x00").replaceAll("\x1d=", ESCAPE) : text
