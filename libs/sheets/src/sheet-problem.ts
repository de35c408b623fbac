/** What can be wrong with a file, a row or a value of a sheet; programs branch on the codes, so none is renamed. */
export const SHEET_PROBLEMS = {
	format: "不是可读的表格文件",
	encoding: "文字不是 UTF-8,也不是 GB18030",
	headings: "找不到表头",
	hidden: "隐藏的行",
	columns: "列数与表头不同",
	required: "必填的列为空",
	broken: "公式没有值,或单元格报错",
	precision: "数字的末位已丢失",
	text: "文字过长",
	date: "不是日期",
	decimal: "不是数字",
	money: "不是金额",
	area: "不是面积",
	integer: "不是整数",
	choice: "不在可选值之内",
	code: "不是不动产单元、幢或宗地代码",
	party: "缺少当事人的证件号或统一社会信用代码",
	list: "各列的项数不同",
	"key-repeated": "同一键在表中出现不止一次",
	gathered: "同组的另一行有误",
	event: "行中的内容不合事件的约定",
	conflict: "同一标识已有内容不同的事件",
	withdrawn: "以前报过的事,现在的行里没有了",
	vanished: "以前报过的行,现在的表里没有了",
} as const
export type SheetProblemCode = keyof typeof SHEET_PROBLEMS

/** What is wrong, where, in a Chinese sentence that repeats the value. `column`: as the sheet heads it; empty where it is the row as a whole. */
export interface SheetProblem {
	readonly code: SheetProblemCode
	readonly column: string
	readonly value: string
	readonly message: string
}

/** Either a value, or what is wrong with it. */
export type Read<A> = { readonly value: A } | { readonly wrong: SheetProblemCode; readonly message: string }

export const right = <A>(value: A): Read<A> => ({ value })
export const wrong = (code: SheetProblemCode, message: string): Read<never> => ({ wrong: code, message })

/** A file that cannot be read as a whole. */
export class SheetUnreadable extends Error {
	readonly _tag = "SheetUnreadable"
	readonly code: "format" | "encoding" | "headings"
	constructor(code: "format" | "encoding" | "headings", message: string) {
		super(message)
		this.code = code
	}
}
