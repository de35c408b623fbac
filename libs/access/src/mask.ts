import type { PersonalKind } from "@yima/schemas"

const stars = (text: string) => "*".repeat([...text].length)

/** The first `head` and last `tail` characters with stars between; nothing but stars where fewer than `tail` would be hidden. */
const middle = (text: string, head: number, tail: number): string => {
	const all = [...text]
	return all.length < head + 2 * tail ? stars(text) : all.slice(0, head).join("") + "*".repeat(all.length - head - tail) + all.slice(-tail).join("")
}

/** 「张*」「欧**」: the first character; how long the rest is stays unknown beyond two. */
const maskName = (name: string): string => {
	const [first = "", ...rest] = name.trim()
	return rest.length === 0 ? stars(name.trim()) : first + "*".repeat(Math.min(rest.length, 2))
}

/**
 * What everyone may see of a personal value (脱敏): 「张*」, `4108**********1234`, `138****1234`. Shorter numbers show less, very short
 * ones nothing.
 */
export const mask = (kind: PersonalKind, plain: string): string => {
	if (kind === "name") return maskName(plain)
	const text = plain.trim()
	if (kind === "phone") return middle(text, text.length >= 11 ? 3 : 0, text.length >= 11 ? 4 : 2)
	return text.length >= 15 ? middle(text, 4, 4) : middle(text, 1, 2)
}
