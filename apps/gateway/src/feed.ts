import { CursorWrong, type Feed, type Outgoing, readCursor, type Told, withPlaces, writeCursor } from "@yima/feed"
import type { DerivedFilter, DerivedPlace, DerivedRow } from "@yima/registry"
import { type AccountRequestData, DERIVED, type Known, type Scope, TYPE_NAMES } from "@yima/schemas"
import { builder } from "./builder.ts"
import { projectOf } from "./codes.ts"
import { connectionOf, type Page } from "./connection.ts"
import { pageSize } from "./cursor.ts"
import type { Desk } from "./desk.ts"
import { SeverityEnum } from "./finding.ts"
import { type EventNode, EventRefRef } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import { refusal } from "./refusal.ts"
import { placedKind, ScopeEnum } from "./scope-kind.ts"
import { ServiceEnum } from "./service.ts"
import { lateReading, streaming } from "./stream.ts"
import { nowOf } from "./when.ts"

/** A row of the derived stream as it leaves, with the cursor behind it. */
export interface FeedNode {
	readonly row: DerivedRow
	readonly out: Outgoing
	readonly cursor: string
}

export const feedOf = ({ feed }: Desk): Feed => {
	if (feed === null) throw refusal("UNAVAILABLE", "此进程不提供派生事件流")
	return feed
}

/** The place that a cursor names; absent: `byDefault`. */
export const placeOf = <P>(after: string | null | undefined, byDefault: P): DerivedPlace | P => {
	if (after === null || after === undefined) return byDefault
	try {
		return readCursor(after)
	} catch (error) {
		throw error instanceof CursorWrong ? refusal("BAD_INPUT", error.message) : error
	}
}

const leaving = async (told: readonly Told[], feed: Feed): Promise<readonly FeedNode[]> => {
	await feed.leaving(told.map(({ row }) => row))
	return told.map(({ row, place }) => ({ row, out: feed.left(row), cursor: writeCursor(place) }))
}

const requestOf = ({ out }: FeedNode): AccountRequestData => out.data as AccountRequestData

const AccountRequest = builder.objectRef<FeedNode>("AccountRequest").implement({
	description: "开户请求, with the least data: the holder masked; name and phone for a contactToken (redeemContact)",
	fields: (t) => ({
		id: t.id({ resolve: (each) => requestOf(each).requestId }),
		unit: t.field({ type: "UnitCode", resolve: (each) => requestOf(each).unit }),
		service: t.field({ type: ServiceEnum, resolve: (each) => requestOf(each).service }),
		company: t.string({ resolve: (each) => requestOf(each).company }),
		address: t.string({ nullable: true, resolve: (each) => requestOf(each).address }),
		accountNo: t.string({ nullable: true, resolve: (each) => requestOf(each).accountNo }),
		holder: t.string({ description: "A CANCEL names none: *", resolve: (each) => requestOf(each).holder ?? "*" }),
		contactToken: t.string({ nullable: true, resolve: (each) => requestOf(each).contactToken }),
		consentId: t.string({ nullable: true, resolve: (each) => requestOf(each).consentId }),
		requestedAt: t.field({ type: "DateTime", resolve: ({ row }) => row.saidAt }),
	}),
})

const AccountFeedKind = builder.enumType("AccountFeedKind", { values: ["OPEN", "AMEND", "CANCEL", "CHANGE_HOLDER"] as const })

const AccountFeedItem = builder.objectRef<FeedNode>("AccountFeedItem").implement({
	description: "What was said, and stays said: reading the feed again gives the same items",
	fields: (t) => ({
		cursor: t.exposeString("cursor"),
		kind: t.field({ type: AccountFeedKind, resolve: (each) => requestOf(each).kind }),
		requestId: t.id({ resolve: (each) => requestOf(each).requestId }),
		revision: t.int({ resolve: (each) => requestOf(each).revision }),
		saidAt: t.field({ type: "DateTime", resolve: ({ row }) => row.saidAt }),
		request: t.field({ type: AccountRequest, resolve: (each) => each }),
	}),
})

const causeOf = ({ row }: FeedNode, own: Reading): EventNode => ({ key: row.causedBy, when: nowOf(own), reading: own, seen: null })

const DerivedItem = builder.objectRef<FeedNode>("DerivedItem").implement({
	fields: (t) => ({
		cursor: t.exposeString("cursor"),
		id: t.id({ resolve: ({ out }) => out.id }),
		type: t.string({ resolve: ({ row }) => row.type }),
		scope: t.field({ type: ScopeEnum, resolve: ({ row }) => placedKind(row.subject as Scope) }),
		subject: t.string({ resolve: ({ row }) => row.subject as Scope }),
		saidAt: t.field({ type: "DateTime", resolve: ({ row }) => row.saidAt as Known }),
		causedBy: t.field({
			type: [EventRefRef],
			resolve: async (node, _, { desk, reading }) => [causeOf(node, reading ?? (await lateReading(desk)))],
		}),
		data: t.field({ type: "JSON", resolve: ({ out }) => out.data }),
	}),
})

export const DerivedFilterInput = builder.inputType("DerivedFilter", {
	description: "All that is given must hold; severity chooses findings alone",
	fields: (t) => ({
		families: t.stringList(),
		types: t.stringList(),
		project: t.string(),
		severity: t.field({ type: [SeverityEnum] }),
	}),
})

const DERIVED_TYPES: readonly string[] = Object.keys(DERIVED)

const plainType = (type: string): string => type.replace(/^yima\.(.*)\.v\d+$/, "$1")

export interface Choice {
	readonly families?: readonly string[] | null | undefined
	readonly types?: readonly string[] | null | undefined
	readonly project?: string | null | undefined
	readonly severity?: readonly string[] | null | undefined
}

