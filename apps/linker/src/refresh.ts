import { reads, restore, type State, type States, type View } from "@yima/lifecycle"
import { scopeKey } from "@yima/linking"
import type { DeadlineRow, Derived, FindingRow, Judged, Mail, MemberRow, Place, Registry, RequestRow, Ruling, StateRow } from "@yima/registry"
import { isMissed, type Members } from "@yima/rules"
import { buildingOfCode, compare, type EventKey, equal, isProject, type Known, type Moment, parcelOfCode, type Scope } from "@yima/schemas"
import { deadlineRow, earliest, findingRow, Judges, type Judging } from "./judging.ts"
import { requestsOf } from "./requests.ts"
import { type Letter, SLICE, type Touched, writeLetter } from "./task.ts"

/** What is said and kept of scopes that were looked at. */
export interface Refreshed {
	readonly states: readonly StateRow[]
	readonly rulings: readonly Ruling[]
	readonly requests: readonly RequestRow[]
	readonly derived: readonly Derived[]
	readonly mail: readonly Mail[]
	/** Something waits for time to pass on all partitions. */
	readonly isWaiting: boolean
}

export interface RefreshWork {
	/** The moment as of which scopes are seen: the log's own clock, or the moment for which a letter waited. */
	readonly asOf: Moment
	readonly known: Known
	/** Up to when time has surely passed for all partitions: a time limit that ends later is not said to be missed yet. */
	readonly passed: number
	/** A record behind it. Nobody waits for a letter that no answer rests on, so that one stands for all. */
	readonly cause: Place
	/** The clock by which letters wait: where the log is worked off late, its own lags. */
	readonly wall: Moment
	readonly partitionOf: (key: string) => number
}

/** By what a scope was touched, over which earlier codes that came, and how often it was looked at for that in vain. `isTime`: its moment has come. */
export interface Touch {
	readonly by: EventKey
	readonly via: readonly Scope[]
	readonly tries: number
	readonly isTime: boolean
}

const triesOf = (touches: readonly Touch[]): number => Math.min(...touches.map((each) => each.tries))

/** After which it is looked again whether all partitions have come as far, µs. */
const AGAIN = 1_000_000

type Reads = Pick<Registry, "load" | "members" | "countUnits">

/** The states that views of these scopes, and of what lies above them, read: loaded until that adds none, all scopes together. */
export const statesFor = async (scopes: readonly Scope[], registry: Pick<Registry, "load">): Promise<States> => {
	const states = new Map<Scope, State>()
	const around = (scope: Scope): readonly Scope[] => [scope, buildingOfCode(scope) ?? scope, parcelOfCode(scope) ?? scope, "registry"]
	const asked = [...new Set(scopes.flatMap(around))]
	let wanted = new Set(asked)
	while (wanted.size > 0) {
		const { concerns } = await registry.load({ concerns: [...wanted] })
		const found = Map.groupBy(concerns, (row) => row.scope)
		for (const scope of wanted) states.set(scope, new Map((found.get(scope) ?? []).map((row) => [row.key, restore(row.steps).facts])))
		const known = new Set([...asked, ...[...states.keys()].filter(isProject)])
		wanted = new Set([...known].flatMap((scope) => reads(scope, states)).filter((scope) => !states.has(scope)))
	}
	return states
}

const membersOf = (rows: readonly MemberRow[]): Members => ({
	buildings: rows.flatMap(({ scope, judged }) => (scope.length === 24 ? [{ code: scope, acts: judged.acts }] : [])),
	units: rows.flatMap(({ scope, judged }) => (scope.length === 28 ? [{ code: scope, sold: judged.sold, acts: judged.acts }] : [])),
})

const same = (a: { readonly code: string; readonly thing: string }, b: { readonly code: string; readonly thing: string }): boolean =>
	a.code === b.code && a.thing === b.thing

/** The projects whose subscribers hear of a scope. */
const projectsOf = (view: View | null): readonly Scope[] => {
	switch (view?.is) {
		case "project":
			return [view.code]
		case "parcel":
			return view.projects
		case "unit":
		case "building":
			return view.project === null ? [] : [view.project]
		default:
			return []
	}
}

const nameOf = (row: FindingRow | DeadlineRow): string => `${"code" in row ? row.code : row.id} ${row.thing}`

/** As they are compared: the registry gives them in no order. */
const inOrder = <R extends FindingRow | DeadlineRow>(rows: readonly R[]): readonly R[] => [...rows].sort((a, b) => compare(nameOf(a), nameOf(b)))

/** One scope as it was said last. */
interface Before {
	readonly row: StateRow
	readonly findings: readonly FindingRow[]
	readonly deadlines: readonly DeadlineRow[]
}

/** What is kept of a scope in place of what was, and what is said of the difference. */
interface Told {
	readonly findings: readonly FindingRow[]
	readonly deadlines: readonly DeadlineRow[]
	readonly said: readonly { readonly type: string; readonly causedBy: EventKey; readonly data: object }[]
}

