import type { Result } from "effect"

/**
 * What can be wrong with an event, each with the question that it answers. The codes are part of the contract: programs
 * branch on them, so one is never renamed and never given another meaning; no other is ever emitted.
 */
export const PROBLEM_CODES = {
	json: "不是有效的 JSON",
	"too-large": "超出事件的总长度或值的个数",
	"too-deep": "嵌套过深",
	"forbidden-key": "字段名不可用",
	characters: "含有不能保存的字符",
	number: "数字超出可表示的范围",
	required: "缺少必填字段",
	type: "JSON 类型不对",
	choice: "不在可选值之内",
	text: "文本为空或过长",
	list: "清单过长",
	integer: "不是范围内的整数",
	decimal: "不是至多两位小数的数字文本",
	date: "不是日期",
	moment: "不是带时区的时刻",
	share: "不是共有份额",
	code: "不是不动产单元、幢、宗地或项目代码",
	sha256: "不是 SHA-256 摘要",
	source: "不是来源标识",
	"unknown-type": "没有这种事件类型",
	subject: "不知道事件属于哪里",
	timeprecision: "精度与时间不符",
	corrects: "更正的对象不对",
	statedat: "更正时间没有更正",
	dataschema: "所指的模式不是此类型的",
	recordedtime: "来文带有登记系统的入账时间",
	future: "事件时间晚于收到时一天以上",
	county: "县级行政区划不在名单内",
	"forbidden-family": "来文单位无权发送这一类事件",
	"forbidden-source": "来文单位不是此来源",
	conflict: "同一标识已有内容不同的事件",
} as const
export type ProblemCode = keyof typeof PROBLEM_CODES

/** What is wrong with one place of an input: a stable code for programs, a JSON pointer, a Chinese sentence with the value for people. */
export interface Problem {
	readonly code: ProblemCode
	readonly pointer: string
	readonly message: string
}

/** Either what was read, or every problem of the input at once. */
export type Checked<A> = Result.Result<A, readonly Problem[]>

/** A name as a step of a JSON pointer (RFC 6901). */
export const step = (name: PropertyKey): string => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`

/** The most characters of a value that a message shows. */
const SHOWN = 60

/** Text as a message shows it: short, on one line, whole characters only. */
export const shown = (text: string): string => {
	const line = text
		.slice(0, SHOWN)
		.toWellFormed()
		.replace(/[\s\p{Cc}]+/gu, " ")
	return `「${line}${text.length > SHOWN ? "…" : ""}」`
}
