import { createReadStream, createWriteStream } from "node:fs"
import { open, rename, rm } from "node:fs/promises"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGunzip, createGzip } from "node:zlib"

/**
 * A backup as a file: gzip over lines. First a head, then for each table a line that names it and its columns, its rows as PostgreSQL's
 * `COPY` writes them, and the line `\.`; last a line that says how many rows there were, without which the file is not whole.
 */
export interface Head {
	readonly format: "yima-backup/1"
	readonly madeAt: string
	/** The names of the migrations that made the tables. */
	readonly schema: readonly string[]
	readonly tables: readonly string[]
	/** The master key under which personal data is sealed, by its fingerprint; the key itself is not in the file. */
	readonly key: string | null
}

export interface Section {
	readonly table: string
	readonly columns: readonly string[]
	/** `COPY … TO` in its text format. */
	readonly rows: AsyncIterable<Buffer>
}

/** `COPY`'s own end of data: no row looks like it, for a row's backslash is doubled. */
const END = Buffer.from("\\.")
const NEWLINE = Buffer.from("\n")

/** The file is no backup, is of another kind, or is not whole. */
export class ArchiveBroken extends Error {
	readonly _tag = "ArchiveBroken"
}

const countOf = (chunk: Buffer): number => {
	let count = 0
	for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count++
	return count
}

/** Writes beside the file and moves it there once it is whole and on the disk. Answers the number of rows. */
export const writeArchive = async (file: string, head: Head, sections: AsyncIterable<Section>): Promise<number> => {
	let count = 0
	const lines = async function* (): AsyncGenerator<string | Buffer> {
		yield `${JSON.stringify(head)}\n`
		for await (const { rows, ...section } of sections) {
			yield `${JSON.stringify(section)}\n`
			for await (const chunk of rows) {
				count += countOf(chunk)
				yield chunk
			}
			yield END
			yield NEWLINE
		}
		yield `${JSON.stringify({ rows: count })}\n`
	}
	const half = `${file}.half`
	try {
		// What personal data it holds is sealed; who may read contract numbers and addresses is the operator's to say.
		await pipeline(Readable.from(lines(), { objectMode: true }), createGzip({ level: 6 }), createWriteStream(half, { mode: 0o600 }))
		const written = await open(half)
		await written.sync().finally(() => written.close())
		await rename(half, file)
	} catch (error) {
		await rm(half, { force: true })
		throw error
	}
	return count
}

const object = (line: string): Readonly<Record<string, unknown>> => {
	try {
		const value: unknown = JSON.parse(line)
		if (typeof value === "object" && value !== null) return { ...value }
	} catch {
		// Said below.
	}
	throw new ArchiveBroken("不是一码的备份文件,或已损坏")
}

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === "string") : [])

const headIn = (line: string): Head => {
	const { format, madeAt, schema, tables, key } = object(line)
	if (format !== "yima-backup/1") throw new ArchiveBroken("不是一码的备份文件,或由更新的版本所写")
	return { format, madeAt: String(madeAt), schema: texts(schema), tables: texts(tables), key: typeof key === "string" ? key : null }
}

/** A line's end is one byte, never part of a character: what a text may also call a line's end (U+2028) is part of a row. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let begun: Buffer[] = []
	for await (const chunk of chunks) {
		let from = 0
		for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
			const line = chunk.subarray(from, end)
			yield begun.length === 0 ? line : Buffer.concat([...begun, line])
			begun = []
			from = end + 1
		}
		if (from < chunk.length) begun.push(chunk.subarray(from))
	}
}

/** Rows are gathered so that the database gets fewer, larger pieces, bytes. */
const PIECE = 65_536

/**
 * Reads a backup: `begin` is told its head, `take` is given each section and must read its rows. Answers the number of rows. Fails with
 * `ArchiveBroken` where the file is not whole: what `take` has done by then must be undone.
 */
export const readArchive = async (file: string, begin: (head: Head) => Promise<void>, take: (section: Section) => Promise<void>): Promise<number> => {
	const source = createReadStream(file)
	const unzipped = createGunzip()
	const opened = pipeline(source, unzipped).catch(() => undefined)
	const lines = linesOf(unzipped)
	const unreadable = (cause: unknown): never => {
		throw new ArchiveBroken("备份文件读不出、已损坏或不完整", { cause })
	}
	const next = async (): Promise<Buffer> => {
		const found = await lines.next().catch(unreadable)
		if (found.done === true) throw new ArchiveBroken("备份文件不完整")
		return found.value
	}
	let count = 0
	const rows = async function* (): AsyncGenerator<Buffer> {
		let piece: Buffer[] = []
		let size = 0
		for (let line = await next(); !line.equals(END); line = await next()) {
			count++
			piece.push(line, NEWLINE)
			size += line.length
			if (size < PIECE) continue
			yield Buffer.concat(piece)
			piece = []
			size = 0
		}
		if (piece.length > 0) yield Buffer.concat(piece)
	}
	try {
		await begin(headIn((await next()).toString()))
		for (;;) {
			const section = object((await next()).toString())
			if ("rows" in section) {
				if (section["rows"] !== count) throw new ArchiveBroken(`备份文件应有 ${String(section["rows"])} 行,实有 ${count} 行`)
				// The last bytes are the sum over all before them: only who asks for more is told that they are wrong.
				if ((await lines.next().catch(unreadable)).done !== true) throw new ArchiveBroken("备份文件在末尾之后还有内容")
				return count
			}
			await take({ table: String(section["table"]), columns: texts(section["columns"]), rows: rows() })
		}
	} finally {
		source.destroy()
		unzipped.destroy()
		await opened
	}
}
