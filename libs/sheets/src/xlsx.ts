import type { Readable } from "node:stream"
import { SaxesParser } from "saxes"
import { type Entry, openPromise, type ZipFile } from "yauzl"
import { type Cell, type Row, textCell } from "./cell.ts"
import { serialDate } from "./date.ts"
import { SheetUnreadable } from "./sheet-problem.ts"

/** A sheet may unpack to so much, bytes; a part may grow so many times where it is large: beyond, it is no sheet but a bomb. */
const MOST_BYTES = 2_000_000_000
const MOST_GROWTH = 300
const SMALL = 50_000_000
/** Texts that are kept for the cells that point to them, characters. */
const MOST_SHARED = 200_000_000
/** The columns of a sheet (XFD). */
const MOST_COLUMNS = 16_384
/** Integers beyond this many digits are not kept by spreadsheets. */
const KEPT_DIGITS = 15

const unreadable = (message: string) => new SheetUnreadable("format", message)

interface Book {
	readonly stream: (name: string) => Promise<Readable | null>
	readonly close: () => void
}

const openBook = async (path: string): Promise<Book> => {
	const zip: ZipFile = await openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }).catch(() => {
		throw unreadable("不是有效的 XLSX 文件;旧的 XLS 请另存为 XLSX 或 CSV")
	})
	const entries = new Map<string, Entry>()
	await new Promise<void>((resolve, reject) => {
		zip.on("entry", (entry: Entry) => {
			entries.set(entry.fileName.replace(/^\//, ""), entry)
			zip.readEntry()
		})
		zip.once("end", resolve)
		zip.once("error", () => reject(unreadable("XLSX 文件已损坏")))
		zip.readEntry()
	})
	return {
		close: () => zip.close(),
		stream: async (name) => {
			const entry = entries.get(name)
			if (entry === undefined) return null
			const { uncompressedSize, compressedSize } = entry
			if (uncompressedSize > MOST_BYTES || (uncompressedSize > SMALL && uncompressedSize > compressedSize * MOST_GROWTH))
				throw unreadable(`XLSX 中的 ${name} 解压后有 ${uncompressedSize} 字节,不像是表格`)
			return zip.openReadStreamPromise(entry).catch(() => {
				throw unreadable("XLSX 文件已损坏或已加密")
			})
		},
	}
}

interface Tag {
	readonly name: string
	readonly attributes: Readonly<Record<string, string>>
}

interface Listener {
	readonly open?: (tag: Tag) => void
	readonly text?: (text: string) => void
	readonly close?: (name: string) => void
}

const local = (name: string): string => name.slice(name.indexOf(":") + 1)

/** Reads one part of the book; between pieces `drain` hands on what has been found. No entity but XML's own is known, so that none can grow. */
async function* heard<A>(stream: Readable, { open, text, close }: Listener, drain: () => readonly A[]): AsyncGenerator<A> {
	const parser = new SaxesParser()
	let failure: Error | null = null
	parser.on("error", (error) => {
		failure ??= error
	})
	parser.on("opentag", (tag) => open?.({ name: local(tag.name), attributes: tag.attributes as Record<string, string> }))
	if (text !== undefined) parser.on("text", text)
	parser.on("closetag", (tag) => close?.(local(tag.name)))
	const decoder = new TextDecoder("utf-8")
	try {
		for await (const piece of stream) {
			parser.write(decoder.decode(piece as Buffer, { stream: true }))
			if (failure !== null) throw failure
			yield* drain()
		}
		parser.close()
		if (failure !== null) throw failure
	} catch (cause) {
		if (cause instanceof SheetUnreadable) throw cause
		throw new SheetUnreadable("format", "XLSX 文件的内容已损坏")
	}
	yield* drain()
}

const whole = async (stream: Readable | null, listener: Listener): Promise<void> => {
	if (stream === null) return
	for await (const _ of heard(stream, listener, () => []));
}

const isDateFormat = (code: string): boolean => /[ymdhs年月日]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|General/gi, ""))

