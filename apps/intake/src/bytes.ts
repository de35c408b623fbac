import { pipeline, Readable } from "node:stream"
import { createGunzip } from "node:zlib"
import { Refusal } from "./refusal.ts"

export type Encoding = "identity" | "gzip"

/** How the body is packed. Fails with a `Refusal`. */
export const encodingOf = (request: Request): Encoding => {
	const named = request.headers.get("content-encoding")?.trim().toLowerCase() ?? ""
	if (named === "" || named === "identity") return "identity"
	if (named === "gzip" || named === "x-gzip") return "gzip"
	throw new Refusal("content-encoding", "Content-Encoding 只支持 gzip")
}

const aborted = () => new Refusal("aborted", "来文未传完就中断了,没有结果的事件请重发")

async function* plain(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
	const reader = body.getReader()
	try {
		for (;;) {
			const { done, value } = await reader.read().catch(() => {
				throw aborted()
			})
			if (done) return
			yield value
		}
	} finally {
		// Not cancelled: an answer may still have to pass through the connection that the body came by.
		reader.releaseLock()
	}
}

async function* unpacked(packed: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
	const gunzip = createGunzip()
	pipeline(Readable.from(packed, { objectMode: false }), gunzip, () => undefined)
	try {
		for await (const chunk of gunzip) yield chunk as Uint8Array
	} catch (error) {
		throw error instanceof Refusal ? error : new Refusal("encoding", "gzip 内容不完整或已损坏")
	}
}

/** The body, unpacked, piece by piece; read no further than is asked for. Fails with a `Refusal` where it breaks off or cannot be unpacked. */
export const bytesOf = (request: Request, encoding: Encoding): AsyncGenerator<Uint8Array> => {
	const body = request.body === null ? nothing() : plain(request.body)
	return encoding === "gzip" ? unpacked(body) : body
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
