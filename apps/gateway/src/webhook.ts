import { randomUUID } from "node:crypto"
import { readCursor, requestsOf, writeCursor } from "@yima/feed"
import { type DeliveryRow, filterOfWebhook, type Held, NOTHING_HELD, type Notice, type WebhookRow, type WebhookSettings } from "@yima/registry"
import type { Moment } from "@yima/schemas"
import { Batch } from "./batch.ts"
import { builder } from "./builder.ts"
import { connectionOf } from "./connection.ts"
import { cursorOf, pageSize, readCursor as readListCursor } from "./cursor.ts"
import type { Desk } from "./desk.ts"
import { companyOf, feedOf, filterOf, placeOf } from "./feed.ts"
import { SeverityEnum } from "./finding.ts"
import { refusal } from "./refusal.ts"
import { ServiceEnum } from "./service.ts"
import type { Subscribers } from "./subscribers.ts"

export const subscribersOf = ({ subscribers }: Desk): Subscribers => {
	if (subscribers === null) throw refusal("UNAVAILABLE", "此进程不管理订阅端点")
	return subscribers
}

/** As long as a secret that was replaced still signs, µs. */
const OVERLAP = 24 * 3600 * 1_000_000
/** More than so many waiting are counted as so many. */
const MOST_WAITING = 1000

interface WebhookNode {
	readonly row: WebhookRow
	/** Only in the answer that made it. */
	readonly secret: string | null
}

const WebhookStatusEnum = builder.enumType("WebhookStatus", { values: ["ACTIVE", "FAILING", "PAUSED", "DISABLED"] as const })

const waiting = new WeakMap<WebhookRow, Promise<{ readonly count: number; readonly oldestAt: Moment | null }>>()

/** What lies behind its cursor. */
const waitingOf = (row: WebhookRow, desk: Desk): Promise<{ readonly count: number; readonly oldestAt: Moment | null }> => {
	const found =
		waiting.get(row) ??
		feedOf(desk)
			.derived.behind(filterOfWebhook(row), readCursor(row.cursor), MOST_WAITING)
			.then(({ count, oldestAt }) => ({ count, oldestAt: oldestAt as Moment | null }))
	waiting.set(row, found)
	return found
}

const holds = new WeakMap<WebhookRow, Promise<Held>>()

const heldOf = (row: WebhookRow, desk: Desk): Promise<Held> => {
	const found =
		holds.get(row) ??
		subscribersOf(desk)
			.webhooks.held(row.id)
			.then((all) => all.get(row.id) ?? NOTHING_HELD)
	holds.set(row, found)
	return found
}

/** Before everything that is not delivered, also on its hold list: whoever goes on from here at another door misses nothing. */
const deliveredTo = async (row: WebhookRow, desk: Desk): Promise<string> => {
	const place = new Map(readCursor(row.cursor))
	for (const [partition, number] of await subscribersOf(desk).webhooks.beforeHeld(row.id)) place.set(partition, Math.min(number, place.get(partition) ?? 0))
	return writeCursor(place)
}

const NoticeType = builder.objectRef<Notice>("WebhookNotice").implement({
	description: "What the endpoint's operator is told: FAILING, DISABLED, RECOVERED, or TASK, something that only a person can put right",
	fields: (t) => ({
		kind: t.exposeString("kind"),
		at: t.field({ type: "DateTime", resolve: ({ at }) => at as Moment }),
		reason: t.exposeString("reason"),
	}),
})

