import type { DerivedPlace, DerivedRow } from "@yima/registry"

/** A text that is no cursor of the derived stream. */
export class CursorWrong extends Error {
	readonly _tag = "CursorWrong"
	constructor(text: string) {
		super(`游标无法识别:「${text.slice(0, 60)}」;请用上一次得到的游标,从头开始则不写`)
	}
}

const PART = /^(\d{1,4})-(\d{1,15})$/

/** `partition-number` of each partition, by commas: the same text at every door. */
export const writeCursor = (place: DerivedPlace): string =>
	[...place]
		.filter(([, number]) => number > 0)
		.sort(([a], [b]) => a - b)
		.map(([partition, number]) => `${partition}-${number}`)
		.join(",")

/**
 * Reads what `writeCursor` wrote, or several of these one after the other: of each partition the farthest counts, so that whoever reads
 * partitions beside each other joins the cursors of what they have. Empty: the beginning. Fails with `CursorWrong`.
 */
export const readCursor = (text: string): DerivedPlace => {
	const place = new Map<number, number>()
	for (const part of text.split(",")) {
		if (part === "") continue
		const [, partition, number] = PART.exec(part) ?? []
		if (partition === undefined || number === undefined) throw new CursorWrong(text)
		place.set(Number(partition), Math.max(Number(number), place.get(Number(partition)) ?? 0))
	}
	return place
}

/** A row with the place behind it. */
export interface Told {
	readonly row: DerivedRow
	readonly place: DerivedPlace
}

/** Each row with its place, on a way that begins at `after`. */
export const withPlaces = (rows: readonly DerivedRow[], after: DerivedPlace): readonly Told[] => {
	const at = new Map(after)
	return rows.map((row) => {
		at.set(row.partition, row.number)
		return { row, place: new Map(at) }
	})
}

/** Whether everything before one place lies before another, too. */
export const isWithin = (place: DerivedPlace, other: DerivedPlace): boolean => [...place].every(([partition, number]) => number <= (other.get(partition) ?? 0))

/** The farther of two places, partition by partition. */
export const farther = (a: DerivedPlace, b: DerivedPlace): DerivedPlace => {
	const place = new Map(a)
	for (const [partition, number] of b) place.set(partition, Math.max(number, place.get(partition) ?? 0))
	return place
}
