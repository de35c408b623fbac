import { Schema } from "effect"
import { anyCode, choice, instant, optional, rule, struct, text } from "./fields.ts"
import { isMidnight, parseMoment } from "./moment.ts"
import { type Problem, shown } from "./problem.ts"

/** CloudEvents `source`: no character up to `#`, so that (source, id) and `<source>#<id>` sort alike and the key is cut at the first `#`. */
const source = Schema.String.check(
	rule<string>("source", (value) => (/^[\x24-\x7e]{1,200}$/.test(value) ? undefined : '应为 1 至 200 个可见 ASCII 字符,不含空格和 ! " #'), {
		pattern: "^[$-~]{1,200}$",
	}),
)

/** The attributes of a CloudEvent that the contract knows. */
export const envelope = struct({
	specversion: Schema.Literal("1.0"),
	id: text(200),
	source,
	type: text(100),
	subject: optional(anyCode),
	time: instant,
	datacontenttype: optional(text(100)),
	dataschema: optional(text(200)),
	timeprecision: optional(choice("day", "second")),
	corrects: optional(text(200)),
	statedat: optional(instant),
	traceparent: optional(text(100)),
	tracestate: optional(text(1000)),
	data: Schema.Unknown,
})
export type Envelope = typeof envelope.Type

/** Set by the registry alone, or read from the envelope's own fields: everything else is an extension, and kept. */
export const STANDARD: ReadonlySet<string> = new Set([...Object.keys(envelope.fields), "recordedtime"])

/** What is wrong between attributes that are right one by one. Reads the input as it is, so that it finds its part whatever else is wrong. */
export const crossProblems = (input: Readonly<Record<string, unknown>>, wireType: string, retracts: boolean): readonly Problem[] => {
	const { id, time, timeprecision, corrects, statedat, dataschema } = input
	const problems: Problem[] = []
	const at = timeprecision === "day" && typeof time === "string" ? parseMoment(time) : null
	if (at !== null && !isMidnight(at))
		problems.push({ code: "timeprecision", pointer: "/time", message: `timeprecision 为 day 时,时间应为北京时间零点,而非${shown(String(time))}` })
	if (statedat !== undefined && corrects === undefined) problems.push({ code: "statedat", pointer: "/statedat", message: "statedat 只能与 corrects 同用" })
	if (typeof corrects === "string" && corrects === id) problems.push({ code: "corrects", pointer: "/corrects", message: `${shown(corrects)}不能更正自己` })
	if (corrects !== undefined && retracts) problems.push({ code: "corrects", pointer: "/corrects", message: "撤回不能被更正;请撤回这次撤回" })
	if (typeof dataschema === "string" && dataschema !== `urn:yima:schema:${wireType}`)
		problems.push({ code: "dataschema", pointer: "/dataschema", message: `${shown(dataschema)}应为 urn:yima:schema:${wireType}` })
	return problems
}
