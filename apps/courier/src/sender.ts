import { type Dispatcher, Pool } from "undici"
import { guardedLookup, hostRefused, type Network } from "./address.ts"
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

const TEXT = new TextDecoder()

const codeOf = (error: unknown): string => {
	const { code, name, cause } = error as { readonly code?: unknown; readonly name?: unknown; readonly cause?: unknown }
	if (name === "TimeoutError" || code === 23) return "TIMEOUT"
	if (typeof code === "string") return code
	return cause instanceof Error ? codeOf(cause) : String(name)
}

const failed = (error: unknown): Answer => ({ is: "failed", code: codeOf(error), message: error instanceof Error ? error.message : String(error) })

const plain = (headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]])))

/** A request that has not been answered yet. */
interface Flying {
	/** When it is given up, ms by the monotonic clock. */
	readonly until: number
	readonly giveUp: () => void
}

/** How often it is looked for requests that take too long, of the time that one has. */
const SWEEPS = 20

/** Posts to one endpoint, and nowhere else: no redirect is followed, no inner address is connected to. Never fails. */
export const openSender = ({ url, timeoutMs, connections, allowed }: SenderOptions): Sender => {
	const target = new URL(url)
	const refused = hostRefused(target, allowed)
	const pool = new Pool(target.origin, {
		connections,
		pipelining: 1,
		connectTimeout: timeoutMs,
		headersTimeout: timeoutMs,
		bodyTimeout: timeoutMs,
		maxHeaderSize: 32_768,
		connect: { lookup: guardedLookup(allowed, target.protocol === "https:") },
	})
	const flying = new Set<Flying>()
	const sweep = setInterval(() => {
		const now = performance.now()
		for (const each of flying) if (now > each.until) each.giveUp()
	}, timeoutMs / SWEEPS).unref()

	/** Once the status has come, that is the answer: what breaks off or never ends is as good as what came of it. */
	const post = (headers: Readonly<Record<string, string>>, body: string): Promise<Answer> =>
		new Promise((resolve) => {
			const parts: Buffer[] = []
			let [status, length] = [0, 0]
			let told: Readonly<Record<string, string>> = {}
			let controller: Dispatcher.DispatchController | null = null
			const end = (error: unknown): void => {
				if (!flying.delete(own)) return
				const text = () => TEXT.decode(Buffer.concat(parts).subarray(0, MOST_KEPT))
				resolve(status === 0 ? failed(error) : { is: "answered", status, headers: told, body: text() })
			}
			const cut = (error: Error): void => {
				end(error)
				controller?.abort(error)
			}
			const own: Flying = { until: performance.now() + timeoutMs, giveUp: () => cut(new DOMException(`no answer within ${timeoutMs} ms`, "TimeoutError")) }
			flying.add(own)
			pool.dispatch(
				{ path: target.pathname + target.search, method: "POST", headers, body },
				{
					onRequestStart: (started) => {
						controller = started
						if (!flying.has(own)) started.abort(new Error("given up before it began"))
					},
					onResponseStart: (_, code, all) => {
						// What comes before it (1xx) is no answer.
						if (code < 200) return
						status = code
						told = plain(all)
					},
					onResponseData: (_, part) => {
						parts.push(part)
						length += part.length
						if (length >= MOST_KEPT) cut(new Error("no more of it is kept"))
					},
					onResponseEnd: () => end(null),
					onResponseError: (_, error) => end(error),
				},
			)
		})
	return {
		send: async (headers, body) => {
			const startedAt = performance.now()
			const answer = await (refused === null ? post(headers, body).catch(failed) : failed(refused))
			return { answer, latencyMs: Math.round(performance.now() - startedAt) }
		},
		close: () => {
			clearInterval(sweep)
			return pool.destroy()
		},
	}
}
