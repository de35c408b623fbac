/** The entries of a joined cell, by the marks that people put between them. */
export const entriesOf = (text: string): readonly string[] =>
	text
		.split(/[、;；\n\r|]+|,(?!\d{3}(?:\D|$))|，|\s\/\s/)
		.map((each) => each.trim())
		.filter((each) => each !== "")
