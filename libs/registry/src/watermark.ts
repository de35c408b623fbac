import type { Known } from "@yima/schemas"

/** What a partition contributes: the recorded time that it has read up to, or, while its last turn is unchecked, up to which that turn could change nothing. */
export interface Reading {
	readonly known: Known
	readonly held: Known | null
}

/**
 * How far answers are promised: the least of what all partitions contribute, and of the instant before each waiting letter's `from`. A
 * partition that nobody has read anything from promises nothing. To be taken from the same snapshot as the rows that it is said of.
 */
export const watermarkOf = (readings: readonly Reading[], waiting: readonly (Known | null)[], partitions: number): Known =>
	readings.length < partitions
		? (0 as Known)
		: (Math.min(...readings.map(({ known, held }) => held ?? known), ...waiting.flatMap((from) => (from === null ? [] : [from - 1]))) as Known)
