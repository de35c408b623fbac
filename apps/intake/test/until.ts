/** Waits until something holds, and says what did not if it takes too long. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> => {
	const end = performance.now() + withinMs
	while (!(await holds())) {
		if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
		await new Promise((resolve) => setTimeout(resolve, 20))
	}
}
