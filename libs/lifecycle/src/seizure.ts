import { type EventKey, endOfDay, endOfMonthsAfter, inOrder, type Moment, normalForm, type Scope, startOfDay, surelyBefore } from "@yima/schemas"
import type { Says } from "./fact.ts"
import { type Ends, type Line, linesOf, takesIn } from "./line.ts"

/** 查封: in effect, waiting (轮候), lifted, or lapsed by time alone. */
export type SeizureState = "ACTIVE" | "WAITING" | "LIFTED" | "LAPSED"

/** 查封 as of a moment. */
export interface Seizure {
	readonly seizureNo: string
	readonly kind: "seizure" | "pre-seizure" | "waiting"
	readonly state: SeizureState
	readonly queuePosition: number | null
	readonly court: string
	readonly caseNo: string | null
	/** In effect from, to (exclusive); null while it never was. */
	readonly from: Moment | null
	readonly to: Moment | null
	readonly scope: Scope
	readonly liftedAt: Moment | null
	/** What its time was when it took effect, and from each renewal on (D09). */
	readonly periods: readonly Period[]
	/** Renewals and lifts that came after its end and changed nothing (C10). */
	readonly idle: readonly EventKey[]
	readonly event: EventKey
	readonly events: readonly EventKey[]
}

/** One stretch of a seizure: until it ends of itself (exclusive), by the seizure or the renewal. */
export interface Period {
	readonly from: Moment
	readonly to: Moment
	readonly event: EventKey
}

/** 三年: the longest that one seizure or renewal holds real property (民诉解释 485). */
const MOST_MONTHS = 36

interface Running {
	readonly line: Line<"judicial.seized">
	readonly terms: Says<"judicial.seized">
	state: "FUTURE" | SeizureState
	from: Moment | null
	to: Moment | null
	liftedAt: Moment | null
	readonly periods: Period[]
	readonly idle: EventKey[]
	readonly events: EventKey[]
	/** Where lifts stand that were said so far. */
	readonly lifted: Scope[]
}

const least = (...moments: readonly (Moment | null)[]): Moment => Math.min(...moments.filter((each) => each !== null)) as Moment

/** From when a seizure may count: the later of its event and of the day that it states. */
const counts = (line: Line<"judicial.seized">): Moment =>
	Math.max(line.time, line.says.fromOn === undefined ? line.time : startOfDay(line.says.fromOn)) as Moment

const stated = (terms: Says<"judicial.seized">): Moment | null => (terms.toOn === undefined ? null : endOfDay(terms.toOn))

const begin = (each: Running, at: Moment): void => {
	each.state = "ACTIVE"
	each.from = at
	const to = least(stated(each.terms) ?? endOfMonthsAfter(at, each.terms.termMonths ?? MOST_MONTHS), endOfMonthsAfter(at, MOST_MONTHS))
	each.to = to
	each.periods.push({ from: at, to, event: each.line.key })
}

/** What those who wait are ordered by: their place in the queue, absent last, then (time, source, id). */
const inQueue = (a: Running, b: Running): number =>
	(a.terms.queuePosition ?? Number.MAX_SAFE_INTEGER) - (b.terms.queuePosition ?? Number.MAX_SAFE_INTEGER) || inOrder(a.line, b.line)

/**
 * All seizures that a scope sees, as of `asOf`: what happened is played moment by moment, so that what came later never
 * changes which was in effect before (`semantics.md` §7).
 */
