export type Fields = Readonly<Record<string, unknown>>

/** Says where in the casebook something is wrong. */
export const wrong = (where: string, what: string): Error => new Error(`${where}: ${what}`)

/** A record with no other keys than these: a wrong key is an error that names it. */
export const record = (value: unknown, where: string, keys?: readonly string[]): Fields => {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(where, `应为键值表,而非 ${JSON.stringify(value)}`)
	const stray = keys === undefined ? undefined : Object.keys(value).find((key) => !keys.includes(key))
	if (stray !== undefined) throw wrong(where, `没有名为 ${stray} 的键;可用: ${keys?.join("、")}`)
	return value as Fields
}

export const list = (value: unknown, where: string): readonly unknown[] => {
	if (!Array.isArray(value)) throw wrong(where, `应为列表,而非 ${JSON.stringify(value)}`)
	return value
}

export const text = (value: unknown, where: string): string => {
	if (typeof value !== "string" || value.trim() === "") throw wrong(where, `应为文字,而非 ${JSON.stringify(value)}`)
	return value
}
