import type { Unit } from "@yima/lifecycle"
import { aboveUnit, deadlines, type Judgement, nextSteps, type Readiness, readinessOf, type Step } from "@yima/rules"
import { type Entry, type EventKey, type Known, type Moment, parseMoment, type Scope, stepAt } from "@yima/schemas"
import { entryOf, incremental, type Json, viewAt, type World } from "@yima/test-kit"
import { judging } from "./judging.ts"
import { FLAT } from "./life.ts"
import { taking } from "./taking.ts"

const LATEST = Number.MAX_SAFE_INTEGER as Known
const START = parseMoment("2023-06-20T09:00:00+08:00") as Moment
const DAY = 24 * 3_600_000_000

/** Where an act comes late, what had been done before it turns out to have been done too early. */
const OUT_OF_ORDER: readonly string[] = ["C06", "C08", "C20", "C21", "C25", "C38", "C41", "C42"]

/**
 * What a step raises and a later one clears: what a settlement adds to the price is invoiced next; a flat is sold over the notice of one who
 * did not buy it, which is then deregistered.
 */
const PASSING: Readonly<Record<string, readonly string[]>> = { "sales.area-settled": ["C27"], "sales.contract-filed": ["C05"] }

/**
 * After these it is asked anew what comes next: which contract is left, what is due now, what was ever said of a building or project that
 * nobody had named.
 */
const REVEALING: readonly string[] = ["sales.contract-cancelled", "sales.area-settled", "project.scoped", "survey.predicted"]

interface Seen {
	readonly world: World
	readonly unit: Unit
	readonly readiness: Readiness
	readonly steps: readonly Step[]
	readonly judged: readonly Judgement[]
}

const see = (entries: readonly Entry[], asOf: Moment): Seen => {
	const world = incremental({ batches: [entries] })
	const judgementOf = judging(world, asOf)
	const own = judgementOf(FLAT) as Judgement<Unit>
	const unit = own.view
	const above = aboveUnit(unit).flatMap((scope) => judgementOf(scope) ?? [])
	const readiness = readinessOf(own, above)
	const judged = [own, ...above]
	const limits = judged.flatMap((each) => deadlines(each.view, each.scene))
	return { world, unit, readiness, steps: nextSteps(unit, readiness, limits), judged }
}

/** What is found wrong, as `code scope`. */
const foundIn = ({ judged }: Seen): readonly string[] => judged.flatMap((each) => each.findings.map(({ code, scope }) => `${code} ${scope}`))
const without = (all: readonly string[], codes: readonly string[]) => all.filter((each) => !codes.includes(each.slice(0, 3)))

const shown = (step: Step): string => `${step.condition ?? step.finding} ${step.eventType} ${step.title}`

/** `late`: an act that was done in time is reported late; else it is done only now. */
export interface Start {
	readonly given: readonly Json[]
	readonly late: readonly Json[]
}

/** Takes step after step, until there is none; answers what was wrong on the way, and what was done. */
export const taken = ({ given, late }: Start): { readonly wrong: readonly string[]; readonly log: readonly string[] } => {
	const [wrong, log]: [string[], string[]] = [[], []]
	const entries = given.map((json, at) => entryOf(json, at + 1, 0, at))
	let [at, before] = [START, see(entries, START)]
	for (let round = 1; round <= 8 && before.steps.length > 0; round++) {
		for (const [n, step] of before.steps.entries()) {
			at = (at + DAY) as Moment
			const now = see(entries, at)
			const [original] = late.filter((each) => each["type"] === `yima.${step.eventType}.v1`)
			const json = taking(step, {
				unit: now.unit,
				n: entries.length + 100,
				at: original === undefined ? at : (parseMoment(String(original["time"])) as Moment),
				findings: now.judged.flatMap((each) => each.findings),
				viewOf: (scope: Scope) => viewAt(now.world, scope, at, LATEST),
			})
			const entry = entryOf(json, entries.length + 1, 0, entries.length)
			entries.push(entry)
			const after = see(entries, at)
			log.push(`${round}: ${shown(step)} ${JSON.stringify(json["data"])}`)
			const place = stepAt(after.world.settled.get(entry.event.key as EventKey) ?? [], LATEST)?.place
			if (place?.is !== "PLACED") wrong.push(`${shown(step)}: not placed, ${JSON.stringify(place)}`)
			const known = foundIn(now)
			const tolerated = [...(PASSING[step.eventType] ?? []), ...(late.length > 0 ? [] : OUT_OF_ORDER)]
			const raised = without(foundIn(after), tolerated).filter((each) => !known.includes(each))
			if (raised.length > 0) wrong.push(`${shown(step)}: raises ${raised}`)
			const isRevealing = REVEALING.includes(step.eventType)
			const isLast = !before.steps.slice(n + 1).some((each) => each.condition === step.condition && each.finding === step.finding)
			if (isLast && step.condition !== null && !isRevealing && after.readiness.blocking.some((each) => each.id === step.condition))
				wrong.push(`${shown(step)}: ${step.condition} is still not met`)
			if (isLast && step.finding !== null && after.readiness.blockingFindings.some((each) => each.code === step.finding))
				wrong.push(`${shown(step)}: ${step.finding} is still open`)
			if (isRevealing) break
		}
		before = see(entries, at)
	}
	const { ready, blocking, blockingFindings } = before.readiness
	if (!ready) wrong.push(`not ready: ${[...blocking.map((each) => each.id), ...blockingFindings.map((each) => each.code)]}`)
	if (ready && before.steps.length > 0) wrong.push(`ready, and yet: ${before.steps.map(shown)}`)
	const untouched = foundIn(see(entries.slice(0, given.length), at))
	const left = without(foundIn(before), late.length > 0 ? [] : OUT_OF_ORDER).filter((each) => !untouched.includes(each))
	if (left.length > 0) wrong.push(`leaves ${left}`)
	return { wrong, log }
}

/** What was wrong while steps were taken, with all that was done; empty: nothing. */
export const report = (start: Start): string => {
	const { wrong, log } = taken(start)
	return wrong.length === 0 ? "" : [...wrong, "", ...log].join("\n")
}

/** Something still names the flat. */
export const isKnown = (given: readonly Json[]): boolean =>
	viewAt(incremental({ batches: [given.map((json, at) => entryOf(json, at + 1, 0, at))] }), FLAT, START, LATEST) !== null
