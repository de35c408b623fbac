import { type Problem, step } from "./problem.ts"

/** Bounds that hold for every event, whatever its type: hostile sizes are cut off before anything else walks them. */
export const BOUNDS = { characters: 8_000_000, depth: 24, values: 400_000 } as const

/** What neither PostgreSQL nor UTF-8 nor canonical JSON can hold: NUL, and half of a surrogate pair. */
const isStorable = (text: string) => !/[\0\ud800-\udfff]/.test(text) || (text.isWellFormed() && !text.includes("\0"))

const under = (name: PropertyKey, problem: Problem): Problem => (problem.code === "too-large" ? problem : { ...problem, pointer: step(name) + problem.pointer })

/** The first thing that makes an input unfit to be read at all: one walk, stopped at the bound. */
export const boundsProblem = (input: unknown): Problem | null => {
	let values: number = BOUNDS.values
	let characters: number = BOUNDS.characters
	const text = (value: string): Problem | null => {
		characters -= value.length
		if (characters < 0) return { code: "too-large", pointer: "", message: `事件的文本过长,共计最多 ${BOUNDS.characters} 个字符` }
		return isStorable(value) ? null : { code: "characters", pointer: "", message: "含有不能保存的字符(NUL 或不成对的代理字符)" }
	}
	const walk = (value: unknown, depth: number): Problem | null => {
		if (--values < 0) return { code: "too-large", pointer: "", message: `事件含有的值过多,最多 ${BOUNDS.values} 个` }
		if (typeof value === "string") return text(value)
		// `1e400` in JSON is read as Infinity, which no JSON can say again.
		if (typeof value === "number" && !Number.isFinite(value)) return { code: "number", pointer: "", message: "数字超出可表示的范围" }
		if (typeof value !== "object" || value === null) return null
		if (depth > BOUNDS.depth) return { code: "too-deep", pointer: "", message: `嵌套过深,最多 ${BOUNDS.depth} 层` }
		if (Array.isArray(value)) {
			for (let at = 0; at < value.length; at++) {
				const problem = walk(value[at], depth + 1)
				if (problem !== null) return under(at, problem)
			}
			return null
		}
		for (const key in value) {
			if (key === "__proto__") return { code: "forbidden-key", pointer: step(key), message: "字段名不能是「__proto__」" }
			// A name that cannot be stored cannot stand in a pointer either.
			const unfit = text(key)
			if (unfit !== null) return unfit
			const problem = walk((value as Readonly<Record<string, unknown>>)[key], depth + 1)
			if (problem !== null) return under(key, problem)
		}
		return null
	}
	return walk(input, 0)
}
