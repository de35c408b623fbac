import { type Line, linesOf, takesIn } from "./line.ts"

/** The latest joint acceptance passed (联合验收): the first pass after the last failure; undefined: none, or it failed. */
export const acceptance = (lines: readonly Line[]): Line<"construction.acceptance-passed" | "construction.acceptance-failed"> | undefined => {
	const results = linesOf(lines, "construction.acceptance-passed", "construction.acceptance-failed").filter(takesIn)
	return results[results.findLastIndex((line) => line.type === "construction.acceptance-failed") + 1]
}
