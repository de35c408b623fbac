import { summary } from "../summary.ts"

/** One round: what is ours, and the reference that was measured beside it. */
export interface Round {
	readonly ours: number
	readonly reference: number
}

/** A line of the table. */
export interface Row {
	readonly what: string
	/** What it is divided by. */
	readonly by: string
	readonly unit: string
	readonly rounds: readonly Round[]
	readonly aim?: string
	/** What helps to understand the figure. */
	readonly note?: string
}

/** What could not be measured, and why. */
export interface Skipped {
	readonly what: string
	readonly skipped: string
}

const figure = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3))

export const line = (row: Row | Skipped): string => {
	if ("skipped" in row) return `| ${row.what} | **skipped**: ${row.skipped} | | | | | |`
	const { what, by, unit, rounds, aim = "", note = "" } = row
	const ours = summary(rounds.map((each) => each.ours))
	const reference = summary(rounds.map((each) => each.reference))
	const ratio = summary(rounds.map((each) => each.ours / each.reference))
	const spread = rounds.length === 1 ? "one round" : `${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)}`
	return `| ${what} ÷ ${by} | ${figure(ours.median)} ${unit} | ${figure(reference.median)} ${unit} | **${ratio.median.toFixed(2)}** | ${spread} | ${aim} | ${note} |`
}

export const HEAD = "| measured ÷ reference | measured | reference | ratio | least–most | aim | |\n|---|---|---|---|---|---|---|"
