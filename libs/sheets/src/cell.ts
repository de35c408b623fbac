/** What a sheet has in one place. */
export interface Cell {
	/** As a person reads it, without blanks around it; never empty. */
	readonly text: string
	/** `number`, `date`: stored as such (XLSX), so that the text is ours; `lost`: a number whose last digits the sheet has not kept; `broken`: an error or a formula without a value. */
	readonly kind: "text" | "number" | "date" | "lost" | "broken"
}

/** One row of a sheet. `cells`: by column, from 0; null where nothing stands. */
export interface Row {
	/** As the sheet numbers it, from 1. */
	readonly number: number
	readonly cells: readonly (Cell | null)[]
	readonly isHidden: boolean
}

/** Text in which nobody sees a difference: half-width, no blanks inside, brackets and colons alike. */
export const plain = (text: string): string =>
	text
		.normalize("NFKC")
		.replace(/[\s\p{Default_Ignorable_Code_Point}]+/gu, "")
		.replace(/[〔【[]/g, "(")
		.replace(/[〕】\]]/g, ")")

export const textCell = (text: string): Cell | null => {
	// What a report of ours has made harmless (`report.ts`) is read as it was.
	const trimmed = text.replace(/^'(?=[=+\-@\t\r])/, "").replace(/^[\s\u00a0\u3000]+|[\s\u00a0\u3000]+$/g, "")
	return trimmed === "" ? null : { text: trimmed, kind: "text" }
}
