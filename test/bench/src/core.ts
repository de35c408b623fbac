/** The pure core against `JSON.parse` of the same bytes, in the same process run: `npm run bench`. */
import { cpus } from "node:os"
import { at, factSteps, join, reads, type State, type States } from "@yima/lifecycle"
import { concernsByScope, MemoryIndex } from "@yima/linking"
import type { AnyEvent, Entry, EventKey, Known, Moment, Scope } from "@yima/schemas"
import { statesOf } from "@yima/test-kit"
import { city } from "./city.ts"
import { decoded } from "./decoded.ts"
import { summary } from "./summary.ts"

const UNITS = Number(process.env["YIMA_BENCH_UNITS"] ?? 1000)
const ROUNDS = Number(process.env["YIMA_BENCH_ROUNDS"] ?? 7)
const AS_OF = (Date.UTC(2024, 0, 1) * 1000) as Moment
const LATEST = Number.MAX_SAFE_INTEGER as Known

type Step = "parse" | "decode" | "place" | "facts" | "join" | "at"

const timed = <A>(run: () => A): readonly [A, number] => {
	const start = performance.now()
	const value = run()
	return [value, (performance.now() - start) * 1000]
}

const entries = (events: readonly AnyEvent[]): readonly Entry[] =>
	events.map((event, offset) => ({ event, known: (1_700_000_000_000_000 + offset) as Known, partition: 0, offset: BigInt(offset) }))

const settled = (all: readonly Entry[]): MemoryIndex => {
	const index = new MemoryIndex()
	for (const entry of all) {
		index.accept(entry)
		index.work()
	}
	return index
}

const factsIn = (index: MemoryIndex) =>
	[...index.all()].flatMap(([key, steps]) => [...concernsByScope(steps)].map(([scope, concerns]) => ({ scope, key, steps: factSteps(concerns) })))

const joined = (facts: ReturnType<typeof factsIn>): States => {
	const states = new Map<Scope, State>()
	const byScope = Map.groupBy(facts, (each) => each.scope)
	for (const [scope, all] of byScope) states.set(scope, join(new Map(), new Map(all.map(({ key, steps }): [EventKey, typeof steps] => [key, steps]))))
	return states
}

const unitsOf = (states: States) => [...states.keys()].filter((scope) => scope.length === 28)

const lines = city(UNITS)
const bytes = lines.reduce((total, line) => total + Buffer.byteLength(line), 0)
const runs: Record<Step, number[]> = { parse: [], decode: [], place: [], facts: [], join: [], at: [] }

for (let round = 0; round <= ROUNDS; round++) {
	const [parsed, parse] = timed(() => lines.map((line) => JSON.parse(line) as unknown))
	const [events, decode] = timed(() => parsed.map(decoded))
	const all = entries(events)
	const [index, place] = timed(() => settled(all))
	const [facts, made] = timed(() => factsIn(index))
	const [states, union] = timed(() => joined(facts))
	const [, view] = timed(() => unitsOf(states).map((unit) => at(unit, states, AS_OF, LATEST)))
	// The first round warms up.
	if (round > 0) for (const [name, time] of Object.entries({ parse, decode, place, facts: made, join: union, at: view })) runs[name as Step].push(time)
}

const reference = summary(runs.parse).median
const row = (step: Step, what: string): string => {
	const { least, median, most } = summary(runs[step])
	return `| ${step} | ${what} | ${(median / lines.length).toFixed(2)} | ${Math.round((lines.length / median) * 1000)} k | ${(median / reference).toFixed(2)} | ${(least / reference).toFixed(2)}–${(most / reference).toFixed(2)} |`
}

const sum = (["decode", "place", "facts", "join", "at"] as const).reduce((total, step) => total + summary(runs[step]).median, 0)

/** A unit whose contract is amended until it has 200 events. */
const longLife = (): { readonly states: States; readonly scope: Scope } => {
	const parsed = city(1).map((line) => JSON.parse(line) as { readonly type: string; readonly data: { readonly contractNo?: string } })
	const filed = parsed.find((each) => each.type.includes("contract-filed"))
	const amendments = Array.from({ length: 200 - parsed.length }, (_, n) => ({
		...filed,
		id: `amended-${n}`,
		type: "yima.sales.contract-amended.v1",
		data: { contractNo: filed?.data.contractNo, totalPriceCny: String(900_000 + n) },
	}))
	const states = statesOf(settled(entries([...parsed, ...amendments].map(decoded))).all())
	return { states, scope: unitsOf(states)[0] as Scope }
}
const { states, scope } = longLife()
const views = Array.from({ length: 300 }, () => timed(() => at(scope, states, AS_OF, LATEST)))

console.log(`${lines.length} events of ${UNITS} flats, ${Math.round(bytes / lines.length)} bytes each; ${ROUNDS} rounds; Node ${process.version}; ${cpus()[0]?.model.trim() ?? "?"} × ${cpus().length}

| step | what | µs an event | events/s | × parse | spread |
|---|---|---|---|---|---|
${row("parse", "`JSON.parse` of the same bytes: the reference")}
${row("decode", "envelope and data by their schemas, identifiers")}
${row("place", "settle each as it arrives, second looks included")}
${row("facts", "the facts of each scope concerned")}
${row("join", "into the states of all scopes")}
${row("at", "the view of every unit")}

Sum of the five: ${(sum / reference).toFixed(2)} × the parse (aim: at most 6).
\`at\` of a unit with ${views[0]?.[0]?.timeline.length} events: median ${(summary(views.map(([, time]) => time)).median / 1000).toFixed(2)} ms over ${reads(scope, states).length} scopes (aim: at most 1 ms).`)
