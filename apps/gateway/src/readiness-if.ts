import { createHash } from "node:crypto"
import { type AnyEvent, type ParkReason, type Scope, stepAt } from "@yima/schemas"
import { Result } from "effect"
import { pageArgs } from "./arguments.ts"
import { builder } from "./builder.ts"
import { scopeCodeOf } from "./codes.ts"
import type { Page } from "./connection.ts"
import { cursorOf, pageSize, readCursor } from "./cursor.ts"
import type { Desk } from "./desk.ts"
import { type JudgedUnit, judgedUnit } from "./judging.ts"
import { membersOf, type Whole } from "./members.ts"
import { UnitConnection, type UnitNode } from "./nodes.ts"
import { ReadinessType } from "./readiness.ts"
import { Reading } from "./reading.ts"
import { readingOf } from "./reading-of.ts"
import { refusal } from "./refusal.ts"
import { type Supposed, suppose, supposing } from "./supposing.ts"
import { unitFor } from "./unit.ts"
import { type When, whenOf } from "./when.ts"

/** The most events of one question. */
const MOST_EVENTS = 200

/** Which units of a scope are ready; of one unit, all that decides it. */
interface Outlook {
	readonly units: ReadonlyMap<Scope, boolean>
	readonly unit: JudgedUnit | null
}

interface Forecast {
	readonly before: Outlook
	readonly after: Outlook
	readonly changed: readonly Scope[]
	readonly nodeOf: (code: Scope) => Promise<UnitNode | null>
	/** Which question it answers, for its cursors. */
	readonly of: string
}

/** Null: nobody ever named the scope. */
const outlookOf = async (scope: Scope, when: When, reading: Reading): Promise<Outlook | null> => {
	const view = await reading.view(scope, when)
	if (view === null || view.is === "registry") return null
	if (view.is === "unit") {
		const unit = await judgedUnit({ view, when, reading })
		return { units: new Map([[scope, unit.readiness.ready]]), unit }
	}
	const { units } = await membersOf({ view: view satisfies Whole, when, reading })
	return { units: new Map(units.map(({ code, ready }) => [code, ready])), unit: null }
}

/** Reads and seals events as the door would; every problem of the first that is wrong is told. */
const readEvents = (inputs: readonly unknown[], { examine }: Desk): readonly AnyEvent[] => {
	if (examine === null) throw refusal("UNAVAILABLE", "此处没有接通入口,不能试算")
	if (inputs.length > MOST_EVENTS) throw refusal("TOO_COMPLEX", `一次最多试算 ${MOST_EVENTS} 个事件`)
	return inputs.map((input, n) => {
		const read = examine(input)
		if (Result.isSuccess(read)) return read.success
		const told = read.failure.map(({ pointer, message }) => `${pointer} ${message}`.trim()).join(";")
		throw refusal("BAD_INPUT", `events[${n}] ${told}`, { problems: read.failure.map(({ code, pointer, message }) => ({ event: n, code, pointer, message })) })
	})
}

const PARKED: Readonly<Record<ParkReason, string>> = {
	UNKNOWN_IDENTIFIER: "所列编号无人定义过",
	DISPUTED: "所列编号指向不一",
	TOO_COARSE: "只知道幢或宗地,而此类事件须指明单元",
	NOT_ON_A_PARCEL: "代码不在任何宗地上",
}

/** What would only wait for a place changes nothing: that is not what was asked. */
const checkPlaces = (events: readonly AnyEvent[], { settled }: Supposed, { knownAt }: When): void => {
	for (const [n, { key }] of events.entries()) {
		const place = stepAt(settled.get(key) ?? [], knownAt)?.place
		if (place?.is === "PARKED")
			throw refusal("BAD_INPUT", `events[${n}](${key})无法挂接:${PARKED[place.reason]}(${place.reason})`, {
				problems: [{ event: n, code: place.reason, pointer: "", message: PARKED[place.reason] }],
			})
	}
}

const forecast = async (scope: Scope, inputs: readonly unknown[], when: When, reading: Reading, desk: Desk): Promise<Forecast> => {
	const events = readEvents(inputs, desk)
	const supposed = await suppose(events, reading.snapshot)
	checkPlaces(events, supposed, when)
	const other = new Reading(supposing(reading.snapshot, supposed), desk)
	const [now, then] = await Promise.all([outlookOf(scope, when, reading), outlookOf(scope, when, other)])
	if (now === null && then === null) throw refusal("NOT_FOUND", `还没有来文提到 ${scope},这些事件也没有`)
	const nothing: Outlook = { units: new Map(), unit: null }
	const [was, is] = [now ?? nothing, then ?? nothing]
	const changed = [...new Set([...was.units.keys(), ...is.units.keys()])].filter((code) => (was.units.get(code) ?? false) !== (is.units.get(code) ?? false))
	return {
		before: was,
		after: is,
		changed: changed.sort(),
		nodeOf: async (code) => (await unitFor(code, when, other)) ?? unitFor(code, when, reading),
		of: `readinessIf ${scope} ${createHash("sha256").update(JSON.stringify(inputs)).digest("base64url")}`,
	}
}

const countReady = ({ units }: Outlook): number => [...units.values()].filter((ready) => ready).length

const pageOf = async ({ changed, nodeOf, of }: Forecast, first: number | null | undefined, after: string | null | undefined): Promise<Page<UnitNode>> => {
	const start = String(readCursor(after, of)?.at[0] ?? "")
	const size = pageSize(first, 50)
	const rest = changed.filter((code) => code > start)
	const page = rest.slice(0, size)
	const nodes = await Promise.all(page.map(nodeOf))
	const cursor = (code: string) => cursorOf({ of, sight: null, at: [code] })
	return {
		edges: nodes.flatMap((node) => (node === null ? [] : [{ cursor: cursor(node.view.code), node }])),
		hasNextPage: rest.length > size,
		endCursor: cursor(page.at(-1) ?? start),
		count: () => changed.length,
	}
}

const ForecastType = builder.objectRef<Forecast>("ReadinessForecast").implement({
	description: "试算: units of the scope; how many would be ready, how many are; whose readiness would change, seen as they would be",
	fields: (t) => ({
		units: t.int({ resolve: ({ after }) => after.units.size }),
		ready: t.int({ resolve: ({ after }) => countReady(after) }),
		readyNow: t.int({ resolve: ({ before }) => countReady(before) }),
		changed: t.field({ type: UnitConnection, args: pageArgs(50), resolve: (found, { first, after }) => pageOf(found, first, after) }),
		readiness: t.field({ type: ReadinessType, nullable: true, description: "When the scope is one unit", resolve: ({ after }) => after.unit }),
	}),
})

builder.queryField("readinessIf", (t) =>
	t.field({
		type: ForecastType,
		description: "The readiness of a unit, building or project (scope: its code) if these events were to happen too. Nothing is stored",
		args: {
			scope: t.arg.string({ required: true }),
			events: t.arg({ type: ["JSON"], required: true }),
			asOf: t.arg({ type: "DateTime" }),
		},
		resolve: (_, { scope, events, asOf }, context) => {
			const reading = readingOf(context)
			const when = whenOf({ asOf }, reading)
			// Both are looked at as of a moment, never by what is kept of now.
			return forecast(scopeCodeOf(scope), events, { ...when, named: { ...when.named, asOf: when.asOf } }, reading, context.desk)
		},
	}),
)
