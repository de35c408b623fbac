import { type AnyFact, restore } from "@yima/lifecycle"
import type { ChangeRow } from "@yima/registry"
import { compare, type EventKey, type Scope, type UnitCode } from "@yima/schemas"
import { builder } from "./builder.ts"
import { scopeOfAny, unitCodeOf } from "./codes.ts"
import { decoded, encoded } from "./cursor.ts"
import { type Desk, reading } from "./desk.ts"
import { type EventNode, EventType } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import { refusal } from "./refusal.ts"
import { looking, streamed, streaming } from "./stream.ts"

/** More rows than one turn writes to what a unit sees. */
const MOST_ROWS = 20_000

type Kind = "ADDED" | "MOVED_AWAY" | "REPLACED"

interface Change {
	readonly kind: Kind
	readonly event: EventNode
	readonly cursor: string
}

/**
 * How far a unit's changes have been told. `turns`: of each partition; `within`: in the last of these turns up to which event;
 * `scopes`: of which scopes, for a unit may come to inherit from others; `joined`: of these others up to where.
 */
interface Reached {
	readonly turns: ReadonlyMap<number, number>
	readonly within: { readonly partition: number; readonly key: string } | null
	readonly scopes: readonly Scope[]
	readonly joined: { readonly scope: string; readonly key: string } | null
}

const NAME = "unitEvents"

const written = (code: UnitCode, { turns, within, scopes, joined }: Reached): string =>
	encoded([NAME, code, [...turns], within === null ? null : [within.partition, within.key], scopes, joined === null ? null : [joined.scope, joined.key]])

type Written = readonly [
	string,
	string,
	readonly (readonly [number, number])[],
	readonly [number, string] | null,
	readonly Scope[],
	readonly [string, string] | null,
]

const isPair = (value: unknown, first: string, second: string): boolean =>
	Array.isArray(value) && value.length === 2 && typeof value[0] === first && typeof value[1] === second

const isWritten = (value: unknown): value is Written =>
	Array.isArray(value) &&
	value[0] === NAME &&
	Array.isArray(value[2]) &&
	value[2].every((each) => isPair(each, "number", "number")) &&
	(value[3] === null || isPair(value[3], "number", "string")) &&
	Array.isArray(value[4]) &&
	value[4].every((each) => typeof each === "string") &&
	(value[5] === null || isPair(value[5], "string", "string"))

const readReached = (cursor: string, code: UnitCode): Reached => {
	const value = decoded(cursor)
	if (!isWritten(value)) throw refusal("BAD_INPUT", "游标无法识别,或不是 unitEvents 的游标")
	const [, of, turns, within, scopes, joined] = value
	if (of !== code) throw refusal("BAD_INPUT", "游标属于另一单元;请用同一单元的游标")
	return {
		turns: new Map(turns),
		within: within === null ? null : { partition: within[0], key: within[1] },
		scopes,
		joined: joined === null ? null : { scope: joined[0], key: joined[1] },
	}
}

/** What is told of one event: how it is now, and the place up to which it has then been told. */
interface Telling {
	readonly key: EventKey
	readonly kind: Kind
	readonly fact: AnyFact | null
	readonly inheritedFrom: Scope | null
	readonly reached: Reached
}

/** Whether the rows of one event say that it stood here before they were written. */
const stoodBefore = (rows: readonly ChangeRow[]): boolean =>
	rows.some(({ steps }) => {
		const { facts } = restore(steps)
		return facts.filter(({ value }) => value !== null).length > 1 || facts.at(-1)?.value === null || facts.length === 0
	})

const lastFact = (rows: readonly ChangeRow[]): AnyFact | null =>
	rows.flatMap(({ steps }) => restore(steps).facts.flatMap(({ value }) => (value === null ? [] : [value]))).at(-1) ?? null

/** Whether what a scope has of an event was ever inherited by what lies below it. */
const wasInherited = (rows: readonly ChangeRow[], scope: Scope): boolean =>
	rows.some(
		(row) =>
			row.steps === "[]" ||
			restore(row.steps).facts.some(({ value }) => value !== null && value.reach !== "astray" && (row.scope === scope || value.reach !== "here")),
	)

/**
 * What has changed of a unit's history in one snapshot since a place, in order of (partition, turn, event), each event once a turn; then
 * what it has come to inherit, or no longer inherits.
 */
