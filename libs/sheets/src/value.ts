import { parseBuildingCode, parseCode, parseParcelCode, parseUnitCode } from "@yima/unit-code"
import { readArea, readDecimal, readInteger, readMoney } from "./amount.ts"
import { type Cell, plain } from "./cell.ts"
import { isGarbled } from "./csv.ts"
import { readDate, readMoment } from "./date.ts"
import { entriesOf } from "./list.ts"
import type { Column } from "./profile.ts"
import { type Read, right, wrong } from "./sheet-problem.ts"

/** What a column's cell says. */
export type Value = string | number | boolean | readonly string[]

const NOTHING: ReadonlySet<string> = new Set(["-", "--", "—", "——", "/", "\\", "无", "暂无", "空", "NULL", "null", "N/A"])

/** Whether a cell is filled in only to show that nothing is known. */
export const isNothing = (text: string, { as, empty = [] }: Column): boolean =>
	(as !== "yes-no" && NOTHING.has(plain(text))) || empty.some((each) => plain(each) === plain(text))

const YES = new Set(["是", "有", "Y", "y", "1", "true", "已", "√", "通过", "合格"])
const NO = new Set(["否", "无", "N", "n", "0", "false", "未", "×", "不通过", "不合格"])

const code = (text: string, parse: typeof parseCode | typeof parseUnitCode | typeof parseBuildingCode | typeof parseParcelCode): Read<string> => {
	const read = parse(text)
	return read.ok ? right(read.code) : wrong("code", read.problems.map((each) => each.message.replace(/^「[^」]*」/, "")).join(";"))
}

/** Reads one cell as its column says. `unit`: what the heading names. */
export const readValue = ({ text, kind }: Cell, column: Column, unit: string | null): Read<Value> => {
	if (kind === "broken") return wrong("broken", "公式没有值或单元格报错;请在表格软件中重新计算并保存")
	if (isGarbled(text)) return wrong("encoding", "有不能识别的字符;请核对文件的编码")
	if (kind === "lost" && column.as !== "money" && column.as !== "area")
		return wrong("precision", "数字超过 15 位,表格软件已丢掉末位;请把该列设为文本后重新填写")
	switch (column.as) {
		case "text":
			return right(text)
		case "date":
			return readDate(text)
		case "moment":
			return readMoment(text)
		case "money":
			return readMoney(text, unit ?? column.unit ?? "元")
		case "area":
			return readArea(text, unit ?? column.unit ?? "m2")
		case "decimal":
			return readDecimal(text)
		case "integer":
			return readInteger(text)
		case "yes-no":
			return YES.has(plain(text)) ? right(true) : NO.has(plain(text)) ? right(false) : wrong("choice", "应为是或否")
		case "choice": {
			const choices = Object.entries(column.choices ?? {})
			const found = choices.find(([printed]) => plain(printed) === plain(text))
			return found === undefined ? wrong("choice", `应为${choices.map(([printed]) => printed).join("、")}之一`) : right(found[1])
		}
		case "list":
			return right(entriesOf(text))
		case "unit-code":
			return code(text, parseUnitCode)
		case "building-code":
			return code(text, parseBuildingCode)
		case "parcel-code":
			return code(text, parseParcelCode)
		case "code":
			return code(text, parseCode)
	}
}