/** Of the events that touched a scope, one that a finding rests on; else, when time or an older event woke it, the last that it rests on. */
const causeOf = (evidence: readonly EventKey[], by: readonly EventKey[]): EventKey =>
	by.findLast((each) => evidence.includes(each)) ?? evidence.at(-1) ?? (by.at(-1) as EventKey)

/**
 * Differences are said once, each with an event that touched the scope as its cause. What an event raised it does not clear: if nothing else
 * has touched the scope, the letter of what has is still under way, and clears it then; or time alone has, and then `isTime`. What time
 * ends has as its cause the event behind the letter, by whose touch that moment became the next. Where that is the one that raised it, and
 * nothing else came by the same turn, one event did both: it is named twice, as by a seizure that contradicts and ends by its own `toOn`.
 * No other of the evidence is named in its place: a row keeps what a finding rests on, not which of it ran out, so that any would be a guess.
 */
const tell = (now: Judging, before: Before, by: readonly EventKey[], passed: number, isTime: boolean): Told => {
	const said: { readonly type: string; readonly causedBy: EventKey; readonly data: object }[] = []
	const findings: FindingRow[] = now.findings.map((each) => {
		const last = before.findings.find((row) => same(row, { code: each.code, thing: each.on }))
		const row = findingRow(each, last, causeOf(each.evidence, by))
		const { code, severity, responsible, thing } = row
		if (last === undefined || last.severity !== severity)
			said.push({
				type: "finding.raised",
				causedBy: causeOf(each.evidence, by),
				data: { code, severity, responsible, on: thing, since: row.since, explanation: row.explanation },
			})
		return row
	})
	for (const row of before.findings) {
		if (findings.some((each) => same(each, row))) continue
		const causedBy = by.findLast((each) => each !== row.causedBy) ?? (isTime ? row.causedBy : undefined)
		if (causedBy === undefined) findings.push(row)
		else {
			const { code, severity, responsible, thing, since, explanation, evidence } = row
			said.push({ type: "finding.cleared", causedBy, data: { code, severity, responsible, on: thing, since, explanation, evidence } })
		}
	}
	const deadlines = now.deadlines.map((each): DeadlineRow => {
		const last = before.deadlines.find((row) => row.id === each.id && row.thing === each.on)
		const isLate = isMissed(each, passed)
		const wasSaid = last?.missed === true && last.dueAt === each.dueAt
		const say = (type: string) =>
			said.push({ type, causedBy: causeOf(each.events, by), data: { id: each.id, dueAt: each.dueAt, responsible: each.responsible, on: each.on } })
		// What was met before anybody could be told of it is nobody's turn any more.
		if (each.metAt === null && last?.dueAt !== each.dueAt) say("deadline.set")
		if (each.metAt !== null && last?.metAt === null) say("deadline.met")
		if (isLate && !wasSaid) say("deadline.missed")
		return deadlineRow(each, isLate || wasSaid)
	})
	return { findings: inOrder(findings), deadlines: inOrder(deadlines), said }
}

/** Which parts of conditions a scope decides otherwise than was said. */
const changedParts = (before: Judged, now: Judged): readonly { readonly condition: string; readonly before: string; readonly after: string }[] => {
	const status = ({ unmet, excused }: Judged, id: string) => (excused.includes(id) ? "EXCUSED" : unmet.includes(id) ? "UNMET" : "MET")
	const ids = [...new Set([...before.unmet, ...now.unmet, ...before.excused, ...now.excused])].sort()
	return ids.flatMap((condition) => {
		const [old, next] = [status(before, condition), status(now, condition)]
		return old === next ? [] : [{ condition, before: old, after: next }]
	})
}

/**
 * Sees what has become of scopes: their stage, what their facts decide, what contradicts what and what is late, as it is now; said where it
 * differs from what was said last, with a letter for the moment at which time alone will change it (时限到期自动唤醒). What became of
 * a unit's code goes on at its successors, what a building or unit has done at its project.
 */
