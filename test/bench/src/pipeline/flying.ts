/** Sends pieces in order, so many at once. */
export const flying = async <A>(pieces: Iterable<A>, atOnce: number, send: (piece: A) => Promise<unknown>): Promise<void> => {
	const rest = pieces[Symbol.iterator]()
	const one = async () => {
		for (let next = rest.next(); next.done !== true; next = rest.next()) await send(next.value)
	}
	await Promise.all(Array.from({ length: atOnce }, one))
}

export function* batched<A>(all: Iterable<A>, size: number): Generator<readonly A[], void, undefined> {
	let batch: A[] = []
	for (const each of all) {
		batch.push(each)
		if (batch.length < size) continue
		yield batch
		batch = []
	}
	if (batch.length > 0) yield batch
}

/** Seconds that some work takes. */
export const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
	const start = performance.now()
	await work()
	return (performance.now() - start) / 1000
}
