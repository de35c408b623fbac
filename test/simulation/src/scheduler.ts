import type { dice } from "@yima/test-convergence"

/** More steps than any run needs that ends at all. */
const MOST_STEPS = 100_000

/** One seeded scheduler: whoever waits at the gate goes on when the dice say so, one at a time. */
export class Scheduler {
	readonly #waiting: (() => void)[] = []
	readonly #dice: ReturnType<typeof dice>

	constructor(with_: ReturnType<typeof dice>) {
		this.#dice = with_
	}

	readonly gate = (): Promise<void> => new Promise((resolve) => this.#waiting.push(resolve))

	/** Runs until all is done; everything that the work awaits must pass the gate. */
	async run(work: Promise<unknown>): Promise<void> {
		let isDone = false
		const watched = work.finally(() => {
			isDone = true
		})
		for (let step = 0; ; step++) {
			if (step > MOST_STEPS) throw new Error("the simulation does not end: something waits for what does not pass the gate, or nothing comes of it")
			await new Promise(setImmediate)
			if (isDone) break
			const [next] = this.#waiting.splice(this.#dice.int(this.#waiting.length), 1)
			// In memory somebody always waits here; a real database answers when it does.
			if (next === undefined) await new Promise((resolve) => setTimeout(resolve, 1))
			else next()
		}
		await watched
	}
}