const changesSince = async (code: UnitCode, from: Reached, own: Reading): Promise<{ readonly told: readonly Telling[]; readonly reached: Reached }> => {
	const scope = scopeOfAny(code)
	const { snapshot } = own
	const { within } = from
	// The turn that was told in part is read again, without that part.
	const after = new Map(from.turns)
	if (within !== null) after.set(within.partition, (from.turns.get(within.partition) ?? 0) - 1)
	const page = await snapshot.changes(from.scopes, after, MOST_ROWS)
	if (page.isMore) throw new Error("one turn has written more than a page of changes")
	const isTold = ({ partition, turn, key }: ChangeRow) =>
		within !== null && partition === within.partition && turn === from.turns.get(partition) && compare(key, within.key) <= 0
	const rows = page.rows.filter((row) => !isTold(row))
	// What a unit inherits from changes only with what it sees; a place within a turn may stand before that was told.
	if (rows.length === 0 && within === null && from.joined === null) return { told: [], reached: { ...from, turns: snapshot.turns, within: null } }

	const view = await own.view(code, { asOf: own.now, knownAt: snapshot.latest })
	const timeline = new Map((view?.timeline ?? []).map((each) => [each.key, each]))
	const groups = [...Map.groupBy(rows, ({ partition, turn, key }) => JSON.stringify([partition, turn, key])).values()].sort(
		([a], [b]) => (a?.partition ?? 0) - (b?.partition ?? 0) || (a?.turn ?? 0) - (b?.turn ?? 0) || compare(a?.key ?? "", b?.key ?? ""),
	)
	const told: Telling[] = []
	let at: Reached = from
	const seen = new Set<EventKey>()
	for (const group of groups) {
		const [row] = group
		if (row === undefined) continue
		const { partition, turn, key } = row
		const turns = new Map([...snapshot.turns].map(([each, now]) => [each, each < partition ? now : each === partition ? turn : (from.turns.get(each) ?? 0)]))
		at = { ...at, turns, within: { partition, key } }
		const entry = timeline.get(key)
		seen.add(key)
		if (entry !== undefined)
			told.push({ key, kind: stoodBefore(group) ? "REPLACED" : "ADDED", fact: entry.fact, inheritedFrom: entry.inheritedFrom, reached: at })
		else if (stoodBefore(group) && wasInherited(group, scope)) told.push({ key, kind: "MOVED_AWAY", fact: lastFact(group), inheritedFrom: null, reached: at })
	}

	at = { ...at, turns: snapshot.turns, within: null }
	const sources = await own.sources(scope)
	const [held, now] = [new Set(from.scopes), new Set(sources)]
	const left = from.scopes.filter((each) => !now.has(each))
	const states = await own.states(left)
	const others = [
		...[...timeline.values()].flatMap(({ key, fact, inheritedFrom }) =>
			inheritedFrom !== null && !held.has(inheritedFrom) ? [{ scope: inheritedFrom, key, kind: "ADDED" as const, fact, inheritedFrom }] : [],
		),
		...left.flatMap((each) =>
			[...(states.get(each) ?? [])].flatMap(([key, steps]) => {
				const fact = steps.at(-1)?.value ?? null
				return fact === null || fact.reach !== undefined || timeline.has(key)
					? []
					: [{ scope: each, key, kind: "MOVED_AWAY" as const, fact, inheritedFrom: each }]
			}),
		),
	].sort((a, b) => compare(a.scope, b.scope) || compare(a.key, b.key))
	const { joined } = from
	for (const each of others) {
		if (seen.has(each.key) || (joined !== null && (compare(each.scope, joined.scope) || compare(each.key, joined.key)) <= 0)) continue
		seen.add(each.key)
		at = { ...at, joined: { scope: each.scope, key: each.key } }
		told.push({ key: each.key, kind: each.kind, fact: each.fact, inheritedFrom: each.inheritedFrom, reached: at })
	}
	const reached: Reached = { turns: snapshot.turns, within: null, scopes: sources, joined: null }
	// Whoever has the last item has everything.
	const last = told.at(-1)
	return { told: last === undefined ? [] : [...told.slice(0, -1), { ...last, reached }], reached }
}

/** Every change of a unit's history since a place, none missed, none twice; looks again until it is stopped. */
async function* changes(code: UnitCode, after: string | null, desk: Desk, stop: AbortSignal): AsyncGenerator<Change, void, void> {
	const scope = scopeOfAny(code)
	const start =
		after === null
			? await reading(desk, async (own): Promise<Reached> => ({ turns: own.snapshot.turns, within: null, scopes: await own.sources(scope), joined: null }))
			: readReached(after, code)
	const look = async (from: Reached, own: Reading): Promise<{ readonly told: readonly Change[]; readonly reached: Reached }> => {
		const { told, reached } = await changesSince(code, from, own)
		if (told.length > 0) await own.prefetch(told.map(({ key }) => key))
		const when = streamed(own)
		const changes = told.map(({ key, kind, fact, inheritedFrom, reached: place }): Change => {
			const seen = fact === null ? null : { scope: code, fact, inheritedFrom }
			return { kind, event: { key, when, reading: own, seen }, cursor: written(code, place) }
		})
		return { told: changes, reached }
	}
	yield* looking(start, look, desk, stop)
}

const HistoryChangeKind = builder.enumType("HistoryChangeKind", {
	description:
		"ADDED: it stands in the unit's history now; REPLACED: it did, and stands otherwise (corrected, retracted, moved); MOVED_AWAY: it no longer does",
	values: ["ADDED", "MOVED_AWAY", "REPLACED"] as const,
})

const HistoryChange = builder.objectRef<Change>("HistoryChange").implement({
	fields: (t) => ({
		kind: t.field({ type: HistoryChangeKind, resolve: ({ kind }) => kind }),
		event: t.field({ type: EventType, resolve: ({ event }) => event }),
		cursor: t.exposeString("cursor"),
	}),
})

builder.subscriptionType({
	description: "Each resumes after its cursor: none missed, none twice",
	fields: (t) => ({
		unitEvents: t.field({
			type: HistoryChange,
			args: { code: t.arg({ type: "UnitCode", required: true }), after: t.arg.string() },
			subscribe: (_, { code, after }, { desk, request }) =>
				streaming((stop) => changes(unitCodeOf(code), after ?? request.headers.get("last-event-id"), desk, stop)),
			resolve: (change) => change,
		}),
	}),
})
