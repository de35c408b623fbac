import { isUtf8 } from "node:buffer"
import type { InboxRecord } from "@yima/log"
import type { Problem } from "@yima/schemas"
import { inputOf } from "./lines.ts"
import type { Input } from "./submit.ts"

/** CloudEvents in Kafka: the whole event as the value, or its attributes as headers of this beginning and its data as the value. */
const STRUCTURED = "application/cloudevents+json"
const BINARY = "application/json"
const PREFIX = "ce_"

const problem = (code: Problem["code"], pointer: string, message: string): { readonly problem: Problem } => ({ problem: { code, pointer, message } })

/** The one text of a header. Names are told, values never: persons may stand in them. */
const textOf = (name: string, values: readonly Buffer[]): string | { readonly problem: Problem } => {
	const [only] = values
	if (only === undefined || values.length > 1) return problem("type", "", `消息头 ${name} 应恰有一个值,现有 ${values.length} 个`)
	return isUtf8(only) ? only.toString("utf8") : problem("characters", "", `消息头 ${name} 不是 UTF-8 文本(共 ${only.length} 字节)`)
}

/** The headers of the binding, as text; others are nobody's business here, whatever bytes they hold. */
const textsOf = (headers: InboxRecord["headers"]): ReadonlyMap<string, string> | { readonly problem: Problem } => {
	const texts = new Map<string, string>()
	for (const [asSent, values] of headers) {
		const name = asSent.toLowerCase()
		if (name !== "content-type" && !name.startsWith(PREFIX)) continue
		if (texts.has(name)) return problem("type", "", `消息头 ${name} 重复`)
		const text = textOf(name, values)
		if (typeof text !== "string") return text
		texts.set(name, text)
	}
	return texts
}

const mediaProblem = (contentType: string): { readonly problem: Problem } | null => {
	const [media = "", ...parameters] = contentType
		.toLowerCase()
		.split(";")
		.map((each) => each.trim())
	if (media !== STRUCTURED && media !== BINARY) return problem("choice", "/datacontenttype", `消息头 content-type 应为 ${STRUCTURED} 或 ${BINARY}`)
	const charset = parameters.find((each) => each.startsWith("charset="))
	return charset === undefined || /^charset="?utf-?8"?$/.test(charset) ? null : problem("choice", "/datacontenttype", "JSON 只能用 UTF-8 编码")
}

const binary = (attributes: readonly (readonly [string, string])[], value: Buffer | null): Input => {
	if (attributes.some(([name]) => name === "data")) return problem("forbidden-key", "/data", "data 由消息正文给出,不能写在消息头 ce_data 中")
	if (value === null) return { value: Object.fromEntries(attributes) }
	const data = inputOf(value)
	return "problem" in data ? { problem: { ...data.problem, pointer: "/data" } } : { value: Object.fromEntries([...attributes, ["data", data.value]]) }
}

/**
 * A record as the event that it is to be, or why it is none (CloudEvents Kafka binding). Binary where any attribute stands in a header and
 * the content type does not say otherwise; else the value is the whole event, as it is at HTTP under `application/json` too. What is wrong
 * with the event itself is `submit`'s to say. Never throws. `mostBytes`: of value and headers together.
 */
export const inputFrom = ({ value, headers }: Pick<InboxRecord, "value" | "headers">, mostBytes: number): Input => {
	const bytes = (value?.length ?? 0) + [...headers.values()].flat().reduce((sum, { length }) => sum + length, 0)
	if (bytes > mostBytes) return problem("too-large", "", `一条消息共 ${bytes} 字节,最多 ${mostBytes} 字节`)
	const texts = textsOf(headers)
	if ("problem" in texts) return texts
	const contentType = texts.get("content-type")
	const unfit = contentType === undefined ? null : mediaProblem(contentType)
	if (unfit !== null) return unfit
	const attributes = [...texts].flatMap(([name, text]) => (name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), text] as const] : []))
	const saysStructured = contentType?.toLowerCase().startsWith(STRUCTURED) ?? false
	if (attributes.length > 0 && !saysStructured) return binary(attributes, value)
	return value === null ? problem("required", "", "消息没有正文") : inputOf(value)
}
