/** Longer than any print or padded column; nothing beyond it is looked at, so hostile input costs nothing. */
const LONGEST = 256

const PLAIN = /^[\dA-Z]{19,20}\d{0,8}$/
const DASHED = /^(\w{6})([-‐‑–—−])(\w{6})\2(\w{7})(?:\2(\w{5}|\w{9}))?$/

/** Half-width, without spaces and invisible characters. */
export const compact = (text: string): string =>
	text
		.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
		.replace(/[\p{White_Space}\p{Default_Ignorable_Code_Point}]+/gu, "")

/**
 * The form in which codes are stored and compared: half-width, no spaces, no 6-6-7-9 groups, upper case in positions 1–20 only,
 * because a001…z999 in 25–28 is lower case by vendor practice. A look-alike (O for 0) is never repaired.
 * Text longer than 256 comes back untouched.
 */
export const normalise = (text: string): string => {
	if (text.length > LONGEST || PLAIN.test(text)) return text
	const whole = compact(text).replace(DASHED, "$1$3$4$5")
	return whole.slice(0, 20).replace(/[a-z]+/g, (lower) => lower.toUpperCase()) + whole.slice(20)
}
