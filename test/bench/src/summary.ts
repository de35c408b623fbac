/** Least, median and most of several runs. */
export interface Summary {
	readonly least: number
	readonly median: number
	readonly most: number
}

export const summary = (runs: readonly number[]): Summary => {
	const sorted = [...runs].sort((a, b) => a - b)
	return { least: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, most: sorted.at(-1) ?? 0 }
}

/** The value below which a share of the runs lies. */
export const quantile = (runs: readonly number[], share: number): number => [...runs].sort((a, b) => a - b)[Math.ceil(runs.length * share) - 1] ?? 0
