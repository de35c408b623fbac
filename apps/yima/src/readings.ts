import { readCursor } from "@yima/feed"
import type { Linker } from "@yima/linker"
import type { Log, Watermark } from "@yima/log"
import { DerivedReader, Doors, filterOfWebhook, type Held, NOTHING_HELD, openPool, Webhooks } from "@yima/registry"
import type { Metrics } from "@yima/telemetry"
import type pg from "pg"
import type { HealthProbe } from "./health.ts"

/** How long a scrape waits for what it reads, ms: Prometheus itself waits for ten seconds. */
const PATIENCE = 2000

/** How long it may take to count what one endpoint waits for, ms. */
const COUNTED = 300

/** After so long, ms, an answer that has not come will not. */
const GIVEN_UP = 60_000

interface Watched {
	readonly connectionString: string
	readonly log: Pick<Log, "partitions" | "watermarks">
	readonly health: Pick<HealthProbe, "health">
	/** Null where this process runs no linker: the linkers tell of partitions and lists. */
	readonly linker: Linker | null
}

interface PositionRow {
	readonly partition: number
	readonly next: string
	readonly known: string
}

interface Counts {
	readonly letters: readonly { readonly partition: number; readonly count: number; readonly first: string }[]
	readonly parked: readonly { readonly reason: string; readonly count: number }[]
	readonly rejected: readonly { readonly kind: string; readonly count: number }[]
	readonly webhooks: readonly { readonly status: string; readonly count: number; readonly failing: string | null }[]
	readonly unanswered: readonly { readonly service: string; readonly since: string }[]
}

const REASONS = ["UNKNOWN_IDENTIFIER", "DISPUTED", "TOO_COARSE", "NOT_ON_A_PARCEL"]
const KINDS = ["unreadable", "conflict"]
const SERVICES = ["water", "power", "gas", "heat"]

/** What one endpoint, or the door to Kafka, waits for. */
interface Waiting extends Held {
	readonly webhook: string
	/** Null: it could not be counted in time. */
	readonly behind: number | null
}

const GAUGES = ({ webhooks, webhookWaiting, webhookAge, webhookFailed, webhookFailing, accountAge }: Metrics) => [
	webhooks,
	webhookWaiting,
	webhookAge,
	webhookFailed,
	webhookFailing,
	accountAge,
]

/** Index: position is small. */
const POSITIONS = `select partition, next, known from yima.position`
/** Index: mailbox_work, a range for each partition. */
const LETTERS = `select m.partition, count(*)::int as count, min(m.number) as first from yima.mailbox m where m.due <= $1 group by m.partition`
/** Index: link_parked. */
const PARKED = `select parked as reason, count(*)::int as count from yima.link where parked is not null group by parked`
const REJECTED = `select kind, count(*)::int as count from yima.rejected where not replayed group by kind`

const WEBHOOKS = `select status, count(*)::int as count, min(failing_since) as failing from yima.webhook group by status`
/** How much behind an endpoint's cursor is counted. */
const MOST_BEHIND = 1000
/** Index: deadline_open. D10: from a request until the company answers. */
const UNANSWERED = `select thing as service, min(started_at) as since from yima.deadline where id = 'D10' and met_at is null group by thing`

/** What `work` answers in time; null: it fails, or is late. */
const within = async <A>(work: Promise<A>): Promise<A | null> => {
	let timer: NodeJS.Timeout | undefined
	const late = new Promise<null>((resolve) => {
		timer = setTimeout(() => resolve(null), PATIENCE)
	})
	return Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer))
}

/**
 * One at a time: while an answer is outstanding, whoever asks again gets nothing, so that a part that hangs gathers no questions; one that
 * never comes is given up.
 */
const single = <A>(ask: () => Promise<A>): (() => Promise<A | null>) => {
	let askedAt = Number.NEGATIVE_INFINITY
	return async () => {
		const now = performance.now()
		if (now - askedAt < GIVEN_UP) return null
		askedAt = now
		return within(
			ask().finally(() => {
				if (askedAt === now) askedAt = Number.NEGATIVE_INFINITY
			}),
		)
	}
}

