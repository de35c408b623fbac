/** Stable codes of what can be wrong with a code. */
export type ProblemRule =
	| "length"
	| "digit"
	| "ownership-letter"
	| "right-letter"
	| "collective-only"
	| "parcel-serial"
	| "fixture-letter"
	| "no-fixture-number"
	| "fixture-number"
	| "building-number"
	| "several-buildings"
	| "unit-serial"
	| "county-unlisted"

/** Stable codes of what is read but deserves a second look. */
export type WarningRule = "not-on-a-parcel" | "virtual-unit" | "overflow-serial" | "county-unlisted"

export interface Remark<Rule extends string> {
	readonly rule: Rule
	/** Counted from 1 in the normalised text; null when no one place is to blame. */
	readonly position: number | null
	readonly found: string
	/** For people: names the position, what was found there and the rule. */
	readonly message: string
}

export interface Problem extends Remark<ProblemRule> {
	/** What looks like the character found and would fit there. Never applied by itself. */
	readonly suggestion?: string
}

export type Warning = Remark<WarningRule>

export type Reading<C> =
	| { readonly ok: true; readonly code: C; readonly warnings: readonly Warning[] }
	| { readonly ok: false; readonly problems: readonly Problem[] }

/** A character or text as a message shows it: short, and visible even if it would not print. */
export const shown = (text: string): string => {
	const short = [...text.slice(0, 80)]
	const visible = short.slice(0, 40).map((c) => (/[\p{C}\p{M}]/u.test(c) ? `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}` : c))
	return `「${visible.join("")}${short.length > 40 ? "…" : ""}」`
}
