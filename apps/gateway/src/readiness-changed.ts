import { CONDITION_RULES } from "@yima/rules"
import type { Known, Scope } from "@yima/schemas"
import { builder } from "./builder.ts"
import { projectOf } from "./codes.ts"
import { decoded, encoded } from "./cursor.ts"
import { type Desk, reading } from "./desk.ts"
import { aroundProject } from "./judged-place.ts"
import { type EventNode, EventType } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import { refusal } from "./refusal.ts"
import { placedKind, ScopeEnum } from "./scope-kind.ts"
import { looking, streamed, streaming } from "./stream.ts"
import { type ChangeNode, FactChange } from "./unit-diff.ts"

/** More than one look finds; the rest is found by the next. */
const MOST_ROWS = 2000

const NAME = "readinessChanged"

/** The number of each partition up to which it has been told. */
type Reached = ReadonlyMap<number, number>

const written = (project: Scope, reached: Reached): string => encoded([NAME, project, [...reached]])

const isPair = (value: unknown): value is readonly [number, number] => Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger)

const readReached = (cursor: string, project: Scope): Reached => {
	const value = decoded(cursor)
	if (!Array.isArray(value) || value[0] !== NAME || !Array.isArray(value[2]) || !value[2].every(isPair))
		throw refusal("BAD_INPUT", "游标无法识别,或不是 readinessChanged 的游标")
	if (value[1] !== project) throw refusal("BAD_INPUT", "游标属于另一项目;请用同一项目的游标")
	return new Map(value[2])
}

/** As the linker says it (`readiness.changed`). */
interface Said {
	readonly conditions: readonly { readonly condition: string; readonly before: string; readonly after: string }[]
	readonly unitCount: number
	readonly before?: boolean
	readonly after?: boolean
}

interface ReadinessChangeNode {
	readonly cursor: string
	readonly subject: Scope
	readonly said: Said
	readonly cause: EventNode
	readonly at: Known
}

const titleOf = (id: string): string => `${id} ${CONDITION_RULES.find((rule) => rule.id === id)?.title ?? ""}`.trim()

/** One look: what was said at the project and within it after a place, and the place behind all that was looked at. */
const look = async (project: Scope, from: Reached, own: Reading) => {
	const when = streamed(own)
	const view = await own.view(project, when)
	if (view?.is !== "project") return { told: [], reached: from, isMore: false }
	const [{ holds }, page] = await Promise.all([
		aroundProject(project, when, own),
		own.snapshot.judged.readinessChanges([`project-code:${project.slice("project:".length)}`, ...view.parcels], from, MOST_ROWS),
	])
	const reached = new Map(from)
	const told: ReadinessChangeNode[] = []
	for (const { partition, number, subject, causedBy, saidAt, data } of page.rows) {
		reached.set(partition, number)
		if (!holds(subject)) continue
		const cause: EventNode = { key: causedBy, when, reading: own, seen: null }
		told.push({ cursor: written(project, reached), subject, said: JSON.parse(data) as Said, cause, at: saidAt })
	}
	await own.prefetch(told.map(({ cause }) => cause.key))
	return { told, reached: reached as Reached, isMore: page.isMore }
}

/** The place behind all that was said so far. */
const endOf = (project: Scope, desk: Desk): Promise<Reached> =>
	reading(desk, async (own) => {
		let found = await look(project, new Map(), own)
		while (found.isMore) found = await look(project, found.reached, own)
		return found.reached
	})

async function* changes(project: Scope, after: string | null, desk: Desk, stop: AbortSignal): AsyncGenerator<ReadinessChangeNode, void, void> {
	const start = after === null ? await endOf(project, desk) : readReached(after, project)
	yield* looking(start, (from, own) => look(project, from, own), desk, stop)
}

const changeOf = ({ said, cause }: ReadinessChangeNode): readonly ChangeNode[] =>
	said.conditions.map(({ condition, before, after }) => ({
		path: `conditions/${condition}`,
		title: titleOf(condition),
		before,
		after,
		causedBy: [cause],
	}))

const ReadinessChange = builder.objectRef<ReadinessChangeNode>("ReadinessChange").implement({
	description: "Said once for the scope whose conditions changed; units: how many it concerns; before, after: ready or not, when it is one unit",
	fields: (t) => ({
		cursor: t.exposeString("cursor"),
		scope: t.field({ type: ScopeEnum, resolve: ({ subject }) => placedKind(subject) }),
		subject: t.exposeString("subject"),
		units: t.int({ resolve: ({ said }) => said.unitCount }),
		before: t.boolean({ nullable: true, resolve: ({ said }) => said.before ?? null }),
		after: t.boolean({ nullable: true, resolve: ({ said }) => said.after ?? null }),
		conditions: t.field({
			type: [FactChange],
			description: "What the scope itself decides of each condition: MET, UNMET, or EXCUSED, which is waived or not asked",
			resolve: changeOf,
		}),
		causedBy: t.field({ type: [EventType], resolve: ({ cause }) => [cause] }),
		at: t.field({ type: "DateTime", resolve: ({ at }) => at }),
	}),
})

builder.subscriptionField("readinessChanged", (t) =>
	t.field({
		type: ReadinessChange,
		args: { project: t.arg.string({ required: true }), after: t.arg.string() },
		subscribe: (_, { project, after }, { desk, request }) =>
			streaming((stop) => changes(projectOf(project), after ?? request.headers.get("last-event-id"), desk, stop)),
		resolve: (change) => change,
	}),
)
