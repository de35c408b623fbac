import { stringify } from "yaml"
import type { Row } from "./cell.ts"
import { sheetsOf } from "./open.ts"
import type { Profile } from "./profile.ts"
import { findHead, headingsOf, LOOKED_AT } from "./table.ts"

/** A profile proposed from a sheet: YAML to be looked through, and of which known profile it is made. */
export interface Proposal {
	readonly yaml: string
	readonly like: string | null
}

const startOf = async (path: string): Promise<readonly Row[]> => {
	const start: Row[] = []
	for await (const { rows } of sheetsOf(path)) {
		for await (const row of rows) {
			start.push(row)
			if (start.length === LOOKED_AT) break
		}
		if (start.some((row) => row.cells.some((cell) => cell !== null))) break
	}
	return start
}

const comment = (text: string): string => `# ${text}\n`

/** Of a sheet that is like no known one: every heading as a text, the first as the key; which event it makes is for a person to say. */
const bare = (headings: readonly string[]): string =>
	comment("没有相近的方案。请写明各列怎样读(as)、行的键(key)与所成的事件(events);写法见 docs/add-a-profile.md") +
	stringify({
		title: "新方案",
		department: "",
		source: "urn:jz:",
		key: headings.slice(0, 1),
		columns: Object.fromEntries(headings.map((heading, at) => [heading, { headings: [heading], as: "text", ...(at === 0 ? { required: true } : {}) }])),
		events: [],
		examples: [],
	})

/** Proposes a profile for a sheet by the known one whose headings it has most of. Fails with `SheetUnreadable` where the file cannot be read. */
export const propose = async (path: string, known: readonly Profile[]): Promise<Proposal> => {
	const rows = await startOf(path)
	const heads = known.flatMap((profile) => {
		const head = findHead(rows, profile.columns)
		return head === null ? [] : [{ profile, head }]
	})
	const [best] = heads.sort((a, b) => b.head.columns.size - a.head.columns.size || a.head.missing.length - b.head.missing.length)
	const widest = rows.reduce<Row | null>(
		(most, row) => (row.cells.filter((cell) => cell !== null).length > (most?.cells.filter((cell) => cell !== null).length ?? 0) ? row : most),
		null,
	)
	if (best === undefined || best.head.columns.size < 2)
		return { yaml: bare(widest?.cells.flatMap((cell) => (cell === null ? [] : [cell.text])) ?? []), like: null }
	const { profile, head } = best
	const { name, columns, examples: _, ...rest } = profile
	const used = new Set([...head.columns.values()].map((found) => found.heading))
	const left = headingsOf(rows.slice(head.from, head.from + head.depth)).filter((heading) => heading !== "" && !used.has(heading))
	const own = Object.entries(columns).map(([column, spec]) => [
		column,
		{ ...spec, headings: [head.columns.get(column)?.heading ?? spec.headings[0] ?? column] },
	])
	const first = rows[head.from + head.depth]
	const row = Object.fromEntries([...head.columns].flatMap(([, { at, heading }]) => (first?.cells[at] ? [[heading, first.cells[at].text]] : [])))
	const yaml =
		comment(`由「${profile.title}」(${name})拟成,请逐列核对`) +
		(head.missing.length > 0 ? comment(`表中没有必需的列:${head.missing.join("、")}`) : "") +
		(left.length > 0 ? comment(`没有用到的表头:${left.join("、")}`) : "") +
		stringify({
			...rest,
			columns: Object.fromEntries(own),
			examples: [{ about: "表中的第一行", row, gives: rest.events.slice(0, 1).map((each) => each.type) }],
		})
	return { yaml, like: name }
}