const WebhookType = builder.objectRef<WebhookNode>("Webhook").implement({
	description:
		"secret: only in the answer that made it. cursor: everything up to here is delivered; what lies behind may be, too, and comes again with the same id to who goes on from here. Filters left out let everything pass",
	fields: (t) => ({
		id: t.id({ resolve: ({ row }) => row.id }),
		url: t.string({ resolve: ({ row }) => row.url }),
		status: t.field({ type: WebhookStatusEnum, resolve: ({ row }) => row.status }),
		service: t.field({ type: ServiceEnum, nullable: true, resolve: ({ row }) => row.service as never }),
		company: t.string({ nullable: true, resolve: ({ row }) => row.company }),
		families: t.stringList({ nullable: true, resolve: ({ row }) => row.families }),
		types: t.stringList({ nullable: true, resolve: ({ row }) => row.types }),
		project: t.string({ nullable: true, resolve: ({ row }) => row.project?.slice("project:".length) ?? null }),
		severity: t.field({ type: [SeverityEnum], nullable: true, resolve: ({ row }) => row.severity as never }),
		batchSize: t.int({ resolve: ({ row }) => row.batchSize }),
		concurrency: t.int({ resolve: ({ row }) => row.concurrency }),
		perSecond: t.int({ nullable: true, resolve: ({ row }) => row.perSecond }),
		cursor: t.string({ resolve: ({ row }, _, { desk }) => deliveredTo(row, desk) }),
		waiting: t.int({ description: `Counted up to ${MOST_WAITING}`, resolve: async ({ row }, _, { desk }) => (await waitingOf(row, desk)).count }),
		held: t.int({ description: "On its hold list, or to be sent again", resolve: async ({ row }, _, { desk }) => (await heldOf(row, desk)).held }),
		failed: t.int({
			description: "Refused for so long that a person has to put it right: deliveries(status: FAILED)",
			resolve: async ({ row }, _, { desk }) => (await heldOf(row, desk)).failed,
		}),
		oldestWaitingAt: t.field({ type: "DateTime", nullable: true, resolve: async ({ row }, _, { desk }) => (await waitingOf(row, desk)).oldestAt }),
		secret: t.string({ nullable: true, resolve: ({ secret }) => secret }),
		reason: t.string({ nullable: true, description: "Why it fails, or is disabled", resolve: ({ row }) => row.reason }),
		failingSince: t.field({ type: "DateTime", nullable: true, resolve: ({ row }) => row.failingSince as Moment | null }),
		retryAt: t.field({ type: "DateTime", nullable: true, resolve: ({ row }) => row.retryAt as Moment | null }),
		notices: t.field({
			type: [NoticeType],
			description: "The latest first",
			resolve: ({ row }, _, { desk }) => subscribersOf(desk).webhooks.notices(row.id, 50),
		}),
	}),
})

const WebhookInput = builder.inputType("WebhookInput", {
	description: "after: a cursor; the empty text is the beginning; absent: from now on. concurrency, perSecond: the most requests at once, and a second",
	fields: (t) => ({
		url: t.string({ required: true }),
		service: t.field({ type: ServiceEnum }),
		company: t.string({ description: "Of the service's requests those to this company alone, by the name that its connections bear" }),
		families: t.stringList(),
		types: t.stringList(),
		project: t.string(),
		severity: t.field({ type: [SeverityEnum] }),
		batchSize: t.int({ defaultValue: 1 }),
		concurrency: t.int({ defaultValue: 4 }),
		perSecond: t.int(),
		after: t.string(),
	}),
})
type Input = typeof WebhookInput.$inferInput

const whole = (name: string, value: number, most: number): number => {
	if (value < 1 || value > most) throw refusal("BAD_INPUT", `${name} 应为 1 至 ${most},现为 ${value}`)
	return value
}

const settingsOf = (input: Input, desk: Desk): WebhookSettings => {
	const objection = subscribersOf(desk).objection(input.url)
	if (objection !== null) throw refusal("BAD_INPUT", objection)
	const { families, types, project, severity } = filterOf(input)
	return {
		url: input.url,
		service: input.service ?? null,
		company: companyOf(input.service, input.company),
		families: families ?? null,
		types: types ?? null,
		project: project ?? null,
		severity: severity ?? null,
		batchSize: whole("batchSize", input.batchSize ?? 1, 200),
		concurrency: whole("concurrency", input.concurrency ?? 4, 64),
		perSecond: input.perSecond === null || input.perSecond === undefined ? null : whole("perSecond", input.perSecond, 100_000),
	}
}

const found = (id: string, row: WebhookRow | null): WebhookRow => {
	if (row === null) throw refusal("NOT_FOUND", `没有编号为「${id.slice(0, 40)}」的订阅端点`)
	return row
}

const node = (row: WebhookRow, secret: string | null = null): WebhookNode => ({ row, secret })

const DeliveryStatusEnum = builder.enumType("DeliveryStatus", {
	description: "HELD: refused, on the hold list, or behind what is; FAILED: refused for 7 days, a person's task; WAITING: to be sent again",
	values: ["WAITING", "DELIVERED", "HELD", "FAILED"] as const,
})

