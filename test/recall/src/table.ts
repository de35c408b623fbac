/** A table as the formatter of the pages wants it: no cell breaks a line or a column. */
export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
	const line = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`
	return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")
}
