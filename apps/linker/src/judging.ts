import { at, nextDue, type Stage, type States, stageOf, type Unit, type View } from "@yima/lifecycle"
import type { DeadlineRow, FindingRow, Judged } from "@yima/registry"
import {
	aboveUnit,
	actsOf,
	type Deadline,
	deadlines,
	type Finding,
	type Judgement,
	judge,
	type Members,
	nextDeadline,
	nextFinding,
	type RuleSet,
	readinessOf,
	summaryOf,
	unitSummaryOf,
} from "@yima/rules"
import type { EventKey, Known, Moment, Scope } from "@yima/schemas"

/** What has become of a scope, as of one moment and by all that is known. */
export interface Judging {
	readonly view: View | null
	readonly stage: Stage | null
	/** What a unit's stage rests on. */
	readonly because: EventKey | null
	/** Null: nobody names the scope any more, or it is retired and counts nowhere. */
	readonly judged: Judged | null
	readonly findings: readonly Finding[]
	readonly deadlines: readonly Deadline[]
	/** When time alone changes it next. */
	readonly due: Moment | null
}

const LATEST = Number.MAX_SAFE_INTEGER as Known

const NOTHING: Judged = { project: null, sold: false, ready: false, unmet: [], excused: [], blocks: [], acts: {} }

export const earliest = (...moments: readonly (Moment | null)[]): Moment | null => {
	const known = moments.filter((each) => each !== null)
	return known.length === 0 ? null : (Math.min(...known) as Moment)
}

/** Judges scopes by the states that their views read; each once, for many units lie below one parcel. */
export class Judges {
	readonly #states: States
	readonly #asOf: Moment
	readonly #ruleSet: RuleSet | undefined
	readonly #judged = new Map<Scope, Judgement | null>()

	/** `ruleSet`: to try, in place of the one that was adopted. */
	constructor(states: States, asOf: Moment, ruleSet?: RuleSet) {
		this.#ruleSet = ruleSet
		this.#states = states
		this.#asOf = asOf
	}

	judgement(scope: Scope): Judgement | null {
		const known = this.#judged.get(scope)
		if (known !== undefined) return known
		const view = scope === "registry" ? null : at(scope, this.#states, this.#asOf, LATEST)
		const judgement = view === null ? null : judge(view, this.#asOf, this.#ruleSet)
		this.#judged.set(scope, judgement)
		return judgement
	}

	/** A unit with what stands above it; null: nobody names it, or it is none. */
	unit(scope: Scope): { readonly own: Judgement<Unit>; readonly above: readonly Judgement[] } | null {
		const own = this.judgement(scope)
		return own?.view.is === "unit" ? { own: own as Judgement<Unit>, above: aboveUnit(own.view).flatMap((each) => this.judgement(each) ?? []) } : null
	}

	/** `members`: of a project, what its buildings and units have done. */
	judging(scope: Scope, members: Members | null): Judging {
		const own = this.judgement(scope)
		if (own === null) {
			const due = nextDue(scope, this.#states, this.#asOf, null)
			return { view: null, stage: null, because: null, judged: null, findings: [], deadlines: [], due }
		}
		const { view, scene, findings } = own
		const running = deadlines(view, scene, members)
		const due = earliest(nextDue(scope, this.#states, this.#asOf, view), nextDeadline(running, this.#asOf), nextFinding(view, scene))
		const found = { view, findings, deadlines: running, due }
		const unit = this.unit(scope)
		if (view.is === "unit" && unit !== null) {
			const { unmet, waived, idle, freed, blocks, project, sold } = unitSummaryOf(unit.own, unit.above)
			const { ready } = readinessOf(unit.own, unit.above)
			const { stage, milestones } = stageOf(view, ready, scene.ruleSet.services)
			const judged =
				view.status === "RETIRED" ? null : { project, sold, ready, unmet, excused: [...new Set([...waived, ...idle, ...freed])], blocks, acts: actsOf(view) }
			return { ...found, stage, because: milestones.at(-1)?.because.at(-1) ?? null, judged }
		}
		const { unmet, waived, idle, blocks } = summaryOf(own)
		const excused = [...new Set([...waived, ...idle])]
		const isBuilding = view.is === "building"
		const judged = { ...NOTHING, project: isBuilding ? view.project : null, unmet, excused, blocks, acts: isBuilding ? actsOf(view) : {} }
		return { ...found, stage: null, because: null, judged }
	}
}

/** How a finding is kept; what was open before keeps what raised it. */
export const findingRow = (found: Finding, before: FindingRow | undefined, causedBy: EventKey): FindingRow => ({
	scope: found.scope,
	code: found.code,
	thing: found.on,
	severity: found.severity,
	responsible: found.responsible,
	since: found.since,
	explanation: found.explanation,
	evidence: found.evidence,
	causedBy: before?.causedBy ?? causedBy,
})

export const deadlineRow = (found: Deadline, missed: boolean): DeadlineRow => ({
	scope: found.scope,
	id: found.id,
	thing: found.on,
	responsible: found.responsible,
	startedAt: found.startedAt,
	dueAt: found.dueAt,
	pausedSince: found.pausedSince,
	metAt: found.metAt,
	missed,
})
