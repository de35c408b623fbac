/** What a casebook file calls things: 甲地101 is a code, 张三 a party. */
export type Names = ReadonlyMap<string, unknown>

const WHOLE = /^\$([\p{L}\p{N}_-]+)$/u
const WITHIN = /\$\{([^}]+)\}/gu

const named = (name: string, names: Names): unknown => {
	if (!names.has(name)) throw new Error(`没有名为 $${name} 的东西`)
	return names.get(name)
}

const text = (value: string, names: Names): unknown => {
	const [, whole] = WHOLE.exec(value) ?? []
	if (whole !== undefined) return named(whole, names)
	return value.replace(WITHIN, (_, name: string) => String(named(name, names)))
}

/** Puts in what `$name` and, inside longer text, `${name}` stand for: in values and in keys. */
export const spelledOut = (value: unknown, names: Names): unknown => {
	if (typeof value === "string") return text(value, names)
	if (Array.isArray(value)) return value.map((each) => spelledOut(each, names))
	if (typeof value !== "object" || value === null) return value
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [String(text(key, names)), spelledOut(each, names)]))
}

/** Reads a `let` block: later names may use earlier ones. */
export const withNames = (block: Readonly<Record<string, unknown>>, known: Names): Names => {
	const names = new Map(known)
	for (const [name, value] of Object.entries(block)) names.set(name, spelledOut(value, names))
	return names
}
