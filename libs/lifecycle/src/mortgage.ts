import {
	type Code,
	type Decimal,
	type EventKey,
	inOrder,
	type LocalDate,
	localDate,
	type Moment,
	normalForm,
	type Scope,
	scopeOf,
	surelyBefore,
} from "@yima/schemas"
import type { Says, Who } from "./fact.ts"
import { absolute } from "./facts.ts"
import { type Ends, type Line, linesOf, takesIn } from "./line.ts"

/** 抵押权 as of a moment. */
export interface Mortgage {
	readonly proofNo: string
	readonly kind: "land" | "construction" | "unit" | "priority-notice"
	readonly rank: number | null
	/** Registered, not discharged and not amended away for this scope; its `toOn` ends no mortgage. */
	readonly active: boolean
	readonly mortgagee: Who
	readonly mortgagor: Who
	readonly debtCny: Decimal | null
	readonly fromOn: LocalDate
	readonly toOn: LocalDate | null
	readonly scope: Scope
	/** The mortgagee has agreed to the sale, since then. */
	readonly consentedAt: Moment | null
	readonly dischargedAt: Moment | null
	/** An amendment's list leaves this scope out, since then. */
	readonly leftOutAt: Moment | null
	readonly event: EventKey
	readonly events: readonly EventKey[]
}

type Registered = Line<"finance.mortgage-registered">

/**
 * An amendment's list says what the mortgage covers from then on; it reaches every scope that it covered before, and those that
 * it takes in. `sources`: the scope, what it lies in, and their earlier codes: naming any of them names it.
 */
const leavesOut = (line: Line<"finance.mortgage-amended">, sources: readonly Scope[]): boolean => {
	const { units } = line.says
	if (units === undefined || line.fact.at !== undefined) return false
	return !units.some((tail) => sources.includes(scopeOf(absolute(line.from, tail) as Code)))
}

/** The act with which the acts so far end it: each of two merged flats may have been freed by one of its own. */
const together = (acts: readonly Line[], started: Line, ends: Ends): Line | undefined => {
	const stands: Scope[] = []
	return acts.find((act) => {
		stands.push(...act.stands)
		return ends(stands, started)
	})
}

/** All mortgages that a scope sees, by rank, then in order. */
export const mortgages = (sources: readonly Scope[], lines: readonly Line[], endsWhole: Ends): readonly Mortgage[] => {
	const [scope = "registry"] = sources
	const byNumber = new Map<string, Registered>()
	for (const line of linesOf(lines, "finance.mortgage-registered")) byNumber.set(normalForm(line.says.proofNo), line)
	const found = [...byNumber].map(([no, registered]) => {
		const about = linesOf(lines, "finance.mortgage-amended", "finance.mortgage-discharged", "finance.sale-consented", "finance.sale-notified").filter(
			(line) => normalForm(line.says.proofNo) === no && !surelyBefore(line, registered),
		)
		const ends = (type: "finance.mortgage-discharged" | "finance.sale-consented") => together(linesOf(about, type).filter(takesIn), registered, endsWhole)
		const amendments = linesOf(about, "finance.mortgage-amended")
		const terms = Object.assign({}, registered.says, ...amendments.map((line) => line.says)) as Says<"finance.mortgage-registered">
		const discharge = ends("finance.mortgage-discharged")
		const lastList = amendments.filter((line) => line.says.units !== undefined).at(-1)
		const leftOut = lastList !== undefined && leavesOut(lastList, sources) ? lastList.time : null
		const view: Mortgage = {
			proofNo: registered.says.proofNo,
			kind: terms.kind,
			rank: terms.rank ?? null,
			active: discharge === undefined && leftOut === null,
			mortgagee: terms.mortgagee,
			mortgagor: terms.mortgagor,
			debtCny: terms.debtCny ?? null,
			fromOn: terms.fromOn ?? localDate(registered.time),
			toOn: terms.toOn ?? null,
			scope: sources.includes(registered.from) ? registered.from : scope,
			consentedAt: ends("finance.sale-consented")?.time ?? null,
			dischargedAt: discharge?.time ?? null,
			leftOutAt: leftOut,
			event: registered.key,
			events: [registered, ...about].map((line) => line.key),
		}
		return { view, registered }
	})
	return found
		.sort((a, b) => (a.view.rank ?? Number.MAX_SAFE_INTEGER) - (b.view.rank ?? Number.MAX_SAFE_INTEGER) || inOrder(a.registered, b.registered))
		.map((each) => each.view)
}
