import type { SubmitResult } from "@yima/schemas"
import type { Limits } from "./limits.ts"
import { type Line, LineCutter } from "./lines.ts"
import { problemLine, type Refusal, refusalOf } from "./refusal.ts"
import type { Input } from "./submit.ts"

/** Pieces of a stream that are on their way into the log at once: while one is written, the next is read and sealed. */
const FLYING = 2

/** A promise that is renewed each time it is kept: something has changed, look again. */
class Bell {
	#ring: () => void = () => undefined
	#next = new Promise<void>((resolve) => {
		this.#ring = resolve
	})
	get rung(): Promise<void> {
		return this.#next
	}
	ring(): void {
		const ring = this.#ring
		this.#next = new Promise((resolve) => {
			this.#ring = resolve
		})
		ring()
	}
}

export interface Streaming {
	readonly pieces: AsyncGenerator<Uint8Array>
	readonly limits: Limits
	readonly submit: (inputs: readonly Input[]) => Promise<readonly SubmitResult[]>
	/** Aborted when the sender is gone. */
	readonly signal: AbortSignal
	/** Aborted, with a `Refusal` as its reason, when the process is to stop. */
	readonly stop: AbortSignal
	readonly failed: (error: unknown) => void
}

/** The answer as bytes, and when nothing more of it is under way. */
export interface Answering {
	readonly body: ReadableStream<Uint8Array>
	/** Resolves with the first line of the answer (or its end); fails where there is none because nothing could be taken in. */
	readonly begun: Promise<void>
	readonly ended: Promise<void>
}

const utf8 = new TextEncoder()

/**
 * Answers a stream of lines with a stream of results, one for each, in the same order. Reads on only while few pieces are on their way and
 * few answers unread, so that a slow log or reader slows the sender, whatever the stream's length.
 * After a failure the answers stand that were given, one last line says what happened, and the stream ends.
 */
export const answering = ({ pieces, limits, submit, signal, stop, failed }: Streaming): Answering => {
	const bell = new Bell()
	const ring = () => bell.ring()
	let gone = false
	let failure: Refusal | undefined
	let flying = 0
	let answered = Promise.resolve()
	let begin: () => void = () => undefined
	let refuse: (failure: Refusal) => void = () => undefined
	const begun = new Promise<void>((resolve, reject) => {
		begin = resolve
		refuse = reject
	})
	begun.catch(() => undefined)

	const leave = () => {
		gone = true
		ring()
	}
	signal.addEventListener("abort", leave)
	stop.addEventListener("abort", ring)
	if (signal.aborted) gone = true

	let controller: ReadableStreamDefaultController<Uint8Array> | undefined
	const body = new ReadableStream<Uint8Array>(
		{
			start: (given) => {
				controller = given
			},
			pull: ring,
			cancel: leave,
		},
		new ByteLengthQueuingStrategy({ highWaterMark: limits.unreadBytes }),
	)

	const say = async (text: string): Promise<void> => {
		if (gone) return
		controller?.enqueue(utf8.encode(text))
		begin()
		while (!gone && !stop.aborted && (controller?.desiredSize ?? 1) <= 0) await bell.rung
	}

	const send = (inputs: readonly Input[]): void => {
		flying += 1
		const results = submit(inputs)
		const before = answered
		const answer = async () => {
			const settled = await Promise.allSettled([before, results])
			const [, said] = settled
			if (said.status === "rejected") {
				if (failure === undefined) failed(said.reason)
				failure ??= refusalOf(said.reason)
			} else if (failure === undefined) await say(said.value.map((result) => `${JSON.stringify(result)}\n`).join(""))
			flying -= 1
			ring()
		}
		answered = answer()
	}

	const read = async (): Promise<void> => {
		const cutter = new LineCutter(limits.lineBytes)
		const queue: Line[] = []
		let held = 0
		let ended = false
		let arrived: IteratorResult<Uint8Array> | undefined
		let reading: Promise<void> | undefined
		const readOn = async () => {
			try {
				arrived = await pieces.next()
			} catch (error) {
				failure ??= refusalOf(error)
			}
			ring()
		}
		const take = (lines: readonly Line[]) => {
			for (const line of lines) {
				queue.push(line)
				held += line.bytes
			}
		}
		const piece = (): readonly Input[] => {
			let [events, bytes] = [0, 0]
			while (events < queue.length && events < limits.pieceEvents && (events === 0 || bytes + (queue[events]?.bytes ?? 0) <= limits.pieceBytes)) {
				bytes += queue[events]?.bytes ?? 0
				events += 1
			}
			held -= bytes
			return queue.splice(0, events).map(({ input }) => input)
		}
		for (;;) {
			if (gone || failure !== undefined) return
			if (stop.aborted) {
				failure = refusalOf(stop.reason)
				return
			}
			const rung = bell.rung
			if (arrived !== undefined) {
				if (arrived.done === true) {
					ended = true
					take(cutter.finish())
				} else take(cutter.cut(arrived.value))
				arrived = undefined
				reading = undefined
			}
			if (queue.length > 0 && flying < FLYING) {
				send(piece())
				continue
			}
			if (ended && queue.length === 0) return
			if (!ended && reading === undefined && queue.length < limits.pieceEvents && held < limits.pieceBytes) reading = readOn()
			await rung
		}
	}

	const whole = async (): Promise<void> => {
		try {
			await read()
			await answered
			if (gone) refuse(refusalOf(failure))
			else if (failure !== undefined) {
				refuse(failure)
				controller?.enqueue(utf8.encode(problemLine(failure)))
			}
			begin()
			if (!gone) controller?.close()
		} finally {
			signal.removeEventListener("abort", leave)
			stop.removeEventListener("abort", ring)
			void pieces.return(undefined).catch(() => undefined)
		}
	}
	return { body, begun, ended: whole() }
}
