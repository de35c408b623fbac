import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { ArchiveBroken, type Head, readArchive, type Section, writeArchive } from "../src/archive.ts"

let folder: string
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "yima-archive-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const HEAD: Head = { format: "yima-backup/1", madeAt: "2026-11-20T00:00:00.000Z", schema: ["001_registry"], tables: ["yima.event"], key: "abc" }

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
	const bytes = Buffer.from(text)
	for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

async function* sections(...texts: readonly string[]): AsyncGenerator<Section> {
	for (const text of texts) yield { table: "yima.event", columns: ["key", "body"], rows: pieces(text, 7) }
}

/** What comes back, section by section. */
const readBack = async (file: string): Promise<readonly string[]> => {
	const found: string[] = []
	await readArchive(
		file,
		async (head) => expect(head).toEqual(HEAD),
		async ({ rows }) => {
			const some: Buffer[] = []
			for await (const piece of rows) some.push(piece)
			found.push(Buffer.concat(some).toString())
		},
	)
	return found
}

test("rows come back byte for byte, whatever else is taken for a line's end, and empty tables too", async () => {
	const file = join(folder, "a.gz")
	const odd = "一\u2028行\u2029又\u0085一行\t\\\\.\\n完\n\n\\\\.\tx\n"
	const large = `${"乙".repeat(50_000)}\n`.repeat(4)
	expect(await writeArchive(file, HEAD, sections(odd, "", large))).toBe(7)
	expect(await readBack(file)).toEqual([odd, "", large])
})

test("a backup that fails on the way leaves no file that looks like one, and the one before stands", async () => {
	const file = join(folder, "a.gz")
	await writeArchive(file, HEAD, sections("x\ty\n"))
	const before = readFileSync(file)
	const failing = async function* (): AsyncGenerator<Section> {
		yield* sections("x\ty\n")
		throw new Error("the connection is lost")
	}
	await expect(writeArchive(file, HEAD, failing())).rejects.toThrow("lost")
	expect(readdirSync(folder)).toEqual(["a.gz"])
	expect(readFileSync(file)).toEqual(before)
})

test("whatever byte is missing at the end, it is not taken for whole", async () => {
	const [file, cut] = [join(folder, "a.gz"), join(folder, "cut.gz")]
	await writeArchive(file, HEAD, sections("x\ty\n".repeat(100)))
	const whole = readFileSync(file)
	for (const length of [0, 1, 20, whole.length - 30, whole.length - 9, whole.length - 1]) {
		writeFileSync(cut, whole.subarray(0, length))
		await expect(readBack(cut), `${length} bytes`).rejects.toThrow(ArchiveBroken)
	}
})
