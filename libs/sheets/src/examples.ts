import { decodeWire } from "@yima/schemas"
import { Result } from "effect"
import { type Row, textCell } from "./cell.ts"
import type { Example, Profile } from "./profile.ts"
import { behind, cloudEvent, readings } from "./reading.ts"
import type { SheetProblem } from "./sheet-problem.ts"
import { openTable } from "./table.ts"

async function* sheetOf({ row, rows = [] }: Example): AsyncGenerator<Row> {
	const all = [row, ...rows]
	const headings = [...new Set(all.flatMap(Object.keys))]
	const row1 = (texts: readonly string[], number: number): Row => ({ number, cells: texts.map(textCell), isHidden: false })
	yield row1(headings, 1)
	for (const [n, each] of all.entries())
		yield row1(
			headings.map((heading) => each[heading] ?? ""),
			n + 2,
		)
}

/** What an example's rows come to: types of events, and everything that is wrong. */
const outcomeOf = async (profile: Profile, example: Example): Promise<{ readonly types: readonly string[]; readonly problems: readonly SheetProblem[] }> => {
	const table = await openTable(null, sheetOf(example), profile)
	const [types, problems]: [string[], SheetProblem[]] = [[], []]
	for await (const reading of readings(profile, table)) {
		problems.push(...reading.problems)
		for (const draft of reading.drafts) {
			const decoded = decodeWire(cloudEvent(profile, draft, `${reading.key}@1`, null))
			const [first] = reading.rows
			if (Result.isSuccess(decoded)) types.push(draft.type)
			else if (first !== undefined) problems.push(...decoded.failure.map((each) => behind(profile, table, draft, each, first)))
		}
	}
	return { types, problems }
}

/** Which of a profile's own examples do not come out as they say, each in a sentence; none: it does what it says. */
export const exampleFailures = async (profile: Profile): Promise<readonly string[]> => {
	const found: string[] = []
	for (const example of profile.examples) {
		const { types, problems } = await outcomeOf(profile, example)
		const shown = problems.map(({ column, code, value, message }) => `${column} ${code}「${value}」${message}`).join(";")
		if (example.gives !== undefined && (problems.length > 0 || types.join() !== example.gives.join()))
			found.push(`「${example.about}」应得 ${example.gives.join("、")},得 ${types.join("、")} ${shown}`)
		const { fails } = example
		if (fails !== undefined && !problems.some((each) => each.column === fails.column && each.code === fails.code))
			found.push(`「${example.about}」应在「${fails.column}」报 ${fails.code},得 ${types.join("、")} ${shown}`)
	}
	return found
}
