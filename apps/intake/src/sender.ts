import { familyOf, type Problem, typeNameOf } from "@yima/schemas"

/** What a sender may send (来文权限); a list that is absent allows everything. Sources are compared as they are written. */
export interface Sender {
	readonly families?: readonly string[]
	readonly sources?: readonly string[]
}

/** Anyone may send everything. */
export const ANYONE: Sender = {}

/** What of an input its sender has no right to say. Reads the input as it is, so that it finds its part whatever else is wrong. */
export const authorityProblems = ({ families, sources }: Sender, input: Readonly<Record<string, unknown>>): readonly Problem[] => {
	const { type, source } = input
	const problems: Problem[] = []
	const name = typeof type === "string" ? typeNameOf(type) : null
	if (families !== undefined && name !== null && !families.includes(familyOf(name)))
		problems.push({ code: "forbidden-family", pointer: "/type", message: `来文单位无权发送「${familyOf(name)}」类事件,可发送:${families.join("、")}` })
	if (sources !== undefined && typeof source === "string" && !sources.includes(source))
		problems.push({ code: "forbidden-source", pointer: "/source", message: `来文单位登记的来源中没有此来源,可用:${sources.join("、")}` })
	return problems
}
