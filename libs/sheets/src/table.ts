import { unitIn } from "./amount.ts"
import { type Cell, plain, type Row } from "./cell.ts"
import type { Column, Profile } from "./profile.ts"
import { SheetUnreadable } from "./sheet-problem.ts"

/** One row of a table, by the profile's columns. */
export interface SheetRecord {
	/** Where it stands: `12`, or `3#楼!12` in a book of several sheets. */
	readonly place: string
	readonly cells: ReadonlyMap<string, Cell>
	/** Every filled cell under its own heading, as printed: what a report repeats. */
	readonly printed: Readonly<Record<string, string>>
	readonly isHidden: boolean
	/** Something stands beside the table: a value with a comma in it that was not quoted moves all behind it. */
	readonly isTooLong: boolean
}

/** Where a profile's column stands, and how it is headed. */
interface Found {
	readonly at: number
	readonly heading: string
	readonly unit: string | null
}

export interface Table {
	readonly columns: ReadonlyMap<string, Found>
	readonly records: AsyncGenerator<SheetRecord>
	/** Rows that say what others say: sums, repeated headings, numbers of columns. */
	readonly skipped: () => number
}

/** How many rows may stand above the table, and how many its heading may take. */
export const LOOKED_AT = 30
const DEEPEST = 3

/** A heading without a unit in brackets behind it, even in one whose end is cut off. */
const bare = (heading: string): string => (unitIn(heading) === null ? heading : heading.replace(/\([^(]*$/, ""))

const normal = (heading: string): string =>
	plain(heading)
		.replace(/㎡/g, "m2")
		.replace(/[::*]+$/g, "")
		.toLowerCase()

/** What a heading of several rows may be called: by its lowest line, or by all of them. */
const namesOf = (lines: readonly string[]): readonly string[] => {
	const distinct = lines.filter((line, at) => line !== "" && line !== lines[at - 1])
	// A report of ours heads a column by all its lines, with strokes between.
	const last = distinct.at(-1) ?? ""
	return [
		...new Set([distinct.join("/"), distinct.join(""), last, last.slice(last.lastIndexOf("/") + 1)].flatMap((name) => [normal(name), bare(normal(name))])),
	]
}

interface Head {
	readonly from: number
	readonly depth: number
	readonly columns: ReadonlyMap<string, Found>
	readonly missing: readonly string[]
}

const headAt = (rows: readonly Row[], from: number, depth: number, columns: Readonly<Record<string, Column>>): Head => {
	const lines = rows.slice(from, from + depth)
	const names = headingsOf(lines).map((heading, at) => ({ at, heading, names: namesOf(lines.map((row) => row.cells[at]?.text ?? "")) }))
	const found = new Map<string, Found>()
	for (const [name, { headings }] of Object.entries(columns))
		for (const wanted of headings) {
			const [whole, short] = [normal(wanted), bare(normal(wanted))]
			const column = names.find((each) => each.names.includes(whole)) ?? names.find((each) => each.names.includes(short))
			if (column === undefined || found.has(name)) continue
			found.set(name, { at: column.at, heading: column.heading, unit: unitIn(column.heading) })
		}
	const missing = Object.entries(columns).flatMap(([name, { required }]) => (required === true && !found.has(name) ? [name] : []))
	return { from, depth, columns: found, missing }
}

/** The headings of columns, each with all its lines. */
export const headingsOf = (lines: readonly Row[]): readonly string[] =>
	Array.from({ length: Math.max(0, ...lines.map((row) => row.cells.length)) }, (_, at) => {
		const texts = lines.map((row) => row.cells[at]?.text ?? "")
		return texts.filter((text, n) => text !== "" && text !== texts[n - 1]).join("/")
	})

const isBetter = (a: Head, b: Head | null): boolean =>
	b === null || a.missing.length < b.missing.length || (a.missing.length === b.missing.length && a.columns.size > b.columns.size)

/** The rows that head these columns best; null where none of them is named. */
export const findHead = (rows: readonly Row[], columns: Readonly<Record<string, Column>>): Head | null => {
	let best: Head | null = null
	for (let depth = 1; depth <= DEEPEST; depth++)
		for (let from = 0; from + depth <= rows.length; from++) {
			const head = headAt(rows, from, depth, columns)
			if (head.columns.size > 0 && isBetter(head, best)) best = head
		}
	return best
}

const TOTAL = /^(?:本页|本月|累计|以上)?(?:合计|小计|总计|共计|累计)[::]?(?:\d+[户套件宗笔条])?$/

const filledOf = (row: Row): readonly Cell[] => row.cells.filter((each) => each !== null)

/** Rows of which nothing is to be taken in, since they say only what others say. */
const isIdle = (row: Row, head: ReadonlyMap<number, string>): boolean => {
	const filled = filledOf(row)
	if (filled.slice(0, 3).some((cell) => TOTAL.test(plain(cell.text)))) return true
	const repeated = row.cells.filter((cell, at) => cell !== null && normal(cell.text) === head.get(at)).length
	if (repeated > 1 && repeated >= filled.length / 2) return true
	// (1) (2) (3) … below the headings.
	return filled.length > 2 && filled.every((cell, n) => plain(cell.text).replace(/[()]/g, "") === String(n + 1))
}

/** Finds the table in a sheet and reads its rows. Fails with `SheetUnreadable` where there is none. */
export const openTable = async (sheet: string | null, rows: AsyncGenerator<Row>, { columns }: Pick<Profile, "columns">): Promise<Table> => {
	const start: Row[] = []
	while (start.length < LOOKED_AT) {
		const { done, value } = await rows.next()
		if (done === true) break
		start.push(value)
	}
	const head = findHead(start, columns)
	if (head === null || head.missing.length > 0) {
		const wanted = (names: readonly string[]) => names.map((name) => `「${columns[name]?.headings.join("」或「")}」`).join("、")
		const required = Object.keys(columns).filter((name) => columns[name]?.required === true)
		throw new SheetUnreadable(
			"headings",
			head === null
				? `前 ${LOOKED_AT} 行里找不到表头;需要的列:${wanted(required)}`
				: `最像表头的是第 ${start[head.from]?.number} 行,但缺少列:${wanted(head.missing)}`,
		)
	}
	const headings = headingsOf(start.slice(head.from, head.from + head.depth))
	const width = headings.length
	const lowest = new Map(headings.map((heading, at) => [at, normal(heading)]))
	let skipped = 0
	const recordOf = (row: Row): SheetRecord => ({
		place: sheet === null ? String(row.number) : `${sheet}!${row.number}`,
		cells: new Map([...head.columns].flatMap(([name, { at }]) => (row.cells[at] ? [[name, row.cells[at]] as const] : []))),
		printed: Object.fromEntries(row.cells.flatMap((cell, at) => (cell === null ? [] : [[headings[at] || `第${at + 1}列`, cell.text]]))),
		isHidden: row.isHidden,
		isTooLong: row.cells.slice(width).some((cell) => cell !== null),
	})
	async function* records(): AsyncGenerator<SheetRecord> {
		for (const row of start.slice((head?.from ?? 0) + (head?.depth ?? 0))) yield* one(row)
		for await (const row of rows) yield* one(row)
	}
	function* one(row: Row): Generator<SheetRecord> {
		if (filledOf(row).length === 0) return
		if (isIdle(row, lowest)) skipped++
		else yield recordOf(row)
	}
	return { columns: head.columns, records: records(), skipped: () => skipped }
}
