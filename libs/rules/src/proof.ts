import type { EventKey, Moment, TypeName } from "@yima/schemas"

declare const proven: unique symbol

/**
 * Why something holds or does not (理由): a statement, and what it follows from. Only `fact`, `all`, `any` and `not` make one, so that
 * deciding and explaining are one evaluation.
 */
export interface Proof {
	readonly statement: string
	readonly holds: boolean
	readonly evidence: readonly EventKey[]
	/** Since when it is so; null: nothing that happened made it so. */
	readonly since: Moment | null
	readonly parts: readonly Proof[]
	/** What would make a fact hold that does not, in order. */
	readonly cures: readonly Cure[]
	/** One of its parts would do. */
	readonly anyOf: boolean
	readonly [proven]: true
}

/** An act that is missing (补救): the event by which it becomes known, and whose turn it is if not the rule's own department's. */
export interface Cure {
	readonly type: TypeName
	readonly title: string
	readonly responsible?: string
}

const proof = (made: Omit<Proof, typeof proven>): Proof => made as Proof

/** What the facts themselves say. */
export const fact = (
	holds: boolean,
	statement: string,
	evidence: readonly EventKey[] = [],
	since: Moment | null = null,
	cures: Cure | readonly Cure[] = [],
): Proof => proof({ statement, holds, evidence, since, parts: [], cures: [cures].flat(), anyOf: false })

const latest = (all: readonly Proof[]): Moment | null =>
	all.length === 0 || all.some((each) => each.since === null) ? null : (Math.max(...all.map((each) => each.since ?? 0)) as Moment)
const earliest = (all: readonly Proof[]): Moment | null =>
	all.length === 0 || all.some((each) => each.since === null) ? null : (Math.min(...all.map((each) => each.since ?? 0)) as Moment)

/** Holds if every part does. Since: all of them do, or the first of those that fail does not. */
export const all = (statement: string, parts: readonly Proof[]): Proof => {
	const failing = parts.filter((each) => !each.holds)
	return proof({
		statement,
		holds: failing.length === 0,
		evidence: [],
		since: failing.length === 0 ? latest(parts) : earliest(failing),
		parts,
		cures: [],
		anyOf: false,
	})
}

/** Holds if some part does. */
export const any = (statement: string, parts: readonly Proof[]): Proof => {
	const holding = parts.filter((each) => each.holds)
	return proof({
		statement,
		holds: holding.length > 0,
		evidence: [],
		since: holding.length > 0 ? earliest(holding) : latest(parts),
		parts,
		cures: [],
		anyOf: true,
	})
}

/** Holds if its part does not. */
export const not = (statement: string, part: Proof): Proof =>
	proof({ statement, holds: !part.holds, evidence: [], since: part.since, parts: [part], cures: [], anyOf: false })

/** The root of a decision, above what decided it. */
export const ground = (statement: string, holds: boolean, parts: readonly Proof[]): Proof =>
	proof({ statement, holds, evidence: [], since: parts[0]?.since ?? null, parts, cures: [], anyOf: false })

/** An act that would make a fact hold, and the events for which it does not. */
export interface Wanted {
	readonly cure: Cure
	readonly evidence: readonly EventKey[]
}

/** The acts that would make a proof hold, in reading order: all that fail of `all`, the first of `any`. */
export const wantedBy = (root: Proof): readonly Wanted[] => {
	if (root.holds) return []
	if (root.cures.length > 0) return root.cures.map((cure) => ({ cure, evidence: root.evidence }))
	const failing = root.parts.filter((each) => !each.holds).map(wantedBy)
	return root.anyOf ? (failing.find((each) => each.length > 0) ?? []) : failing.flat()
}

/** All events that a proof rests on, in reading order. */
export const evidenceOf = ({ evidence, parts }: Proof): readonly EventKey[] => [...new Set([...evidence, ...parts.flatMap(evidenceOf)])]

/** One node of a proof in reading order; `parent` null: it decides. */
export interface Reason {
	readonly id: number
	readonly parent: number | null
	readonly statement: string
	readonly holds: boolean
	readonly evidence: readonly EventKey[]
}

export const reasonsOf = (root: Proof): readonly Reason[] => {
	const found: Reason[] = []
	const walk = ({ statement, holds, evidence, parts }: Proof, parent: number | null): void => {
		const id = found.length + 1
		found.push({ id, parent, statement, holds, evidence })
		for (const part of parts) walk(part, id)
	}
	walk(root, null)
	return found
}
