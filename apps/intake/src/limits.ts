const MB = 1_000_000

/** Bounds of what is taken in at once; none limits how much comes in all. */
export interface Limits {
	/** Body of a single event or a batch, unpacked, bytes. */
	readonly bodyBytes: number
	/** Events of a batch. */
	readonly batchEvents: number
	/** One line of a stream, bytes. */
	readonly lineBytes: number
	/** A stream is handed on in pieces of at most so many events and bytes. */
	readonly pieceEvents: number
	readonly pieceBytes: number
	/** Answers that a stream's sender has not read yet, bytes: beyond, no more is read from it. */
	readonly unreadBytes: number
	/** All requests together, bytes held. */
	readonly heldBytes: number
}

export const LIMITS: Limits = {
	bodyBytes: 10 * MB,
	batchEvents: 10_000,
	lineBytes: MB,
	pieceEvents: 500,
	pieceBytes: MB,
	unreadBytes: 4 * MB,
	heldBytes: 64 * MB,
}

/** Counts what all requests hold, so that many at once are told to come later instead of filling the memory. */
export class Holding {
	readonly #most: number
	#held = 0

	constructor(most: number) {
		this.#most = most
	}

	/** False where it does not fit; a single request that is alone always fits. */
	take(bytes: number): boolean {
		if (this.#held > 0 && this.#held + bytes > this.#most) return false
		this.#held += bytes
		return true
	}

	leave(bytes: number): void {
		this.#held -= bytes
	}
}
