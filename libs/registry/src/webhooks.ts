import type { Moment, Scope } from "@yima/schemas"
import type pg from "pg"
import { prepared, transaction } from "./connect.ts"
import type { DerivedFilter } from "./derived.ts"

export type WebhookStatus = "ACTIVE" | "FAILING" | "PAUSED" | "DISABLED"
export type DeliveryStatus = "WAITING" | "DELIVERED" | "HELD" | "FAILED"
export type NoticeKind = "FAILING" | "DISABLED" | "RECOVERED" | "TASK"

/** What the subscriber says of an endpoint. */
export interface WebhookSettings {
	readonly url: string
	readonly service: string | null
	/** Of those who give the service, as its connection names it; null: all of them. */
	readonly company: string | null
	readonly families: readonly string[] | null
	readonly types: readonly string[] | null
	readonly project: Scope | null
	readonly severity: readonly string[] | null
	readonly batchSize: number
	/** The most requests at once. */
	readonly concurrency: number
	/** The most requests a second; null: as many as it takes. */
	readonly perSecond: number | null
}

/** 订阅端点. Secrets are wrapped under the master key; moments in µs. */
export interface WebhookRow extends WebhookSettings {
	readonly id: string
	readonly secret: string
	readonly oldSecret: string | null
	readonly oldUntil: number | null
	readonly status: WebhookStatus
	readonly reason: string | null
	/** As `@yima/feed` writes it. */
	readonly cursor: string
	readonly failingSince: number | null
	readonly failures: number
	readonly retryAt: number | null
	readonly lease: number
	readonly createdAt: number
}

export const filterOfWebhook = ({ service, company, families, types, project, severity }: WebhookSettings): DerivedFilter => ({
	service,
	company,
	families,
	types,
	project,
	severity,
})

/** 投递记录 of one event at one endpoint. */
export interface DeliveryRow {
	readonly webhook: string
	readonly partition: number
	readonly number: number
	readonly type: string
	readonly subject: Scope | null
	readonly status: DeliveryStatus
	readonly attempts: number
	readonly firstAt: number
	readonly lastAt: number | null
	readonly nextAt: number | null
	readonly latencyMs: number | null
	readonly responseStatus: number | null
	/** The headers alone: the body is the stream's, and leaves as it did. */
	readonly request: string | null
	/** Headers and the first 4 KB of the body, as text. */
	readonly response: string | null
}

/** What a courier has found out, written in one piece. Nothing of it where the lease is no longer its own. */
export interface Progress {
	readonly cursor: string
	readonly deliveries: readonly Omit<DeliveryRow, "webhook">[]
	/** Absent: as it was. */
	readonly health?: Pick<WebhookRow, "status" | "reason" | "failingSince" | "failures" | "retryAt">
	readonly notices: readonly { readonly kind: NoticeKind; readonly at: number; readonly reason: string }[]
}

/** 联系方式查看记录. */
export interface Redemption {
	readonly revision: number
	readonly company: string
	readonly purpose: string
	readonly at: Moment
}

export interface Held {
	/** To be sent again. */
	readonly held: number
	/** Refused for so long that only a person can put it right. */
	readonly failed: number
	/** Since when the oldest of what is held waits. */
	readonly oldestAt: number | null
}

export interface Notice {
	readonly kind: NoticeKind
	readonly at: number
	readonly reason: string
}

/** Of an endpoint that `held` does not name. */
export const NOTHING_HELD: Held = { held: 0, failed: 0, oldestAt: null }

interface WebhookDbRow {
	readonly id: string
	readonly url: string
	readonly service: string | null
	readonly company: string | null
	readonly families: string[] | null
	readonly types: string[] | null
	readonly project: Scope | null
	readonly severity: string[] | null
	readonly batch_size: number
	readonly concurrency: number
	readonly per_second: number | null
	readonly secret: string
	readonly old_secret: string | null
	readonly old_until: string | null
	readonly status: WebhookStatus
	readonly reason: string | null
	readonly cursor: string
	readonly failing_since: string | null
	readonly failures: number
	readonly retry_at: string | null
	readonly lease: string
	readonly created_at: string
}

const orNull = (text: string | null): number | null => (text === null ? null : Number(text))