/** Sets the gauges that are read from the database and the log at each scrape; answers how to let go of what it holds. */
export const watch = (metrics: Metrics, { connectionString, log, health, linker }: Watched): (() => Promise<void>) => {
	/** `patience`: with one statement, ms. */
	const connection = (patience: number): pg.Pool =>
		openPool({
			connectionString,
			max: 1,
			connectionTimeoutMillis: PATIENCE,
			statement_timeout: patience,
			query_timeout: PATIENCE,
			options: "-c role=yima_app -c search_path=yima",
		})
	// A connection of its own, so that a scrape neither waits for the work nor keeps it waiting.
	const pool = connection(PATIENCE)
	const positions = single(async () => (await pool.query<PositionRow>(POSITIONS)).rows)
	const watermarks = single(() => log.watermarks())
	const counts = single(
		async (): Promise<Counts> => ({
			letters: (await pool.query<Counts["letters"][number]>(LETTERS, [Date.now() * 1000])).rows,
			parked: (await pool.query<Counts["parked"][number]>(PARKED)).rows,
			rejected: (await pool.query<Counts["rejected"][number]>(REJECTED)).rows,
			webhooks: (await pool.query<Counts["webhooks"][number]>(WEBHOOKS)).rows,
			unanswered: (await pool.query<Counts["unanswered"][number]>(UNANSWERED)).rows,
		}),
	)
	// One more, so that an endpoint behind which it is long to count, as it has been paused for a year and chooses seldom, costs the others nothing.
	const counting = connection(COUNTED)
	const derived = new DerivedReader(counting)
	const webhooks = new Webhooks(pool)
	const doors = new Doors(pool)
	/** When each is counted: first what was not come to, last what took too long, and of that what was not come to before the rest. */
	const turns = new Map<string, number>()
	const turnOf = (webhook: string) => turns.get(webhook) ?? 1
	const waiting = single(async (): Promise<readonly Waiting[]> => {
		const held = await webhooks.held(null)
		const all = [
			...(await webhooks.all()).map((row) => ({ webhook: row.id, cursor: row.cursor, filter: filterOfWebhook(row) })),
			...(await doors.all()).map(({ name, cursor }) => ({ webhook: name, cursor, filter: {} })),
		]
		const begun = performance.now()
		const found: Waiting[] = []
		for (const { webhook, cursor, filter } of all.toSorted((a, b) => turnOf(a.webhook) - turnOf(b.webhook))) {
			const isLate = performance.now() - begun > PATIENCE - 2 * COUNTED
			const behind = isLate ? null : await derived.behind(filter, readCursor(cursor), MOST_BEHIND).catch(() => null)
			turns.set(webhook, isLate ? (turnOf(webhook) >= 2 ? 2 : 0) : behind === null ? 3 : 1)
			const own = held.get(webhook) ?? NOTHING_HELD
			const oldest = [behind?.oldestAt ?? null, own.oldestAt].filter((each) => each !== null)
			found.push({ ...own, webhook, behind: behind?.count ?? null, oldestAt: oldest.length === 0 ? null : Math.min(...oldest) })
		}
		return found
	})
	const lying = new Map<number, { readonly first: string; readonly since: number }>()

	const ages = (letters: Counts["letters"]): void => {
		for (let partition = 0; partition < log.partitions; partition++) {
			const now = letters.find((each) => each.partition === partition)
			const before = lying.get(partition)
			if (now === undefined) lying.delete(partition)
			else if (before?.first !== now.first) lying.set(partition, { first: now.first, since: Date.now() })
			metrics.letters.set({ partition }, now?.count ?? 0)
			metrics.letterAge.set({ partition }, (Date.now() - (lying.get(partition)?.since ?? Date.now())) / 1000)
		}
	}

	const lags = (rows: readonly PositionRow[], marks: readonly Watermark[]): void => {
		const unread = linker?.unreadSince() ?? new Map<number, number | null>()
		for (const { partition, high } of marks) {
			const row = rows.find((each) => each.partition === partition)
			const lag = Number(high - BigInt(row?.next ?? 0))
			// What lies behind the last linked record came after it.
			const since = unread.get(partition) ?? Number(row?.known ?? 0)
			metrics.lag.set({ partition }, lag)
			metrics.unreadAge.set({ partition }, lag > 0 && since > 0 ? Math.max(0, Date.now() / 1000 - since / 1_000_000) : 0)
		}
	}

	const since = (moment: string | number | null | undefined): number =>
		moment === null || moment === undefined ? 0 : Math.max(0, Date.now() / 1000 - Number(moment) / 1_000_000)

	const endpoints = (all: readonly Waiting[]): void => {
		for (const { webhook, behind, held, failed, oldestAt } of all) {
			metrics.webhookFailed.set({ webhook }, failed)
			if (behind !== null) metrics.webhookWaiting.set({ webhook }, behind + held)
			if (behind !== null || oldestAt !== null) metrics.webhookAge.set({ webhook }, since(oldestAt))
		}
	}

	const subscribers = ({ webhooks, unanswered }: Counts): void => {
		for (const status of ["ACTIVE", "FAILING", "PAUSED", "DISABLED"])
			metrics.webhooks.set({ status }, webhooks.find((each) => each.status === status)?.count ?? 0)
		metrics.webhookFailing.set(since(webhooks.find((each) => each.status === "FAILING")?.failing))
		for (const service of SERVICES) metrics.accountAge.set({ service }, since(unanswered.find((each) => each.service === service)?.since))
	}

	metrics.onScrape(async () => {
		metrics.ready.set(health.health().ready ? 1 : 0)
		const [rows, marks] = await Promise.all([positions(), watermarks()])
		metrics.databaseUp.set(rows === null ? 0 : 1)
		metrics.logUp.set(marks === null ? 0 : 1)
		// What cannot be read is not shown: an old figure would look like a new one.
		for (const gauge of [
			metrics.owned,
			metrics.lag,
			metrics.unreadAge,
			metrics.letters,
			metrics.letterAge,
			metrics.parked,
			metrics.rejected,
			...GAUGES(metrics),
		])
			gauge.reset()
		if (linker === null) return
		for (const state of ["working", "failing", "red"]) metrics.owned.set({ state }, [...linker.health().values()].filter((each) => each.is === state).length)
		if (rows !== null && marks !== null) lags(rows, marks)
		if (rows !== null) endpoints((await waiting()) ?? [])
		const counted = rows === null ? null : await counts()
		if (counted === null) return
		ages(counted.letters)
		for (const reason of REASONS) metrics.parked.set({ reason }, counted.parked.find((each) => each.reason === reason)?.count ?? 0)
		subscribers(counted)
		for (const kind of KINDS) metrics.rejected.set({ kind }, counted.rejected.find((each) => each.kind === kind)?.count ?? 0)
	})
	return async () => void (await Promise.all([pool.end(), counting.end()]))
}
