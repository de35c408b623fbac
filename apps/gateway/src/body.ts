/** The longest question, bytes: room for some thousand events to try out (`readinessIf`). */
const MOST_BYTES = 5_000_000

const TOO_LONG = { errors: [{ message: `问题过长:正文最多 ${MOST_BYTES} 字节`, extensions: { code: "TOO_COMPLEX" } }] }

/** Read whole, so long as it is short enough; null: it is not. What remains is not read, and not cancelled: the answer leaves by the same connection. */
const read = async (body: ReadableStream<Uint8Array>): Promise<Buffer<ArrayBuffer> | null> => {
	const reader = body.getReader()
	const pieces: Uint8Array[] = []
	for (let size = 0; size <= MOST_BYTES; ) {
		const { done, value } = await reader.read()
		if (done) return Buffer.concat(pieces)
		size += value.byteLength
		pieces.push(value)
	}
	reader.releaseLock()
	return null
}

/**
 * The request, or the answer to one that is too long. A length that is stated is the length (HTTP's parser sees to that) and costs nothing to check; only
 * what comes in chunks has to be counted.
 */
export const bounded = async (request: Request): Promise<Request | Response> => {
	const refused = () => Response.json(TOO_LONG, { status: 413 })
	const stated = request.headers.get("content-length")
	if (stated !== null) return Number(stated) > MOST_BYTES ? refused() : request
	if (request.body === null) return request
	const body = await read(request.body)
	return body === null ? refused() : new Request(request.url, { method: request.method, headers: request.headers, signal: request.signal, body })
}