const isBuiltInDate = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** Of each style, whether it shows a date. */
const stylesOf = async (book: Book): Promise<readonly boolean[]> => {
	const custom = new Map<string, boolean>()
	const styles: boolean[] = []
	let isInside = false
	await whole(await book.stream("xl/styles.xml"), {
		open: ({ name, attributes }) => {
			if (name === "numFmt") custom.set(attributes["numFmtId"] ?? "", isDateFormat(attributes["formatCode"] ?? ""))
			if (name === "cellXfs") isInside = true
			if (name === "xf" && isInside) styles.push(custom.get(attributes["numFmtId"] ?? "") ?? isBuiltInDate(Number(attributes["numFmtId"] ?? 0)))
		},
		close: (name) => {
			if (name === "cellXfs") isInside = false
		},
	})
	return styles
}

const sharedOf = async (book: Book): Promise<readonly string[]> => {
	const shared: string[] = []
	let [text, length, isPhonetic, isText] = ["", 0, false, false]
	await whole(await book.stream("xl/sharedStrings.xml"), {
		open: ({ name }) => {
			if (name === "si") text = ""
			if (name === "rPh") isPhonetic = true
			isText = name === "t" && !isPhonetic
		},
		text: (piece) => {
			if (isText) text += piece
			if (length + text.length > MOST_SHARED) throw unreadable("XLSX 中的文字过多")
		},
		close: (name) => {
			if (name === "t") isText = false
			if (name === "rPh") isPhonetic = false
			if (name !== "si") return
			shared.push(text)
			length += text.length
		},
	})
	return shared
}

/** A sheet of the book that is not hidden. */
interface Sheet {
	readonly name: string
	readonly part: string
}

const sheetsOf = async (book: Book): Promise<{ readonly sheets: readonly Sheet[]; readonly is1904: boolean }> => {
	const parts = new Map<string, string>()
	await whole(await book.stream("xl/_rels/workbook.xml.rels"), {
		open: ({ name, attributes }) => {
			if (name === "Relationship") parts.set(attributes["Id"] ?? "", (attributes["Target"] ?? "").replace(/^\/?(?:xl\/)?/, "xl/"))
		},
	})
	const sheets: Sheet[] = []
	let is1904 = false
	const book1 = await book.stream("xl/workbook.xml")
	if (book1 === null) throw unreadable("不是 XLSX 文件")
	await whole(book1, {
		open: ({ name, attributes }) => {
			if (name === "workbookPr") is1904 = /^(?:1|true)$/.test(attributes["date1904"] ?? "")
			if (name !== "sheet" || attributes["state"] !== undefined) return
			const part = parts.get(Object.entries(attributes).find(([key]) => local(key) === "id")?.[1] ?? "")
			if (part !== undefined) sheets.push({ name: attributes["name"] ?? "", part })
		},
	})
	return { sheets, is1904 }
}

const columnOf = (place: string): number => [...(/^[A-Z]{1,3}/.exec(place)?.[0] ?? "")].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1

/** Cells that a merged block covers: by row, each covered column with the block's first cell. */
type Covered = ReadonlyMap<number, readonly (readonly [column: number, fromRow: number, fromColumn: number])[]>

/** Blocks larger than this are decoration. */
const LARGEST_BLOCK = 20_000

/** Merged blocks stand behind the rows that they cover, so the sheet is gone through twice; `total`: how many rows it says it has. */
const mergedOf = async (stream: Readable | null): Promise<{ readonly covered: Covered; readonly total: number | null }> => {
	let total: number | null = null
	const covered = new Map<number, (readonly [number, number, number])[]>()
	await whole(stream, {
		open: ({ name, attributes }) => {
			if (name === "dimension") total = Number(/(\d+)$/.exec(attributes["ref"] ?? "")?.[1] ?? Number.NaN) || null
			if (name !== "mergeCell") return
			const [, a = "", m = "", b = "", n = ""] = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(attributes["ref"] ?? "") ?? []
			const [from, to, top, bottom] = [columnOf(a), columnOf(b), Number(m), Number(n)]
			if (a === "" || (to - from + 1) * (bottom - top + 1) > LARGEST_BLOCK) return
			for (let row = top; row <= bottom; row++)
				for (let column = from; column <= to; column++) {
					if (row === top && column === from) continue
					const list = covered.get(row) ?? []
					covered.set(row, list)
					list.push([column, top, from])
				}
		},
	})
	return { covered, total }
}

