import { setTimeout as pause } from "node:timers/promises"
import type { EventKey, SubmitResult } from "@yima/schemas"
import { behind, type Profile, type Reading, type Refused, readings, type SheetProblem, type Table, tablesOf } from "@yima/sheets"
import { Busy, Unavailable } from "./outage.ts"
import { ANYONE, type Sender } from "./sender.ts"
import { type Door, submit } from "./submit.ts"
import { type Sending, sendingOf, versionsOf } from "./versions.ts"

export interface Importing {
	readonly door: Door
	/** Told of every result of what was sent. */
	readonly answered?: (results: readonly SubmitResult[]) => void
	/** Resolves when the registry holds all that the log holds now: only then is it known what was sent before. Fails with `Unavailable`. */
	readonly caughtUp: (signal: AbortSignal) => Promise<void>
	/** Identities and types of a source's events, in order of their keys, after one of them. */
	readonly keysOf: (source: string, after: EventKey | null, limit: number) => Promise<readonly { readonly key: EventKey; readonly type: string }[]>
}

export interface Order {
	/** Where the file is, on this machine. */
	readonly path: string
	readonly profile: Profile
	/** Everything is checked and compared, nothing is sent. */
	readonly isDry: boolean
	/** The sheet lists all there is: rows that were there before and are no longer are told. */
	readonly isComplete: boolean
	readonly sender?: Sender
	readonly signal: AbortSignal
}

/** How far an import is. `total`: about how many rows there are. */
export interface Count {
	readonly rows: number
	readonly total: number | null
	/** Events that went in (dry run: that would have). */
	readonly sent: number
	readonly corrections: number
	/** Rows of which everything was known already. */
	readonly unchanged: number
	readonly refused: number
	/** Rows that only sum up or repeat headings. */
	readonly skipped: number
}

/** What an import tells, in order; `done` comes last, once. */
export type ImportLine =
	/** Until the registry holds all that the log holds. */
	| { readonly waiting: "registry" }
	| { readonly progress: Count }
	| { readonly refused: Refused }
	| { readonly vanished: { readonly key: string; readonly event: string } }
	| { readonly otherSheets: readonly string[] }
	| { readonly done: Count }

/** Rows that are compared and sent together, and how many such pieces are under way. */
const AT_ONCE = 500
/** Keys that are looked through together. */
const KEYS_AT_ONCE = 5000
/** How long an import waits for a log or a registry that is away, ms, before it gives up: it can be begun again. */
const PATIENCE = 10 * 60_000

interface Piece {
	readonly table: Table
	readonly readings: readonly Reading[]
}

async function* piecesOf(profile: Profile, table: Table): AsyncGenerator<Piece> {
	let some: Reading[] = []
	for await (const reading of readings(profile, table)) {
		some.push(reading)
		if (some.length < AT_ONCE) continue
		yield { table, readings: some }
		some = []
	}
	if (some.length > 0) yield { table, readings: some }
}

/** Tries again while something is away. */
const patiently = async <A>(work: () => Promise<A>, signal: AbortSignal): Promise<A> => {
	const end = performance.now() + PATIENCE
	for (;;) {
		signal.throwIfAborted()
		try {
			return await work()
		} catch (error) {
			if (!(error instanceof Busy || error instanceof Unavailable) || performance.now() > end) throw error
			await pause(error.retryAfterS * 1000, undefined, { signal })
		}
	}
}

interface Outcome {
	readonly lines: readonly ImportLine[]
	readonly count: Omit<Count, "total" | "skipped">
}

const refusalsOf = ({ rows }: Reading, problems: readonly SheetProblem[]): readonly ImportLine[] =>
	rows.map(({ place, printed }) => ({ refused: { place, printed, problems } }))

/** What became of one row: what was wrong with it before, and what the door found wrong. */
const outcomeOf = (profile: Profile, table: Table, reading: Reading, { events, problems }: Sending, results: readonly SubmitResult[]): Outcome => {
	const wrong = [...reading.problems, ...problems]
	const [first] = reading.rows
	for (const [at, { draft }] of events.entries())
		for (const each of results[at]?.problems ?? []) if (first !== undefined) wrong.push(behind(profile, table, draft, each, first))
	const sent = results.filter((each) => each.status === "accepted")
	return {
		lines: wrong.length === 0 ? [] : refusalsOf(reading, wrong),
		count: {
			rows: reading.rows.length,
			sent: sent.length,
			corrections: events.filter(({ event }, at) => "corrects" in event && results[at]?.status === "accepted").length,
			unchanged: events.length === 0 && wrong.length === 0 ? reading.rows.length : 0,
			refused: wrong.length === 0 ? 0 : reading.rows.length,
		},
	}
}

