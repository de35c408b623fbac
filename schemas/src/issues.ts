import type { SchemaIssue } from "effect"
import { type Problem, shown, step } from "./problem.ts"

/** The most problems that one event's answer lists. */
const MOST_PROBLEMS = 100

const KIND_NAMES: Readonly<Record<string, string>> = { String: "文本", Number: "数字", Boolean: "布尔值(true 或 false)", Objects: "对象", Arrays: "列表" }

/** Where a natural person's values stand, or values meant for another column of a person: a problem there never repeats them. */
const isPersonal = (pointer: string) => /\/(?:name|idKind|idNumber|phone)$/.test(pointer)

/** The value as the sentence's subject. Lists and objects are never shown: they are long, and persons may stand in them. */
const said = (value: unknown, pointer: string): string =>
	(typeof value === "object" && value !== null) || value === undefined || isPersonal(pointer) ? "此值" : shown(String(value))

interface Shaped {
	readonly _tag: string
	readonly literal?: unknown
	readonly types?: readonly Shaped[]
}

const literalsOf = (ast: Shaped): readonly string[] => (ast._tag === "Literal" ? [String(ast.literal)] : (ast.types ?? []).flatMap(literalsOf))

const messagesOf = (issue: SchemaIssue.Issue): readonly string[] => {
	if (issue._tag === "Composite") return issue.issues.flatMap(messagesOf)
	const message = issue._tag === "InvalidValue" ? issue.annotations?.["message"] : undefined
	return [typeof message === "string" ? message : "不符合规则"]
}

const child = (value: unknown, name: PropertyKey): unknown =>
	typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Readonly<Record<PropertyKey, unknown>>)[name] : undefined

/** A leaf of the tree that no check made: a value of the wrong type, or none of those to choose from. */
const misfit = (ast: Shaped | undefined, value: unknown, pointer: string): Problem => {
	const choices = ast === undefined ? [] : literalsOf(ast)
	if (choices.length > 0) return { code: "choice", pointer, message: `${said(value, pointer)}不在可选值之内:${choices.join("、")}` }
	const kind = KIND_NAMES[ast?._tag ?? ""]
	// A value where an object or a list belongs may be a person's name or number.
	const subject = kind === "文本" || kind === "数字" || kind === KIND_NAMES["Boolean"] ? said(value, pointer) : "此值"
	return { code: "type", pointer, message: `${subject}应为${kind ?? "别的类型"}` }
}

/** Effect's issue tree as the contract's problems: one for each leaf, in the order of the input's fields. */
export const problemsOf = (issue: SchemaIssue.Issue, input: unknown, at: string): Problem[] => {
	const problems: Problem[] = []
	const walk = (node: SchemaIssue.Issue, value: unknown, pointer: string): void => {
		if (problems.length >= MOST_PROBLEMS) return
		if (node._tag === "Pointer") walk(node.issue, node.path.reduce(child, value), pointer + node.path.map(step).join(""))
		else if (node._tag === "Encoding") walk(node.issue, value, pointer)
		else if (node._tag === "Composite" || (node._tag === "AnyOf" && node.issues.length > 0)) for (const each of node.issues) walk(each, value, pointer)
		else if (node._tag === "Filter") {
			const code = node.filter.annotations?.["problem"] ?? "type"
			problems.push(...messagesOf(node.issue).map((message) => ({ code, pointer, message: said(value, pointer) + message })))
		} else if (node._tag === "MissingKey") problems.push({ code: "required", pointer, message: `缺少必填字段 ${pointer.slice(pointer.lastIndexOf("/") + 1)}` })
		else problems.push(misfit("ast" in node ? node.ast : undefined, value, pointer))
	}
	walk(issue, input, at)
	return problems.slice(0, MOST_PROBLEMS)
}
