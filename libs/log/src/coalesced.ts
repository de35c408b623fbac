/**
 * A question that many ask at the same time: one is under way, and all who ask meanwhile get the answer of the next one, so that
 * nobody's answer is older than his question.
 */
export class Coalesced<A> {
	readonly #ask: () => Promise<A>
	#current: Promise<A> | undefined
	#next: Promise<A> | undefined

	constructor(ask: () => Promise<A>) {
		this.#ask = ask
	}

	get(): Promise<A> {
		if (this.#current === undefined) return this.#begin()
		this.#next ??= this.#current.then(
			() => this.#begin(),
			() => this.#begin(),
		)
		return this.#next
	}

	#begin(): Promise<A> {
		this.#next = undefined
		const current = this.#ask().finally(() => {
			if (this.#current === current) this.#current = undefined
		})
		this.#current = current
		return current
	}
}