export const refreshScopes = async (
	touched: ReadonlyMap<Scope, readonly Touch[]>,
	{ asOf, known, passed, cause, wall, partitionOf }: RefreshWork,
	registry: Reads,
): Promise<Refreshed> => {
	const scopes = [...touched.keys()].sort()
	const seen = await statesFor(scopes, registry)
	const judges = new Judges(seen, asOf)
	const kept = await registry.load({ states: scopes })
	const rows = new Map(kept.states.map((row) => [row.scope, row]))
	const [findingsOf, deadlinesOf] = [Map.groupBy(kept.findings, (row) => row.scope), Map.groupBy(kept.deadlines, (row) => row.scope)]
	const post = (scope: Scope, due: Moment, letter: Letter): Mail => ({
		partition: partitionOf(scopeKey(scope)),
		due,
		from: null,
		cause,
		task: writeLetter(letter),
	})
	const units = scopes.filter((scope) => scope.length === 28 && !isProject(scope) && rows.has(scope))
	const asked = await requestsOf(
		units.map((scope) => {
			const touches = touched.get(scope) as readonly Touch[]
			return { scope, view: judges.unit(scope)?.own.view ?? null, by: touches.at(-1)?.by as EventKey, tries: triesOf(touches) }
		}),
		{ states: seen, asOf, known, passed, wall },
		registry,
	)
	const found: { readonly states: StateRow[]; readonly rulings: Ruling[]; readonly derived: Derived[]; readonly mail: Mail[] } = {
		states: [],
		rulings: [],
		derived: asked.derived.map((each) => ({ ...each, parcel: scopeKey(each.subject ?? "registry"), saidAt: known })),
		mail: [],
	}
	const projects = new Map<Scope, EventKey>()
	for (const scope of scopes) {
		const row = rows.get(scope)
		if (row === undefined) continue
		const touches = touched.get(scope) as readonly Touch[]
		const by = touches.map((each) => each.by)
		const behind = by.at(-1) as EventKey
		const members = isProject(scope) ? membersOf(await registry.members(scope)) : null
		const now = judges.judging(scope, members)
		const { stage, judged, view } = now
		// What is late by our clock alone is looked at again until all partitions have come as far.
		const isEarly = now.deadlines.some((each) => each.overdue && each.dueAt > passed)
		const due = earliest(isEarly ? ((asOf + AGAIN) as Moment) : null, asked.again.get(scope) ?? null, now.due)
		const before: Before = { row, findings: inOrder(findingsOf.get(scope) ?? []), deadlines: inOrder(deadlinesOf.get(scope) ?? []) }
		const told = tell(
			now,
			before,
			by,
			passed,
			touches.some((each) => each.isTime),
		)
		const parcel = scopeKey(scope)
		const say = (type: string, causedBy: EventKey, data: object) =>
			found.derived.push({ parcel, type, subject: scope, causedBy, saidAt: known, data: JSON.stringify(data), projects: projectsOf(view), service: null })
		if (stage !== row.stage) say("unit.stage-changed", now.because ?? behind, { from: row.stage, to: stage })
		if (row.judged !== null && judged !== null) {
			const conditions = changedParts(row.judged, judged)
			const ready = view?.is === "unit" && row.judged.ready !== judged.ready ? { before: row.judged.ready, after: judged.ready } : {}
			if (conditions.length > 0 || "after" in ready)
				say("readiness.changed", behind, { conditions, unitCount: view?.is === "unit" ? 1 : await registry.countUnits(scope), ...ready })
		}
		for (const { type, causedBy, data } of told.said) say(type, causedBy, data)
		if (stage !== row.stage || due !== row.due || !equal(row.judged, judged)) found.states.push({ scope, stage, due, judged })
		if (!equal(told.findings, before.findings) || !equal(told.deadlines, before.deadlines))
			found.rulings.push({ scope, findings: told.findings, deadlines: told.deadlines })
		const tries = asked.again.has(scope) ? { tries: triesOf(touches) + 1 } : {}
		if (due !== null && due !== row.due) found.mail.push(post(scope, due, { refresh: [[scope, behind]], ...tries }))
		// A successor that was born with this event is touched by it itself; later events of an old code reach it here.
		// A moment that has come is each code's own; it may come by the same turn as an event.
		const events = touches.filter((each) => !each.isTime)
		const last = events.at(-1)
		const successors = view !== null && "status" in view && last !== undefined ? view.successors.map((edge) => edge.to) : []
		const ways = new Map(events.map((each) => [each.via.join(" "), each]))
		for (const each of successors) {
			if (touched.has(each)) continue
			const open = [...ways.values()].filter(({ via }) => !via.includes(each))
			for (const { by, via } of open) found.mail.push(post(each, 0 as Moment, { refresh: [[each, by]], via: [...via, scope] }))
			if (each.length < 28 && last !== undefined && open.length > 0) found.mail.push(post(each, 0 as Moment, { below: [each, last.by], after: null }))
		}
		if (row.judged?.sold !== judged?.sold || !equal(row.judged?.acts, judged?.acts) || row.judged?.project !== judged?.project)
			for (const each of [row.judged?.project, judged?.project]) if (each !== null && each !== undefined) projects.set(each, behind)
	}
	for (const [project, by] of projects) if (!touched.has(project)) found.mail.push(post(project, 0 as Moment, { refresh: [[project, by]] }))
	return { ...found, requests: asked.requests, isWaiting: asked.isWaiting }
}

/** The next slice of what lies below a scope, as far as it is this owner's, and a letter for the slice behind it. */
export const slice = async (
	below: Touched,
	after: Scope | null,
	{ cause, partitionOf, partition }: Pick<RefreshWork, "cause" | "partitionOf"> & { readonly partition: number },
	registry: Pick<Registry, "below">,
): Promise<{ readonly touched: readonly Touched[]; readonly mail: readonly Mail[] }> => {
	const [scope, by] = below
	const scopes = await registry.below(scope, after, SLICE)
	const last = scopes.at(-1)
	const rest: readonly Mail[] =
		scopes.length < SLICE || last === undefined ? [] : [{ partition, due: 0 as Moment, from: null, cause, task: writeLetter({ below, after: last }) }]
	return { touched: scopes.filter((each) => partitionOf(scopeKey(each)) === partition).map((each): Touched => [each, by]), mail: rest }
}