/** A number as the sheet shows it, without what binary fractions leave behind. */
const shownNumber = (text: string): Cell | null => {
	const value = Number(text)
	if (text.trim() === "" || !Number.isFinite(value)) return textCell(text)
	if (Number.isInteger(value)) {
		const digits = BigInt(value).toString()
		return { text: digits, kind: digits.replace("-", "").length > KEPT_DIGITS ? "lost" : "number" }
	}
	return { text: String(Number(value.toPrecision(KEPT_DIGITS))), kind: "number" }
}

interface Raw {
	readonly type: string
	readonly style: number
	readonly value: string
	readonly isFormula: boolean
	readonly hasValue: boolean
}

const cellOf = ({ type, style, value, isFormula, hasValue }: Raw, shared: readonly string[], dates: readonly boolean[], is1904: boolean): Cell | null => {
	if (type === "e") return { text: value, kind: "broken" }
	if (!hasValue) return isFormula ? { text: "(公式没有值)", kind: "broken" } : null
	if (type === "s") return textCell(shared[Number(value)] ?? "")
	if (type === "str" || type === "inlineStr" || type === "d") return textCell(value)
	if (type === "b") return { text: value === "1" ? "是" : "否", kind: "text" }
	if (dates[style] === true && Number(value) >= 1 && Number(value) < 2_958_466) return { text: serialDate(Number(value), is1904), kind: "date" }
	return shownNumber(value)
}

async function* rowsOf(book: Book, part: string, covered: Covered, shared: readonly string[], dates: readonly boolean[], is1904: boolean): AsyncGenerator<Row> {
	const stream = await book.stream(part)
	if (stream === null) throw unreadable("XLSX 中缺少工作表")
	const done: Row[] = []
	/** First cells of merged blocks, for the rows below. */
	const firsts = new Map<string, Cell | null>()
	const wanted = new Set([...covered.values()].flat().map(([, row, column]) => `${row} ${column}`))
	let cells: (Cell | null)[] = []
	let [number, isHidden, column] = [0, false, -1]
	let raw = { type: "n", style: 0, value: "", isFormula: false, hasValue: false }
	let isValue = false
	const finish = () => {
		for (const [at, fromRow, fromColumn] of covered.get(number) ?? []) {
			while (cells.length <= at) cells.push(null)
			cells[at] ??= firsts.get(`${fromRow} ${fromColumn}`) ?? null
		}
		done.push({ number, cells, isHidden })
		cells = []
	}
	const listener: Listener = {
		open: ({ name, attributes }) => {
			if (name === "row") {
				number = attributes["r"] === undefined ? number + 1 : Number(attributes["r"])
				isHidden = /^(?:1|true)$/.test(attributes["hidden"] ?? "")
				column = -1
			}
			if (name === "c") {
				const place = attributes["r"]
				column = place === undefined ? column + 1 : columnOf(place)
				raw = { type: attributes["t"] ?? "n", style: Number(attributes["s"] ?? 0), value: "", isFormula: false, hasValue: false }
			}
			if (name === "f") raw.isFormula = true
			if (name === "v" || name === "t") {
				isValue = true
				raw.hasValue = true
			}
		},
		text: (text) => {
			if (isValue) raw.value += text
		},
		close: (name) => {
			if (name === "v" || name === "t") isValue = false
			if (name === "c" && column >= 0 && column < MOST_COLUMNS) {
				const cell = cellOf(raw, shared, dates, is1904)
				while (cells.length < column) cells.push(null)
				cells[column] = cell
				if (wanted.size > 0 && wanted.has(`${number} ${column}`)) firsts.set(`${number} ${column}`, cell)
			}
			if (name === "row") finish()
		},
	}
	yield* heard(stream, listener, () => done.splice(0))
}

/** The sheets of an XLSX file that are not hidden, each with its rows as they are asked for; sums and formulas by the values that were kept. Fails with `SheetUnreadable`. */
export async function* xlsxSheets(path: string): AsyncGenerator<{ readonly name: string; readonly total: number | null; readonly rows: AsyncGenerator<Row> }> {
	const book = await openBook(path)
	try {
		const { sheets, is1904 } = await sheetsOf(book)
		const [shared, dates] = [await sharedOf(book), await stylesOf(book)]
		for (const { name, part } of sheets) {
			const { covered, total } = await mergedOf(await book.stream(part))
			yield { name, total, rows: rowsOf(book, part, covered, shared, dates, is1904) }
		}
	} finally {
		book.close()
	}
}
