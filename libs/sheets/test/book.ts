import { writeFileSync } from "node:fs"
import { strToU8, zipSync } from "fflate"

/** A cell of a test's sheet: a text, a number, or raw XML. */
export type Written = string | number | null | { readonly xml: string }

const escaped = (text: string): string =>
	text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replace(/[\p{Cc}\ufffe\uffff]/gu, "?")

const letters = (column: number): string => (column < 26 ? String.fromCharCode(65 + column) : letters(Math.floor(column / 26) - 1) + letters(column % 26))

const cellXml = (cell: Written, place: string): string => {
	if (cell === null) return ""
	if (typeof cell === "number") return `<c r="${place}"><v>${cell}</v></c>`
	if (typeof cell === "object") return cell.xml.replace("<c", `<c r="${place}"`)
	return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
}

export interface Sheet {
	readonly name?: string
	readonly rows: readonly (readonly Written[])[]
	readonly merged?: readonly string[]
	/** Numbers of hidden rows, from 1. */
	readonly hidden?: readonly number[]
	readonly isHidden?: boolean
}

const sheetXml = ({ rows, merged = [], hidden = [] }: Sheet): string =>
	`<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:Z${rows.length}"/><sheetData>${rows
		.map(
			(row, n) =>
				`<row r="${n + 1}"${hidden.includes(n + 1) ? ' hidden="1"' : ""}>${row.map((cell, at) => cellXml(cell, `${letters(at)}${n + 1}`)).join("")}</row>`,
		)
		.join("")}</sheetData>${merged.length === 0 ? "" : `<mergeCells>${merged.map((ref) => `<mergeCell ref="${ref}"/>`).join("")}</mergeCells>`}</worksheet>`

/** Writes an XLSX file. Style 1 is a date of Excel's own, 2 one of the sheet's. */
export const writeBook = (path: string, sheets: readonly Sheet[], more: { readonly is1904?: boolean; readonly shared?: readonly string[] } = {}): void => {
	const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	const ids = sheets.map((_, n) => `rId${n + 1}`)
	const files: Record<string, string> = {
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml": `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="urn:r"><workbookPr${more.is1904 ? ' date1904="1"' : ""}/><sheets>${sheets.map(({ name, isHidden }, n) => `<sheet name="${name ?? `表${n + 1}`}" sheetId="${n + 1}"${isHidden ? ' state="hidden"' : ""} r:id="${ids[n]}"/>`).join("")}</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${ids.map((id, n) => `<Relationship Id="${id}" Type="sheet" Target="worksheets/sheet${n + 1}.xml"/>`).join("")}</Relationships>`,
		"xl/styles.xml": `<?xml version="1.0"?><styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml": `<?xml version="1.0"?><sst xmlns="${main}">${(more.shared ?? []).map((text) => `<si><t>${escaped(text)}</t></si>`).join("")}</sst>`,
	}
	for (const [n, sheet] of sheets.entries()) files[`xl/worksheets/sheet${n + 1}.xml`] = sheetXml(sheet)
	writeFileSync(path, zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))))
}