const webhookRow = (row: WebhookDbRow): WebhookRow => ({
	id: row.id,
	url: row.url,
	service: row.service,
	company: row.company,
	families: row.families,
	types: row.types,
	project: row.project,
	severity: row.severity,
	batchSize: row.batch_size,
	concurrency: row.concurrency,
	perSecond: row.per_second,
	secret: row.secret,
	oldSecret: row.old_secret,
	oldUntil: orNull(row.old_until),
	status: row.status,
	reason: row.reason,
	cursor: row.cursor,
	failingSince: orNull(row.failing_since),
	failures: row.failures,
	retryAt: orNull(row.retry_at),
	lease: Number(row.lease),
	createdAt: Number(row.created_at),
})

interface DeliveryDbRow extends Pick<DeliveryRow, "webhook" | "partition" | "type" | "subject" | "status" | "attempts" | "request" | "response"> {
	readonly number: string
	readonly first_at: string
	readonly last_at: string | null
	readonly next_at: string | null
	readonly latency_ms: number | null
	readonly response_status: number | null
}

const deliveryRow = ({ number, first_at, last_at, next_at, latency_ms, response_status, ...row }: DeliveryDbRow): DeliveryRow => ({
	...row,
	number: Number(number),
	firstAt: Number(first_at),
	lastAt: orNull(last_at),
	nextAt: orNull(next_at),
	latencyMs: latency_ms,
	responseStatus: response_status,
})

/** What is to be sent again. */
export type HeldRow = Pick<DeliveryRow, "partition" | "number" | "subject" | "attempts" | "firstAt" | "nextAt">

const HELD = "partition, number, subject, attempts, first_at, next_at"

type HeldDbRow = Pick<DeliveryDbRow, "partition" | "number" | "subject" | "attempts" | "first_at" | "next_at">

const heldRow = ({ number, first_at, next_at, ...row }: HeldDbRow): HeldRow => ({
	...row,
	number: Number(number),
	firstAt: Number(first_at),
	nextAt: orNull(next_at),
})

export interface DeliveriesFilter {
	readonly webhook: string
	readonly status?: DeliveryStatus | undefined
}

/** 订阅: endpoints, their leases, what was delivered to them and what they hold. */
export class Webhooks {
	readonly #pool: pg.Pool

	constructor(pool: pg.Pool) {
		this.#pool = pool
	}

	all = async (): Promise<readonly WebhookRow[]> => (await this.#pool.query<WebhookDbRow>(`select * from webhook order by created_at, id`)).rows.map(webhookRow)

	find = async (id: string): Promise<WebhookRow | null> => {
		const { rows } = await this.#pool.query<WebhookDbRow>(`select * from webhook where id = $1`, [id])
		return rows[0] === undefined ? null : webhookRow(rows[0])
	}

	create = async (row: WebhookSettings & Pick<WebhookRow, "id" | "secret" | "cursor" | "createdAt">): Promise<WebhookRow> => {
		const { rows } = await this.#pool.query<WebhookDbRow>(
			`insert into webhook (id, url, service, families, types, project, severity, batch_size, concurrency, per_second, secret, status, cursor, created_at, company)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'ACTIVE', $12, $13, $14) returning *`,
			[
				row.id,
				row.url,
				row.service,
				row.families,
				row.types,
				row.project,
				row.severity,
				row.batchSize,
				row.concurrency,
				row.perSecond,
				row.secret,
				row.cursor,
				row.createdAt,
				row.company,
			],
		)
		return webhookRow(rows[0] as WebhookDbRow)
	}

