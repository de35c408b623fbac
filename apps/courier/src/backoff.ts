/** Between which waits a wait doubles, ms. */
export interface Bounds {
	readonly least: number
	readonly most: number
}

/** How long to wait after so many failures in a row, ms: doubled each time, and anywhere in its upper half, lest all come back at once. `random`: 0 to 1. */
export const backoff = (failures: number, { least, most }: Bounds, random: number): number =>
	Math.round(Math.min(most, least * 2 ** Math.min(failures - 1, 30)) * (0.5 + random / 2))