const nameOf = ({ webhook, partition, number }: Pick<DeliveryRow, "webhook" | "partition" | "number">): string => `${webhook}:${partition}-${number}`

/** `shown`: the request as it was sent, for who asks for it. */
interface DeliveryNode extends DeliveryRow {
	readonly shown: () => Promise<string | null> | string | null
}

const DeliveryType = builder.objectRef<DeliveryNode>("Delivery").implement({
	description: "投递记录. request, response: headers and the first 4 KB",
	fields: (t) => ({
		id: t.id({ resolve: nameOf }),
		type: t.exposeString("type"),
		subject: t.string({ resolve: ({ subject }) => subject ?? "" }),
		cursor: t.string({ resolve: ({ partition, number }) => `${partition}-${number}` }),
		status: t.field({ type: DeliveryStatusEnum, resolve: ({ status }) => status }),
		attempts: t.exposeInt("attempts"),
		lastAttemptAt: t.field({ type: "DateTime", nullable: true, resolve: ({ lastAt }) => lastAt as Moment | null }),
		nextAttemptAt: t.field({ type: "DateTime", nullable: true, resolve: ({ nextAt }) => nextAt as Moment | null }),
		latencyMs: t.int({ nullable: true, resolve: ({ latencyMs }) => latencyMs }),
		responseStatus: t.int({ nullable: true, resolve: ({ responseStatus }) => responseStatus }),
		request: t.string({ nullable: true, resolve: ({ shown }) => shown() }),
		response: t.string({ nullable: true, resolve: ({ response }) => response }),
	}),
})