	/** Changes an endpoint; whoever has its lease loses it, and it is taken anew as it is then. Null: there is none. */
	change = async (
		id: string,
		change: Partial<WebhookSettings & Pick<WebhookRow, "secret" | "oldSecret" | "oldUntil" | "status" | "cursor">>,
	): Promise<WebhookRow | null> => {
		const columns: Readonly<Record<keyof typeof change, string>> = {
			url: "url",
			service: "service",
			company: "company",
			families: "families",
			types: "types",
			project: "project",
			severity: "severity",
			batchSize: "batch_size",
			concurrency: "concurrency",
			perSecond: "per_second",
			secret: "secret",
			oldSecret: "old_secret",
			oldUntil: "old_until",
			status: "status",
			cursor: "cursor",
		}
		const entries = Object.entries(change) as [keyof typeof change, unknown][]
		// Set going again, one that failed is tried at once, and fails until it takes something: so its operator hears that it has recovered.
		const settingOf = (key: keyof typeof change, value: string) =>
			key === "status" ? `case when ${value} = 'ACTIVE' and failures > 0 then 'FAILING' else ${value} end` : value
		const sets = entries.map(([key], n) => `${columns[key]} = ${settingOf(key, `$${n + 2}`)}`)
		const again = change.status === "ACTIVE" ? [`reason = case when failures > 0 then reason end`, `retry_at = null`] : []
		// Set otherwise, whether it fails has to show anew.
		const anew =
			change.url === undefined
				? []
				: [
						`status = case when status = 'FAILING' then 'ACTIVE' else status end`,
						`failures = 0`,
						`failing_since = null`,
						`retry_at = null`,
						`reason = case when status = 'DISABLED' then reason end`,
					]
		const { rows } = await this.#pool.query<WebhookDbRow>(
			`update webhook set ${[...sets, ...again, ...anew, `lease = lease + 1`, `held_until = '-infinity'`].join(", ")} where id = $1 returning *`,
			[id, ...entries.map(([, value]) => value)],
		)
		return rows[0] === undefined ? null : webhookRow(rows[0])
	}

	remove = (id: string): Promise<boolean> =>
		transaction(this.#pool, "begin", async (client) => {
			const { rowCount } = await client.query(`delete from webhook where id = $1`, [id])
			await client.query(`delete from delivery where webhook = $1`, [id])
			return (rowCount ?? 0) > 0
		})

	/** Says for so long that a courier is there, and answers how many endpoints are its part: as many as anybody's, or one more of those that remain. */
	share = async (holder: string, seconds: number): Promise<number> => {
		const { rows } = await this.#pool.query<{ readonly share: number }>(
			prepared(
				`with gone as (delete from courier where holder in (select holder from courier where seen_until < clock_timestamp() for update skip locked)),
				own as (insert into courier (holder, seen_until) values ($1, clock_timestamp() + make_interval(secs => $2))
					on conflict (holder) do update set seen_until = excluded.seen_until),
				others as (select count(*) as all, count(*) filter (where holder < $1) as before from courier where holder <> $1 and seen_until >= clock_timestamp()),
				carried as (select count(*) as all from webhook where status in ('ACTIVE', 'FAILING'))
				select (c.all / (o.all + 1) + (o.before < c.all % (o.all + 1))::int)::int as share from others o, carried c`,
				[holder, seconds],
			),
		)
		return (rows[0] as { readonly share: number }).share
	}

	/** The courier is gone: its part is the others'. */
	leave = async (holder: string): Promise<void> => {
		await this.#pool.query(`delete from courier where holder = $1`, [holder])
	}

	/** Takes endpoints that nobody has, for so long; by the database's clock, which all couriers share. */
	take = async (holder: string, seconds: number, most: number): Promise<readonly WebhookRow[]> => {
		const { rows } = await this.#pool.query<WebhookDbRow>(
			`update webhook set holder = $1, held_until = clock_timestamp() + make_interval(secs => $2), lease = lease + 1
				where id in (select id from webhook where status in ('ACTIVE', 'FAILING') and held_until < clock_timestamp() order by held_until limit $3 for update skip locked)
				returning *`,
			[holder, seconds, most],
		)
		return rows.map(webhookRow)
	}

	/** Which of these leases are still one's own, held for longer from now on. */
	renew = async (leases: readonly { readonly id: string; readonly lease: number }[], seconds: number): Promise<ReadonlySet<string>> => {
		const { rows } = await this.#pool.query<{ readonly id: string }>(
			`update webhook w set held_until = clock_timestamp() + make_interval(secs => $3)
				from unnest($1::text[], $2::bigint[]) as l(id, lease) where w.id = l.id and w.lease = l.lease returning w.id`,
			[leases.map((each) => each.id), leases.map((each) => each.lease), seconds],
		)
		return new Set(rows.map((row) => row.id))
	}

	release = async (id: string, lease: number): Promise<void> => {
		await this.#pool.query(`update webhook set held_until = '-infinity' where id = $1 and lease = $2`, [id, lease])
	}

	/** Writes what has become of some deliveries with the cursor; false: the lease is another's, and nothing is written. */
	advance = (id: string, lease: number, { cursor, deliveries, health, notices }: Progress): Promise<boolean> =>
		transaction(
			this.#pool,
			"begin",
			async (client) => {
				const own = await client.query(
					health === undefined
						? prepared(`update webhook set cursor = $3 where id = $1 and lease = $2`, [id, lease, cursor])
						: prepared(
								`update webhook set cursor = $3, status = $4, reason = $5, failing_since = $6, failures = $7, retry_at = $8 where id = $1 and lease = $2`,
								[id, lease, cursor, health.status, health.reason, health.failingSince, health.failures, health.retryAt],
							),
				)
				if (own.rowCount !== 1) return false
				if (deliveries.length > 0)
					await client.query(
						prepared(
							`insert into delivery as d (webhook, partition, number, type, subject, status, attempts, first_at, last_at, next_at, latency_ms, response_status, request, response)
								select $1, r.* from json_to_recordset($2) r(partition smallint, number bigint, type text, subject text, status text, attempts int,
									"firstAt" bigint, "lastAt" bigint, "nextAt" bigint, "latencyMs" int, "responseStatus" int, request text, response text)
								on conflict (webhook, partition, number) do update set status = excluded.status, attempts = excluded.attempts, first_at = excluded.first_at, last_at = excluded.last_at,
									next_at = excluded.next_at, latency_ms = excluded.latency_ms, response_status = excluded.response_status, request = excluded.request,
									response = excluded.response`,
							[id, JSON.stringify(deliveries)],
						),
					)
				for (const { kind, at, reason } of notices)
					await client.query(`insert into notice (webhook, at, kind, reason) values ($1, $2, $3, $4) on conflict do nothing`, [id, at, kind, reason])
				return true
			},
			(isOwn) => isOwn,
		)

	/** Of these rows, those that an endpoint has a record of. */
	recorded = async (id: string, places: readonly { readonly partition: number; readonly number: number }[]): Promise<readonly DeliveryRow[]> => {
		const { rows } = await this.#pool.query<DeliveryDbRow>(
			prepared(`select d.* from delivery d join unnest($2::smallint[], $3::bigint[]) a(partition, number) using (partition, number) where d.webhook = $1`, [
				id,
				places.map((each) => each.partition),
				places.map((each) => each.number),
			]),
		)
		return rows.map(deliveryRow)
	}

	/** Of each unit on the hold list the first: what comes next of it; what has no unit is each its own. Index: delivery_open. */
	heads = async (id: string): Promise<readonly HeldRow[]> => {
		const open = `select ${HELD} from delivery where webhook = $1 and status in ('HELD', 'WAITING')`
		const { rows } = await this.#pool.query<HeldDbRow>(
			prepared(
				`select distinct on (subject) * from (${open} and subject is not null order by subject, partition, number) s union all (${open} and subject is null order by partition, number)`,
				[id],
			),
		)
		return rows.map(heldRow)
	}

	/** Of each partition what comes before the first event that is not delivered and that the cursor has passed. Index: delivery_open. */
	beforeHeld = async (id: string): Promise<ReadonlyMap<number, number>> => {
		const { rows } = await this.#pool.query<{ readonly partition: number; readonly number: string }>(
			prepared(`select partition, min(number) - 1 as number from delivery where webhook = $1 and status in ('HELD', 'WAITING', 'FAILED') group by partition`, [
				id,
			]),
		)
		return new Map(rows.map((row) => [row.partition, Number(row.number)]))
	}

	/** What is first of a unit on the hold list. Index: delivery_open. */
	head = async (id: string, subject: Scope): Promise<HeldRow | null> => {
		const { rows } = await this.#pool.query<HeldDbRow>(
			prepared(`select ${HELD} from delivery where webhook = $1 and status in ('HELD', 'WAITING') and subject = $2 order by partition, number limit 1`, [
				id,
				subject,
			]),
		)
		return rows[0] === undefined ? null : heldRow(rows[0])
	}

	/** The latest first, after one of them. Index: delivery_last. */
	deliveries = async ({ webhook, status }: DeliveriesFilter, before: readonly number[] | null, limit: number): Promise<readonly DeliveryRow[]> => {
		const [at, partition, number] = before ?? []
		const { rows } = await this.#pool.query<DeliveryDbRow>(
			`select * from delivery where webhook = $1 and ($2::text is null or status = $2)
				and ($3::bigint is null or (coalesce(last_at, first_at), partition, number) < ($3, $4, $5))
				order by coalesce(last_at, first_at) desc, partition desc, number desc limit $6`,
			[webhook, status ?? null, at ?? null, partition ?? null, number ?? null, limit],
		)
		return rows.map(deliveryRow)
	}

	/** What an endpoint (null: each) holds, and what has become a person's task. Index: delivery_open. */
	held = async (id: string | null): Promise<ReadonlyMap<string, Held>> => {
		const { rows } = await this.#pool.query<{ readonly webhook: string; readonly held: number; readonly failed: number; readonly oldest: string | null }>(
			prepared(
				`select webhook, count(*) filter (where status <> 'FAILED')::int as held, count(*) filter (where status = 'FAILED')::int as failed,
				min(first_at) filter (where status <> 'FAILED') as oldest from delivery where status in ('HELD', 'WAITING', 'FAILED') and ($1::text is null or webhook = $1) group by webhook`,
				[id],
			),
		)
		return new Map(rows.map(({ webhook, oldest, ...row }) => [webhook, { ...row, oldestAt: orNull(oldest) }]))
	}

	notices = async (id: string, limit: number): Promise<readonly Notice[]> => {
		const { rows } = await this.#pool.query<{ readonly at: string; readonly kind: NoticeKind; readonly reason: string }>(
			`select at, kind, reason from notice where webhook = $1 order by at desc limit $2`,
			[id, limit],
		)
		return rows.map(({ at, ...row }) => ({ ...row, at: Number(at) }))
	}

	/** Has rows sent again that the endpoint has a record of: these, or all of a kind behind a place. Answers how many; `isPreview`: how many it would be. */
	redeliver = async (
		id: string,
		which: { readonly places: readonly { readonly partition: number; readonly number: number }[] } | { readonly behind: ReadonlyMap<number, number> },
		now: number,
		isPreview: boolean,
	): Promise<number> => {
		const [text, values] =
			"places" in which
				? [
						`(d.partition, d.number) in (select * from unnest($2::smallint[], $3::bigint[]))`,
						[which.places.map((each) => each.partition), which.places.map((each) => each.number)],
					]
				: [
						`d.number > coalesce((select a.number from unnest($2::smallint[], $3::bigint[]) a(partition, number) where a.partition = d.partition), 0)`,
						[[...which.behind.keys()], [...which.behind.values()]],
					]
		const where = `d.webhook = $1 and d.status in ('DELIVERED', 'FAILED', 'HELD') and ${text}`
		if (isPreview) {
			const { rows } = await this.#pool.query<{ readonly n: number }>(`select count(*)::int as n from delivery d where ${where}`, [id, ...values])
			return rows[0]?.n ?? 0
		}
		const { rowCount } = await this.#pool.query(`update delivery d set status = 'WAITING', next_at = $4, first_at = $4 where ${where}`, [id, ...values, now])
		return rowCount ?? 0
	}

	/** When a step was first reported, µs: `at`, unless it was before. */
	reportedAt = async (id: string, at: Moment): Promise<Moment> => {
		const { rows } = await this.#pool.query<{ readonly at: string }>(
			prepared(`insert into reported as r (id, at) values ($1, $2) on conflict (id) do update set at = r.at returning at`, [id, at]),
		)
		return Number(rows[0]?.at) as Moment
	}

	/** Each redemption has a moment of its own. */
	redeemed = async ({ requestId, revision, company, purpose, at }: Redemption & { readonly requestId: string }): Promise<void> => {
		await this.#pool.query(
			`insert into redemption (request_id, revision, company, purpose, at) values ($1, $2, $3, $4,
				greatest($5, coalesce((select max(at) + 1 from redemption where request_id = $1 and revision = $2), 0)))`,
			[requestId, revision, company, purpose, at],
		)
	}

	/** Who has had the holder's name and phone of a request, the latest first. Index: redemption_pkey. */
	redemptions = async (requestId: string, limit: number): Promise<readonly Redemption[]> => {
		const { rows } = await this.#pool.query<Omit<Redemption, "at"> & { readonly at: string }>(
			`select revision, company, purpose, at from redemption where request_id = $1 order by at desc limit $2`,
			[requestId, limit],
		)
		return rows.map((row) => ({ ...row, at: Number(row.at) as Moment }))
	}
}