export const seizures = (lines: readonly Line[], asOf: Moment, ends: Ends): readonly Seizure[] => {
	const all: Running[] = linesOf(lines, "judicial.seized")
		.filter(takesIn)
		.map((line) => ({ line, terms: line.says, state: "FUTURE", from: null, to: null, liftedAt: null, periods: [], idle: [], events: [line.key], lifted: [] }))
	const acts = linesOf(lines, "judicial.seizure-renewed", "judicial.seizure-lifted")
	const numbered = (no: string) => all.filter((each) => normalForm(each.terms.seizureNo) === normalForm(no))
	const waits = (each: Running) => each.terms.kind === "waiting"
	const isOpen = (each: Running) => each.state === "FUTURE" || each.state === "ACTIVE" || each.state === "WAITING"

	/** The next moment at which time alone ends or begins something; a waiting one may lapse by its own date. */
	const nextTurn = (after: Moment): Moment | null => {
		const moments = all.flatMap((each) => {
			if (each.state === "FUTURE") return [counts(each.line)]
			if (each.state === "ACTIVE") return [each.to]
			return each.state === "WAITING" ? [stated(each.terms)] : []
		})
		const later = moments.filter((each) => each !== null && each > after)
		return later.length === 0 ? null : least(...later)
	}

	const lapse = (at: Moment): void => {
		for (const each of all) {
			const end = each.state === "ACTIVE" ? each.to : each.state === "WAITING" ? stated(each.terms) : null
			if (end !== null && end <= at) each.state = "LAPSED"
		}
	}

	const start = (at: Moment): void => {
		for (const each of all) {
			if (each.state !== "FUTURE" || counts(each.line) > at) continue
			if (waits(each)) each.state = "WAITING"
			else begin(each, at)
		}
		lapse(at)
	}

	const advance = (at: Moment): void => {
		if (all.some((each) => each.state === "ACTIVE")) return
		const [first] = all.filter((each) => each.state === "WAITING").sort(inQueue)
		if (first !== undefined) begin(first, at)
		if (first?.to !== null && first !== undefined && first.to <= at) {
			first.state = "LAPSED"
			advance(at)
		}
	}

	/** Each of two merged flats may be freed by a lift of its own. */
	const isLifted = (act: Line, each: Running): boolean => {
		if (!takesIn(act)) return false
		each.lifted.push(...act.stands)
		return ends(each.lifted, each.line)
	}

	const apply = (act: (typeof acts)[number]): void => {
		for (const each of numbered(act.says.seizureNo)) {
			if (surelyBefore(act, each.line) || (act.type === "judicial.seizure-lifted" && !isLifted(act, each))) continue
			each.events.push(act.key)
			if (!isOpen(each)) each.idle.push(act.key)
			else if (act.type === "judicial.seizure-lifted") {
				each.state = "LIFTED"
				each.liftedAt = act.time
				each.to = each.from === null ? null : (Math.max(each.from, act.time) as Moment)
			} else if (each.state === "ACTIVE") {
				const to = least(endOfDay(act.says.toOn), endOfMonthsAfter(act.time, MOST_MONTHS))
				each.to = to
				each.periods.push({ from: act.time, to, event: act.key })
			} else Object.assign(each, { terms: { ...each.terms, toOn: act.says.toOn } })
		}
	}

	// An act known by its day only may stand before its seizure in the same day: it is applied once that has begun.
	const actTime = (act: (typeof acts)[number]): Moment =>
		Math.max(act.time, ...numbered(act.says.seizureNo).flatMap((each) => (surelyBefore(act, each.line) ? [] : [each.line.time]))) as Moment
	const queue = acts
		.map((act) => ({ act, at: actTime(act) }))
		.filter(({ at }) => at <= asOf)
		.sort((a, b) => a.at - b.at || inOrder(a.act, b.act))
	const turn = (at: Moment): void => {
		lapse(at)
		start(at)
		for (let next = queue[0]; next !== undefined && next.at <= at; next = queue[0]) {
			apply(next.act)
			queue.shift()
		}
		// A renewal may name a day that has passed.
		lapse(at)
		advance(at)
	}
	let now = Number.NEGATIVE_INFINITY as Moment
	for (;;) {
		const [byTime, byAct] = [nextTurn(now), queue[0]?.at ?? null]
		if (byTime === null && byAct === null) break
		const at = least(byTime, byAct)
		if (at > asOf) break
		turn(at)
		now = at
	}
	return all
		.sort((a, b) => Number(a.from === null) - Number(b.from === null) || (a.from ?? 0) - (b.from ?? 0) || inQueue(a, b))
		.map(({ line, terms, state, from, to, liftedAt, periods, idle, events }) => ({
			seizureNo: terms.seizureNo,
			kind: terms.kind,
			state: state === "FUTURE" ? "WAITING" : state,
			queuePosition: terms.queuePosition ?? null,
			court: terms.court,
			caseNo: terms.caseNo ?? null,
			from,
			to,
			scope: line.from,
			liftedAt,
			periods,
			idle,
			event: line.key,
			events,
		}))
}

/** A seizure's state as something that stops a sale: waiting ones block nothing. */
export const isInEffect = (seizure: Seizure): boolean => seizure.state === "ACTIVE"
