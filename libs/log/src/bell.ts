/** Runs something once after so many milliseconds; answers how to call it off. The clock of a simulation can stand in for the real one. */
export type After = (ms: number, run: () => void) => () => void

export const realTime: After = (ms, run) => {
	const timer = setTimeout(run, ms)
	return () => clearTimeout(timer)
}

/** One waits, others ring. A ring while nobody waits is kept for the next wait, so that no wake-up falls between two looks. */
export class Bell {
	readonly #after: After
	#rung = false
	#wake: (() => void) | undefined

	constructor(after: After) {
		this.#after = after
	}

	ring(): void {
		this.#rung = true
		this.#wake?.()
	}

	/** Until somebody rings, or for so long at most. */
	async wait(ms: number): Promise<void> {
		if (!this.#rung)
			await new Promise<void>((resolve) => {
				const callOff = this.#after(ms, resolve)
				this.#wake = () => {
					callOff()
					resolve()
				}
			})
		this.#wake = undefined
		this.#rung = false
	}
}