/** What somebody asks to hear of. What can never come is refused, not waited for. */
export const filterOf = ({ families, types, project, severity }: Choice): DerivedFilter => {
	const known: ReadonlySet<string> = new Set(DERIVED_TYPES)
	const asked = types ? [...new Set(types.map(plainType))] : null
	for (const type of asked ?? [])
		if (!known.has(type))
			throw refusal(
				"BAD_INPUT",
				TYPE_NAMES.some((name) => name === type)
					? `${type} 是部门来文,不是派生事件`
					: `没有派生事件类型「${type.slice(0, 40)}」;有:${DERIVED_TYPES.join("、")}`,
			)
	const all = new Set(DERIVED_TYPES.map((type) => type.slice(0, type.indexOf("."))))
	for (const family of families ?? [])
		if (!all.has(family)) throw refusal("BAD_INPUT", `没有派生事件的门类「${family.slice(0, 40)}」;有:${[...all].join("、")}`)
	return { families: families ?? null, types: asked, project: project ? projectOf(project) : null, severity: severity ?? null }
}

/** Where several companies give a service, each asks for its own; what is of no service is to no company. */
export const companyOf = (service: string | null | undefined, company: string | null | undefined): string | null => {
	if (company && !service) throw refusal("BAD_INPUT", "company 须与 service 同用:开户请求才有企业")
	return company || null
}

export const requestsTo = (service: string, company: string | null | undefined): DerivedFilter => ({
	types: ["utility.account-requested"],
	service,
	company: companyOf(service, company),
})

const pageOf = async (filter: DerivedFilter, after: string | null | undefined, first: number | null | undefined, desk: Desk): Promise<Page<FeedNode>> => {
	const feed = feedOf(desk)
	const from = placeOf(after, new Map() as DerivedPlace)
	const size = pageSize(first, 100, 1000)
	const { rows, reached, isMore } = size === 0 ? { rows: [], reached: from, isMore: false } : await feed.page(filter, from, size)
	const nodes = await leaving(
		withPlaces(rows, from).filter(({ row }) => row.subject !== null),
		feed,
	)
	return {
		edges: nodes.map((node) => ({ cursor: node.cursor, node })),
		hasNextPage: isMore,
		endCursor: writeCursor(reached),
		// A stream has no end that could be counted up to.
		count: () => null,
	}
}

builder.queryFields((t) => ({
	accountRequests: t.field({
		type: connectionOf("AccountFeed", AccountFeedItem),
		description: "The pull feed of a utility: every account request since a cursor (from the beginning without one), in order, none missing",
		args: { service: t.arg({ type: ServiceEnum, required: true }), company: t.arg.string(), after: t.arg.string(), first: t.arg.int({ defaultValue: 100 }) },
		resolve: (_, { service, company, after, first }, { desk }) => pageOf(requestsTo(service, company), after, first, desk),
	}),
	derived: t.field({
		type: connectionOf("Derived", DerivedItem),
		description: "Any derived events since a cursor (from the beginning without one), for subscribers other than utilities",
		args: { filter: t.arg({ type: DerivedFilterInput, required: true }), after: t.arg.string(), first: t.arg.int({ defaultValue: 100 }) },
		resolve: (_, { filter, after, first }, { desk }) => pageOf(filterOf(filter), after, first, desk),
	}),
}))

/** More than so many that wait for their listener, and it is let go: it comes again with its cursor. */
const MOST_WAITING = 1000

async function* followed(filter: DerivedFilter, after: DerivedPlace | null, desk: Desk, stop: AbortSignal): AsyncGenerator<FeedNode, void, void> {
	const feed = feedOf(desk)
	let waiting: Told[] = []
	let isOver = false
	let wake: () => void = () => undefined
	const { leave } = feed.hub.follow(
		{
			filter,
			told: (all) => {
				waiting.push(...all)
				wake()
				return waiting.length < MOST_WAITING
			},
			ended: () => {
				isOver = true
				wake()
			},
		},
		after,
	)
	const stopped = () => wake()
	stop.addEventListener("abort", stopped)
	try {
		while (!stop.aborted) {
			const all = waiting
			waiting = []
			if (all.length === 0) {
				if (isOver) return
				await new Promise<void>((resolve) => (wake = resolve))
				continue
			}
			for (const { row, place } of all) if (row.subject !== null) yield { row, out: feed.left(row), cursor: writeCursor(place) }
			// Who fell behind was let go by the hub.
			if (all.length >= MOST_WAITING) return
		}
	} finally {
		stop.removeEventListener("abort", stopped)
		leave()
	}
}

const resumed = (after: string | null | undefined, request: Request): DerivedPlace | null => placeOf(after ?? request.headers.get("last-event-id"), null)

builder.subscriptionFields((t) => ({
	accountRequests: t.field({
		type: AccountFeedItem,
		description: "Resumes after the cursor (also as Last-Event-ID; from now on without one): none missed, none twice",
		args: { service: t.arg({ type: ServiceEnum, required: true }), company: t.arg.string(), after: t.arg.string() },
		subscribe: (_, { service, company, after }, { desk, request }) => {
			const from = resumed(after, request)
			return streaming((stop) => followed(requestsTo(service, company), from, desk, stop))
		},
		resolve: (node) => node,
	}),
	derived: t.field({
		type: DerivedItem,
		args: { filter: t.arg({ type: DerivedFilterInput, required: true }), after: t.arg.string() },
		subscribe: (_, { filter, after }, { desk, request }) => {
			const [chosen, from] = [filterOf(filter), resumed(after, request)]
			return streaming((stop) => followed(chosen, from, desk, stop))
		},
		resolve: (node) => node,
	}),
}))