/** A door that checks everything and lets nothing in, not even a person's key. */
const closed = (door: Door): Door => ({
	...door,
	log: { append: async (messages) => messages.map((_, at) => ({ partition: 0, offset: BigInt(at) })) },
	keyring: { draft: () => door.keyring.draft(), fill: async () => undefined },
})

/**
 * Imports a sheet by its profile (导入). Safe to run twice and to be killed half-way: what stands is told from what is new by the registry
 * alone. Fails with `SheetUnreadable` where the file cannot be read, `Busy` or `Unavailable` where something stays away; what was told
 * before stands then.
 */
export async function* importSheet({ door, answered = () => undefined, caughtUp, keysOf }: Importing, order: Order): AsyncGenerator<ImportLine> {
	const { path, profile, isDry, isComplete, sender = ANYONE, signal } = order
	const target = isDry ? closed(door) : door
	let count: Count = { rows: 0, total: null, sent: 0, corrections: 0, unchanged: 0, refused: 0, skipped: 0 }
	const seen = new Set<string>()
	const others: string[] = []

	const take = async ({ table, readings: some }: Piece): Promise<readonly Outcome[]> => {
		const keys = some.flatMap(({ key, problems }) => (key === null || problems.length > 0 ? [] : [key]))
		const versions = await patiently(() => versionsOf(door.registry, profile.source, keys), signal)
		const sendings = some.map((reading): Sending => {
			if (reading.problems.length > 0 || reading.key === null) return { events: [], problems: [] }
			return sendingOf(profile, reading, versions.get(reading.key) ?? [], door.keyring)
		})
		const inputs = sendings.flatMap(({ events }) => events.map(({ event }) => ({ value: event })))
		const results = inputs.length === 0 ? [] : await patiently(() => submit(target, inputs, sender), signal)
		if (!isDry) answered(results)
		let at = 0
		return some.map((reading, n) => {
			const sending = sendings[n] ?? { events: [], problems: [] }
			const own = results.slice(at, at + sending.events.length)
			at += sending.events.length
			return outcomeOf(profile, table, reading, sending, own)
		})
	}

	yield { waiting: "registry" }
	await patiently(() => caughtUp(signal), signal)
	for await (const table of tablesOf(path, profile, (sheet) => others.push(sheet))) {
		count = { ...count, total: table.total }
		const skippedBefore = count.skipped
		/** The next piece is read while one is on its way. */
		let flying: Promise<readonly Outcome[]> | null = null
		const land = async function* (): AsyncGenerator<ImportLine> {
			const outcomes = await flying
			for (const { lines, count: one } of outcomes ?? []) {
				yield* lines
				count = { ...count, ...added(count, one) }
			}
			count = { ...count, skipped: skippedBefore + table.skipped() }
			yield { progress: count }
		}
		for await (const piece of piecesOf(profile, table)) {
			for (const { key } of piece.readings) if (key !== null && isComplete) seen.add(key)
			if (flying !== null) yield* land()
			flying = take(piece)
			// Its failure is told when it lands.
			flying.catch(() => undefined)
		}
		if (flying !== null) yield* land()
	}
	if (others.length > 0) yield { otherSheets: others }
	if (isComplete) yield* vanishedOf(profile, seen, keysOf)
	yield { done: count }
}

const added = (count: Count, one: Outcome["count"]): Outcome["count"] => ({
	rows: count.rows + one.rows,
	sent: count.sent + one.sent,
	corrections: count.corrections + one.corrections,
	unchanged: count.unchanged + one.unchanged,
	refused: count.refused + one.refused,
})

/** Rows that were sent before, of which the sheet has none now, and that no status has ended. */
async function* vanishedOf({ source, events }: Profile, seen: ReadonlySet<string>, keysOf: Importing["keysOf"]): AsyncGenerator<ImportLine> {
	const [begins, ...ends] = events.map((each) => each.type as string)
	const open = new Map<string, string>()
	for (let after: EventKey | null = null; ; ) {
		const page: Awaited<ReturnType<Importing["keysOf"]>> = await keysOf(source, after, KEYS_AT_ONCE)
		for (const { key, type } of page) {
			const id = key.slice(source.length + 1)
			const row = /^(.*)@\d+$/.exec(id)?.[1]
			if (row === undefined || seen.has(row)) continue
			if (type === begins && !open.has(row)) open.set(row, id)
			if (ends.includes(type)) open.set(row, "")
		}
		after = page.at(-1)?.key ?? null
		if (after === null) break
	}
	for (const [key, event] of open) if (event !== "") yield { vanished: { key, event } }
}
