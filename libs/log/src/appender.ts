import { type After, Bell } from "./bell.ts"
import { LogUnavailable, type Message } from "./log.ts"

/** A commit takes what has gathered in this time, or this many bytes, whichever is first. */
const GATHER_MS = 2
export const GATHER_BYTES = 1_000_000
/** kafkajs's work grows with the square of what is sent at once. */
const GATHER_COUNT = 1000

/** What one call of `append` put into one partition. */
interface Request {
	readonly offsets: bigint[]
	left: number
	failed: boolean
	readonly resolve: (offsets: readonly bigint[]) => void
	readonly reject: (error: unknown) => void
}

interface Waiting {
	readonly message: Message
	readonly bytes: number
	readonly index: number
	readonly request: Request
}

/** Makes these durable as one, in this order, and answers the offset of the first; the others follow it without holes. */
export type Commit = (messages: readonly Message[]) => Promise<bigint>

/**
 * The one writer of one partition in this process. What comes while a commit is under way goes into the next one (group commit), and
 * one commit is under way at a time, so that messages keep the order in which they came. When a commit fails, so do the requests that
 * have a part in it, and what they still have waiting is not sent: nothing of a request overtakes what it failed on.
 */
export class Appender {
	readonly #commit: Commit
	readonly #bell: Bell
	#queue: Waiting[] = []
	#bytes = 0
	#running: Promise<void> | undefined
	#gatherMs: number

	constructor(commit: Commit, after: After, gatherMs: number = GATHER_MS) {
		this.#commit = commit
		this.#bell = new Bell(after)
		this.#gatherMs = gatherMs
	}

	append(messages: readonly Message[]): Promise<readonly bigint[]> {
		const result = new Promise<readonly bigint[]>((resolve, reject) => {
			const request: Request = { offsets: [], left: messages.length, failed: false, resolve, reject }
			for (const [index, message] of messages.entries()) {
				const bytes = Buffer.byteLength(message.key) + Buffer.byteLength(message.value)
				this.#queue.push({ message, bytes, index, request })
				this.#bytes += bytes
			}
		})
		if (this.#bytes >= GATHER_BYTES) this.#bell.ring()
		this.#running ??= this.#run()
		return result
	}

	/** Resolves when nothing is left to write. */
	async drained(): Promise<void> {
		this.#gatherMs = 0
		this.#bell.ring()
		await this.#running
	}

	async #run(): Promise<void> {
		if (this.#bytes < GATHER_BYTES && this.#gatherMs > 0) await this.#bell.wait(this.#gatherMs)
		while (this.#queue.length > 0) {
			const batch = this.#take()
			if (batch.length > 0) await this.#write(batch)
		}
		// In the same step as the last look at the queue: whoever appends from now on starts a new run.
		this.#running = undefined
	}

	/** The head of the queue, up to the size of a commit; one message that is larger goes alone. */
	#take(): readonly Waiting[] {
		let bytes = 0
		let count = 0
		for (const waiting of this.#queue) {
			if (count === GATHER_COUNT || (count > 0 && bytes + waiting.bytes > GATHER_BYTES)) break
			bytes += waiting.bytes
			count += 1
		}
		this.#bytes -= bytes
		return this.#queue.splice(0, count).filter(({ request }) => !request.failed)
	}

	async #write(batch: readonly Waiting[]): Promise<void> {
		try {
			const first = await this.#commit(batch.map(({ message }) => message))
			for (const [i, { request, index }] of batch.entries()) {
				request.offsets[index] = first + BigInt(i)
				request.left -= 1
				if (request.left === 0) request.resolve(request.offsets)
			}
		} catch (error) {
			for (const { request } of batch) {
				request.failed = true
				request.reject(error)
			}
		}
	}
}

/** The error as it is if it says already whether to try again, otherwise as the cause of a `LogUnavailable`. */
export const unavailable = (what: string, cause: unknown): LogUnavailable =>
	cause instanceof LogUnavailable ? cause : new LogUnavailable(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
