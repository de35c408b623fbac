import { open } from "node:fs/promises"
import type { Row } from "./cell.ts"
import { csvRows, csvTotal } from "./csv.ts"
import type { Profile } from "./profile.ts"
import { SheetUnreadable } from "./sheet-problem.ts"
import { openTable, type Table } from "./table.ts"
import { xlsxSheets } from "./xlsx.ts"

const startOf = async (path: string): Promise<Buffer> => {
	const file = await open(path)
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0)
		return buffer.subarray(0, bytesRead)
	} finally {
		await file.close()
	}
}

export interface Sheet {
	/** Null: the file is one sheet without a name. */
	readonly name: string | null
	/** About how many rows there are; null: nobody knows. */
	readonly total: number | null
	readonly rows: AsyncGenerator<Row>
}

/** The sheets of a file, whatever its name says it is: XLSX by its first bytes, else CSV. Fails with `SheetUnreadable`. */
export async function* sheetsOf(path: string): AsyncGenerator<Sheet> {
	const start = await startOf(path)
	if (start.length === 0) throw new SheetUnreadable("format", "文件是空的")
	if (start.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0])))
		throw new SheetUnreadable("format", "旧的 XLS 或加密的文件,请另存为不加密的 XLSX 或 CSV")
	if (start.subarray(0, 2).toString("latin1") === "PK") yield* xlsxSheets(path)
	else yield { name: null, total: await csvTotal(path), rows: csvRows(path) }
}

/**
 * The tables of a file that a profile can read, one for each sheet that has its headings; the names of the others are given to `skip`.
 * Fails with `SheetUnreadable` where there is none.
 */
export async function* tablesOf(path: string, profile: Profile, skip: (sheet: string) => void): AsyncGenerator<Table & Pick<Sheet, "total">> {
	let failure: SheetUnreadable | null = null
	let found = 0
	for await (const { name, total, rows } of sheetsOf(path)) {
		try {
			const table = await openTable(name, rows, profile)
			found++
			yield { ...table, total }
		} catch (error) {
			if (!(error instanceof SheetUnreadable) || error.code !== "headings") throw error
			failure ??= error
			if (name !== null) skip(name)
		}
	}
	if (found === 0) throw failure ?? new SheetUnreadable("format", "文件中没有工作表")
}
