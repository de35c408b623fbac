import { isUtf8 } from "node:buffer"
import type { Problem } from "@yima/schemas"
import type { Input } from "./submit.ts"

/** A line of a stream, with the bytes that it took. */
export interface Line {
	readonly input: Input
	readonly bytes: number
}

const NEWLINE = 10
const BOM = [0xef, 0xbb, 0xbf]

const problem = (code: "json" | "too-large", message: string): { readonly problem: Problem } => ({ problem: { code, pointer: "", message } })

/** JSON from bytes, or what is wrong with it; never repeats it, for persons may stand in it. */
export const inputOf = (bytes: Buffer): Input => {
	const text = BOM.every((byte, at) => bytes[at] === byte) ? bytes.subarray(BOM.length) : bytes
	if (!isUtf8(text)) return problem("json", `不是 UTF-8 编码的 JSON(共 ${bytes.length} 字节)`)
	try {
		return { value: JSON.parse(text.toString("utf8")) as unknown }
	} catch {
		return problem("json", `不是有效的 JSON(共 ${bytes.length} 字节)`)
	}
}

const isBlank = (bytes: Buffer) => bytes.length === 0 || /^[ \t\r]*$/.test(bytes.length < 64 ? bytes.toString("latin1") : "x")

/** Cuts a stream of bytes into lines. Holds at most one unfinished line; of one that is too long only its length is kept. Blank lines are skipped. */
export class LineCutter {
	readonly #most: number
	#rest: Buffer[] = []
	#length = 0

	constructor(most: number) {
		this.#most = most
	}

	/** The lines that are finished by this piece. */
	cut(piece: Uint8Array): readonly Line[] {
		const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
		const lines: Line[] = []
		let from = 0
		for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
			this.#keep(bytes.subarray(from, end))
			lines.push(...this.finish())
			from = end + 1
		}
		if (from < bytes.length) this.#keep(bytes.subarray(from))
		return lines
	}

	/** The line without a newline at the end of the stream. */
	finish(): readonly Line[] {
		const [length, rest] = [this.#length, this.#rest]
		this.#rest = []
		this.#length = 0
		if (length > this.#most) return [{ input: problem("too-large", `一行共 ${length} 字节,最多 ${this.#most} 字节`), bytes: 0 }]
		const [only] = rest
		const line = rest.length === 1 && only !== undefined ? only : Buffer.concat(rest)
		return isBlank(line) ? [] : [{ input: inputOf(line), bytes: length }]
	}

	#keep(part: Buffer): void {
		this.#length += part.length
		if (this.#length > this.#most) this.#rest = []
		else this.#rest.push(part)
	}
}
