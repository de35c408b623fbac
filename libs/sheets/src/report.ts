import type { SheetProblem } from "./sheet-problem.ts"
import type { SheetRecord } from "./table.ts"

/** A row that did not go in. */
export interface Refused {
	readonly place: string
	readonly printed: SheetRecord["printed"]
	readonly problems: readonly SheetProblem[]
}

/** What begins so is run by a spreadsheet that opens the file; what is only a number is left as it is. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text)

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const line = (texts: readonly string[]): string => `${texts.map((text) => quoted(harmless(text))).join(",")}\r\n`

const told = ({ column, value, message }: SheetProblem): string => `${column === "" ? "" : `${column}「${value}」:`}${message}`

/**
 * The rows that did not go in, with what is wrong with each, as a CSV that spreadsheets open and that can be imported again once it is
 * repaired: the two columns in front are not read. UTF-8 with its mark, for without it Excel reads GB18030.
 */
export const reportOf = (refused: readonly Refused[]): string => {
	const headings = [...new Set(refused.flatMap(({ printed }) => Object.keys(printed)))]
	return `\ufeff${line(["原行", "问题", ...headings])}${refused
		.map(({ place, printed, problems }) => line([place, problems.map(told).join(";"), ...headings.map((heading) => printed[heading] ?? "")]))
		.join("")}`
}
