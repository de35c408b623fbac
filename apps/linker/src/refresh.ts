import { at, nextDue, reads, restore, type Service, type State, type States, stageOf, type View } from "@yima/lifecycle"
import { scopeKey } from "@yima/linking"
import type { Derived, Mail, Place, Registry, StateRow } from "@yima/registry"
import { buildingOfCode, type EventKey, type Known, type Moment, parcelOfCode, type Scope } from "@yima/schemas"
import { type Letter, SLICE, type Touched, writeLetter } from "./task.ts"

/** What is said and kept of units that were looked at. */
export interface Refreshed {
	readonly states: readonly StateRow[]
	readonly derived: readonly Derived[]
	readonly mail: readonly Mail[]
}

export interface RefreshWork {
	/** The moment as of which units are seen: the log's own clock, or the moment for which a letter waited. */
	readonly asOf: Moment
	readonly known: Known
	/** A record behind it. Nobody waits for a letter that no answer rests on, so that one stands for all. */
	readonly cause: Place
	readonly partitionOf: (key: string) => number
}

const SERVICES: readonly Service[] = ["water", "power", "gas", "heat"]
const LATEST = Number.MAX_SAFE_INTEGER as Known

/** The states that views of these scopes read: loaded until that adds none, all scopes together. */
const statesFor = async (scopes: readonly Scope[], registry: Pick<Registry, "load">): Promise<States> => {
	const states = new Map<Scope, State>()
	const around = (scope: Scope): readonly Scope[] => [scope, buildingOfCode(scope) ?? scope, parcelOfCode(scope) ?? scope, "registry"]
	let wanted = new Set(scopes.flatMap(around))
	while (wanted.size > 0) {
		const { concerns } = await registry.load({ concerns: [...wanted] })
		const found = Map.groupBy(concerns, (row) => row.scope)
		for (const scope of wanted) states.set(scope, new Map((found.get(scope) ?? []).map((row) => [row.key, restore(row.steps).facts])))
		wanted = new Set(scopes.flatMap((scope) => reads(scope, states)).filter((scope) => !states.has(scope)))
	}
	return states
}

/** A unit's stage without readiness, which is judged elsewhere, and the events it rests on. */
const stageIn = (view: View | null) => {
	if (view?.is !== "unit") return { stage: null, because: null }
	const { stage, milestones } = stageOf(view, false, SERVICES)
	return { stage, because: milestones.at(-1)?.because.at(-1) ?? null }
}

/**
 * Sees what has become of units: their stage as it is now, said where it differs from what was said last, and a letter for the moment at
 * which time alone will change it (时限到期自动唤醒). What became of a unit's code goes on at its successors.
 */
export const refreshUnits = async (
	touched: readonly Touched[],
	{ asOf, known, cause, partitionOf }: RefreshWork,
	registry: Pick<Registry, "load">,
): Promise<Refreshed> => {
	const by = new Map(touched)
	const scopes = [...by.keys()].sort()
	const states = await statesFor(scopes, registry)
	const before = await registry.load({ states: scopes })
	const last = new Map(before.states.map((row) => [row.scope, row]))
	const post = (scope: Scope, due: Moment, letter: Letter): Mail => ({
		partition: partitionOf(scopeKey(scope)),
		due,
		from: null,
		cause,
		task: writeLetter(letter),
	})
	const found: { readonly states: StateRow[]; readonly derived: Derived[]; readonly mail: Mail[] } = { states: [], derived: [], mail: [] }
	for (const scope of scopes) {
		const row = last.get(scope)
		if (row === undefined) continue
		const view = at(scope, states, asOf, LATEST)
		const { stage, because } = stageIn(view)
		const due = nextDue(scope, states, asOf, view)
		const behind = by.get(scope) as EventKey
		if (stage !== row.stage)
			found.derived.push({
				parcel: scopeKey(scope),
				type: "unit.stage-changed",
				subject: scope,
				causedBy: because ?? behind,
				saidAt: known,
				data: JSON.stringify({ from: row.stage, to: stage }),
			})
		if (stage !== row.stage || due !== row.due) found.states.push({ scope, stage, due })
		if (due !== null && due !== row.due) found.mail.push(post(scope, due, { refresh: [[scope, behind]] }))
		// A successor that was born with this event is touched by it itself; later events of an old code reach it here.
		const successors = (view?.is === "unit" ? view.successors : []).map((edge) => edge.to).filter((each) => each.length === 28 && !by.has(each))
		for (const each of successors) if (stage !== row.stage) found.mail.push(post(each, 0 as Moment, { refresh: [[each, behind]] }))
	}
	return found
}

/** The next slice of the units below a scope, and a letter for the slice behind it. */
export const slice = async (
	below: Touched,
	after: Scope | null,
	{ cause, partitionOf }: Pick<RefreshWork, "cause" | "partitionOf">,
	registry: Pick<Registry, "units">,
): Promise<{ readonly touched: readonly Touched[]; readonly mail: readonly Mail[] }> => {
	const [scope, by] = below
	const units = await registry.units(scope, after, SLICE)
	const last = units.at(-1)
	const rest: readonly Mail[] =
		units.length < SLICE || last === undefined
			? []
			: [{ partition: partitionOf(scopeKey(scope)), due: 0 as Moment, from: null, cause, task: writeLetter({ below, after: last }) }]
	return { touched: units.map((unit): Touched => [unit, by]), mail: rest }
}
