import { Agent, request } from "undici"
import { checkHost, guardedLookup, type Network } from "./address.ts"
import type { Answer } from "./verdict.ts"

/** As much of an answer as is read and kept, bytes. */
export const MOST_KEPT = 4096

/** One request, and what came of it. */
export interface Sent {
	readonly answer: Answer
	readonly latencyMs: number
}

export interface Sender {
	readonly send: (headers: Readonly<Record<string, string>>, body: string) => Promise<Sent>
	readonly close: () => Promise<void>
}

export interface SenderOptions {
	readonly url: string
	/** From the first byte sent to the last byte read, ms. */
	readonly timeoutMs: number
	readonly connections: number
	readonly allowed: readonly Network[]
}

const codeOf = (error: unknown): string => {
	const { code, name, cause } = error as { readonly code?: unknown; readonly name?: unknown; readonly cause?: unknown }
	if (name === "TimeoutError" || code === 23) return "TIMEOUT"
	if (typeof code === "string") return code
	return cause instanceof Error ? codeOf(cause) : String(name)
}

const failed = (error: unknown): Answer => ({ is: "failed", code: codeOf(error), message: error instanceof Error ? error.message : String(error) })

/** The beginning of a body; what breaks off or never ends is as good as what came of it. */
const beginningOf = async (body: AsyncIterable<Buffer> & { readonly destroy: () => unknown }): Promise<string> => {
	const parts: Buffer[] = []
	let length = 0
	try {
		for await (const part of body) {
			parts.push(part)
			length += part.length
			if (length >= MOST_KEPT) break
		}
	} catch {
		// The status has come: that is the answer.
	}
	body.destroy()
	return new TextDecoder().decode(Buffer.concat(parts).subarray(0, MOST_KEPT))
}

const plain = (headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]])))

/** Posts to one endpoint, and nowhere else: no redirect is followed, no inner address is connected to. Never fails. */
export const openSender = ({ url, timeoutMs, connections, allowed }: SenderOptions): Sender => {
	const target = new URL(url)
	const agent = new Agent({
		connections,
		pipelining: 1,
		connectTimeout: timeoutMs,
		headersTimeout: timeoutMs,
		bodyTimeout: timeoutMs,
		maxHeaderSize: 32_768,
		connect: { lookup: guardedLookup(allowed) },
	})
	return {
		send: async (headers, body) => {
			const startedAt = performance.now()
			const since = () => Math.round(performance.now() - startedAt)
			try {
				checkHost(target, allowed)
				const response = await request(target, {
					method: "POST",
					dispatcher: agent,
					headers,
					body,
					signal: AbortSignal.timeout(timeoutMs),
				})
				const answer: Answer = { is: "answered", status: response.statusCode, headers: plain(response.headers), body: await beginningOf(response.body) }
				return { answer, latencyMs: since() }
			} catch (error) {
				return { answer: failed(error), latencyMs: since() }
			}
		},
		close: () => agent.destroy(),
	}
}