builder.queryFields((t) => ({
	webhooks: t.field({ type: [WebhookType], resolve: async (_, _args, { desk }) => (await subscribersOf(desk).webhooks.all()).map((row) => node(row)) }),
	deliveries: t.field({
		type: connectionOf("Delivery", DeliveryType),
		description: "The latest first",
		args: { webhook: t.arg.id({ required: true }), status: t.arg({ type: DeliveryStatusEnum }), first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
		resolve: async (_, { webhook, status, first, after }, { desk }) => {
			const { webhooks } = subscribersOf(desk)
			const id = String(webhook)
			found(id, await webhooks.find(id))
			const of = `deliveries ${id} ${status ?? ""}`
			const before = readListCursor(after, of)?.at.map(Number) ?? null
			const size = pageSize(first, 20)
			const rows = await webhooks.deliveries({ webhook: id, status: status ?? undefined }, before, size + 1)
			const cursor = ({ lastAt, firstAt, partition, number }: DeliveryRow) => cursorOf({ of, sight: null, at: [lastAt ?? firstAt, partition, number] })
			const requests = new Batch<string, string | null>(async (heads) => {
				const shown = await requestsOf(heads, feedOf(desk))
				return new Map(heads.map((head, n) => [head, shown[n] ?? null]))
			}, null)
			const nodeOf = (row: DeliveryRow): DeliveryNode => ({ ...row, shown: () => (row.request === null ? null : requests.get(row.request)) })
			const edges = rows.slice(0, size).map((each) => ({ cursor: cursor(each), node: nodeOf(each) }))
			return { edges, hasNextPage: rows.length > size, endCursor: edges.at(-1)?.cursor ?? after ?? cursorOf({ of, sight: null, at: [] }), count: () => null }
		},
	}),
}))

const changed = async (id: string, change: Parameters<Subscribers["webhooks"]["change"]>[1], desk: Desk): Promise<WebhookNode> =>
	node(found(id, await subscribersOf(desk).webhooks.change(id, change)))

const ID = /^(.+):(\d+)-(\d+)$/

const placesIn = (webhook: string, ids: readonly string[]): readonly { readonly partition: number; readonly number: number }[] =>
	ids.map((id) => {
		const [, of, partition, number] = ID.exec(id) ?? []
		if (of !== webhook || partition === undefined || number === undefined) throw refusal("BAD_INPUT", `「${id.slice(0, 80)}」不是这个端点的投递记录`)
		return { partition: Number(partition), number: Number(number) }
	})

builder.mutationFields((t) => ({
	createWebhook: t.field({
		type: WebhookType,
		args: { input: t.arg({ type: WebhookInput, required: true }) },
		resolve: async (_, { input }, { desk }) => {
			const { webhooks, newSecret } = subscribersOf(desk)
			const settings = settingsOf(input, desk)
			const place = placeOf(input.after, null) ?? (await feedOf(desk).derived.end())
			const id = randomUUID()
			const { kept, shown } = newSecret(id)
			return node(await webhooks.create({ ...settings, id, secret: kept, cursor: writeCursor(place), createdAt: desk.now() }), shown)
		},
	}),
	updateWebhook: t.field({
		type: WebhookType,
		description: "Everything is set as given; the cursor stays where it is unless `after` is given",
		args: { id: t.arg.id({ required: true }), input: t.arg({ type: WebhookInput, required: true }) },
		resolve: (_, { id, input }, { desk }) => {
			const place = placeOf(input.after, null)
			return changed(String(id), { ...settingsOf(input, desk), ...(place === null ? {} : { cursor: writeCursor(place) }) }, desk)
		},
	}),
	removeWebhook: t.boolean({
		args: { id: t.arg.id({ required: true }) },
		resolve: (_, { id }, { desk }) => subscribersOf(desk).webhooks.remove(String(id)),
	}),
	testWebhook: t.field({
		type: DeliveryType,
		description: "Sends a signed ping and answers what came back; nothing of it is kept",
		args: { id: t.arg.id({ required: true }) },
		resolve: async (_, { id }, { desk }): Promise<DeliveryNode> => {
			const { webhooks, ping } = subscribersOf(desk)
			const row = found(String(id), await webhooks.find(String(id)))
			const { status, latencyMs, request, response, isDelivered } = await ping(row)
			return {
				webhook: row.id,
				partition: 0,
				number: 0,
				type: "webhook.pinged",
				subject: null,
				status: isDelivered ? "DELIVERED" : "FAILED",
				attempts: 1,
				firstAt: desk.now(),
				lastAt: desk.now(),
				nextAt: null,
				latencyMs,
				responseStatus: status,
				request,
				response,
				shown: () => request,
			}
		},
	}),
	pauseWebhook: t.field({
		type: WebhookType,
		args: { id: t.arg.id({ required: true }) },
		resolve: (_, { id }, { desk }) => changed(String(id), { status: "PAUSED" }, desk),
	}),
	resumeWebhook: t.field({
		type: WebhookType,
		description: "Also after it was disabled: it gets everything since. One that failed is tried at once, and fails until it takes something",
		args: { id: t.arg.id({ required: true }) },
		resolve: (_, { id }, { desk }) => changed(String(id), { status: "ACTIVE" }, desk),
	}),
	rotateWebhookSecret: t.field({
		type: WebhookType,
		description: "The secret that it had signs beside the new one for another day",
		args: { id: t.arg.id({ required: true }) },
		resolve: async (_, { id }, { desk }) => {
			const { webhooks, newSecret } = subscribersOf(desk)
			const before = found(String(id), await webhooks.find(String(id)))
			const { kept, shown } = newSecret(before.id)
			const { row } = await changed(before.id, { secret: kept, oldSecret: before.secret, oldUntil: desk.now() + OVERLAP }, desk)
			return node(row, shown)
		},
	}),
	redeliver: t.int({
		description: "Sends again what lies after a cursor or moment and was sent before, or these deliveries; answers how many (preview: how many it would be)",
		args: {
			webhook: t.arg.id({ required: true }),
			after: t.arg.string(),
			since: t.arg({ type: "DateTime" }),
			ids: t.arg.idList(),
			preview: t.arg.boolean({ defaultValue: false }),
		},
		resolve: async (_, { webhook, after, since, ids, preview }, { desk }) => {
			const { webhooks } = subscribersOf(desk)
			const id = String(webhook)
			found(id, await webhooks.find(id))
			if ([after, since, ids].filter((each) => each !== null && each !== undefined).length !== 1)
				throw refusal("BAD_INPUT", "请给出 after、since、ids 三者之一")
			const which = ids
				? { places: placesIn(id, ids.map(String)) }
				: { behind: since ? await feedOf(desk).derived.before(since) : placeOf(after, new Map<number, number>()) }
			const count = await webhooks.redeliver(id, which, desk.now(), preview === true)
			// Whoever carries to it takes it anew, with what is to be sent again.
			if (preview !== true && count > 0) await webhooks.change(id, {})
			return count
		},
	}),
}))
