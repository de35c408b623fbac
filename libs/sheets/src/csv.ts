import { createReadStream } from "node:fs"
import { stat } from "node:fs/promises"
import { Readable } from "node:stream"
import { parse } from "csv-parse"
import { type Row, textCell } from "./cell.ts"
import { SheetUnreadable } from "./sheet-problem.ts"

/** Bytes that are looked at to tell in which code a text is, and by which mark its columns are parted. */
const LOOKED_AT = 4_000_000
/** The longest row, characters: a quote that is never closed must not swallow the file. */
const LONGEST_ROW = 1_000_000

const startOf = async (path: string): Promise<Buffer> => {
	const pieces: Buffer[] = []
	for await (const piece of createReadStream(path, { end: LOOKED_AT - 1 })) pieces.push(piece as Buffer)
	return Buffer.concat(pieces)
}

const REPLACED = "\ufffd"
const wrongIn = (text: string): number => text.split(REPLACED).length - 1

/** UTF-16 by its mark, else whichever of UTF-8 and GB18030 reads more of it. Fails with `SheetUnreadable` where neither reads it as text. */
const encodingOf = (start: Buffer): string => {
	if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le"
	if (start.subarray(0, 8000).includes(0)) throw new SheetUnreadable("format", "不是文本文件;表格请存为 CSV 或 XLSX")
	// Cut at a line's end: a character that the limit cuts in two is no mistake.
	const whole = start.length < LOOKED_AT ? start : start.subarray(0, start.lastIndexOf(10) + 1)
	const [utf8, gb] = ["utf-8", "gb18030"].map((name) => wrongIn(new TextDecoder(name).decode(whole))) as [number, number]
	if (Math.min(utf8, gb) > whole.length / 20) throw new SheetUnreadable("encoding", "文字既不是 UTF-8,也不是 GB18030,请另存为 UTF-8 编码的 CSV")
	return utf8 <= gb ? "utf-8" : "gb18030"
}

const delimiterOf = (start: Buffer, encoding: string): string => {
	const lines = new TextDecoder(encoding).decode(start.subarray(0, 64_000)).split("\n").slice(0, 20)
	const most = (mark: string) => Math.max(...lines.map((line) => line.split(mark).length))
	return [",", "\t", ";"].reduce((best, mark) => (most(mark) > most(best) ? mark : best))
}

async function* decoded(path: string, encoding: string): AsyncGenerator<string> {
	const decoder = new TextDecoder(encoding)
	for await (const piece of createReadStream(path)) yield decoder.decode(piece as Buffer, { stream: true })
	const rest = decoder.decode()
	if (rest !== "") yield rest
}

interface Parsed {
	readonly record: readonly string[]
	readonly info: { readonly lines: number }
}

/** About how many rows a CSV file has, by the lines at its start. */
export const csvTotal = async (path: string): Promise<number> => {
	const [start, { size }] = [await startOf(path), await stat(path)]
	const lines = start.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 1)
	return Math.round((lines * size) / Math.max(1, start.length))
}

/** The rows of a CSV file, read as they are asked for. Fails with `SheetUnreadable`, after the rows before, where its quotes do not close. */
export async function* csvRows(path: string): AsyncGenerator<Row> {
	const start = await startOf(path)
	const encoding = encodingOf(start)
	const parser = Readable.from(decoded(path, encoding)).pipe(
		parse({ bom: true, delimiter: delimiterOf(start, encoding), relax_column_count: true, relax_quotes: true, max_record_size: LONGEST_ROW, info: true }),
	)
	let line = 0
	try {
		for await (const { record, info } of parser as AsyncIterable<Parsed>) {
			// A row that holds line breaks bears the number of its first line.
			yield { number: line + 1, cells: record.map(textCell), isHidden: false }
			line = info.lines
		}
	} catch (error) {
		if (error instanceof SheetUnreadable || !(error instanceof Error) || !("code" in error)) throw error
		throw new SheetUnreadable("format", `第 ${line + 1} 行起不是有效的 CSV:引号没有成对,或一行过长`)
	}
}

/** Whether some of a cell's bytes were no character of its code. */
export const isGarbled = (text: string): boolean => text.includes(REPLACED)
