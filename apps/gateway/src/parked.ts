import type { ParkedRow } from "@yima/registry"
import { type EventKey, KINDS, type Known } from "@yima/schemas"
import { pageArgs } from "./arguments.ts"
import { builder } from "./builder.ts"
import { CandidateType, candidatesFor, leadsOf } from "./candidate.ts"
import { MOST_COUNTED, type Page } from "./connection.ts"
import { cursorOf, pageSize, readCursor } from "./cursor.ts"
import { departmentOf } from "./department.ts"
import { placeOf, sourceOf } from "./event.ts"
import { type EventNode, EventType, ParkedConnection, type ParkedNode, ParkedRef } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import { readingOf } from "./reading-of.ts"
import { refusal } from "./refusal.ts"
import { nowOf, type When } from "./when.ts"

const ParkReason = builder.enumType("ParkReason", {
	description: "TOO_COARSE: only a building or parcel is known, the type speaks of less",
	values: ["UNKNOWN_IDENTIFIER", "DISPUTED", "TOO_COARSE", "NOT_ON_A_PARCEL"] as const,
})

ParkedRef.implement({
	description: "待挂接的来文",
	fields: (t) => ({
		event: t.field({ type: EventType, resolve: ({ event }) => event }),
		reason: t.field({ type: ParkReason, resolve: ({ row }) => row.reason }),
		since: t.field({ type: "DateTime", resolve: ({ row }) => row.since }),
		candidates: t.field({ type: [CandidateType], resolve: candidatesFor }),
	}),
})

const ParkedFilter = builder.inputType("ParkedFilter", {
	fields: (t) => ({
		department: t.string({ description: "Who sent it: a part of the department's name, or the whole source" }),
		kind: t.string({ description: "Of the identifier that is missing" }),
		olderThan: t.field({ type: "DateTime" }),
		reason: t.field({ type: ParkReason }),
	}),
})
type Filter = typeof ParkedFilter.$inferInput

const SLICE = 200
/** How many parked events a page with a filter of its own looks at. */
const MOST_LOOKED = 2000

const isOf = (key: EventKey, department: string): boolean => sourceOf(key) === department || departmentOf(sourceOf(key)).includes(department)

/** Whether an event waits for a number of this kind: one that nobody has defined, or that is disputed. */
const misses = async (event: EventNode, kind: string): Promise<boolean> => {
	const body = await event.reading.event(event.key)
	return body !== null && (await leadsOf(body, event)).some(({ mention, codes, isDisputed }) => mention.kind === kind && (codes.length === 0 || isDisputed))
}

export const parkedNode = async (row: ParkedRow, when: When, reading: Reading): Promise<ParkedNode | null> => {
	const event: EventNode = { key: row.key, when, reading, seen: null }
	const place = await placeOf(event)
	return place?.is === "PARKED" ? { row, place, event } : null
}

/** Events that wait for a place, the longest waiting first. */
const listParked = async (
	reading: Reading,
	filter: Filter,
	args: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
) => {
	const { department = null, kind = null, olderThan = null, reason = null } = filter
	if (kind !== null && !(KINDS as readonly string[]).includes(kind))
		throw refusal("BAD_INPUT", `没有这种业务标识:${kind.slice(0, 60)};可用 ${KINDS.join("、")}`)
	const of = `parked ${JSON.stringify([department, kind, olderThan, reason])}`
	const when = nowOf(reading)
	const size = pageSize(args.first, 20)
	const rows = { ...(reason === null ? {} : { reason }), ...(olderThan === null ? {} : { olderThan: Number(olderThan) as Known }) }
	const isPlain = department === null && kind === null
	const fits = async (row: ParkedRow): Promise<boolean> =>
		(department === null || isOf(row.key, department)) && (kind === null || (await misses({ key: row.key, when, reading, seen: null }, kind)))

	type From = { readonly since: Known; readonly key: EventKey } | null
	async function* looked(from: From, slice: number) {
		for (let at = from, isMore = true; isMore; ) {
			const page = await reading.snapshot.parked(rows, at, slice)
			const fitting = await Promise.all(page.rows.map(fits))
			for (const [n, row] of page.rows.entries()) yield { row, fits: fitting[n] === true }
			at = page.rows.at(-1) ?? at
			isMore = page.isMore
		}
	}

	const place = readCursor(args.after, of)
	const start: From = place === null ? null : { since: Number(place.at[0]) as Known, key: String(place.at[1]) as EventKey }
	const found: ParkedRow[] = []
	let last: From = start
	let [seen, hasNextPage] = [0, false]
	if (size > 0)
		for await (const each of looked(start, isPlain ? size + 1 : SLICE)) {
			hasNextPage = found.length === size || seen++ >= MOST_LOOKED
			if (hasNextPage) break
			last = each.row
			if (each.fits) found.push(each.row)
		}
	const nodes = await Promise.all(found.map((row) => parkedNode(row, when, reading)))
	const cursor = (at: From) => cursorOf({ of, sight: null, at: at === null ? [-1, ""] : [at.since, at.key] })
	const page: Page<ParkedNode> = {
		edges: nodes.flatMap((node) => (node === null ? [] : [{ cursor: cursor(node.row), node }])),
		hasNextPage,
		endCursor: cursor(last),
		count: async () => {
			let [count, all] = [0, 0]
			for await (const each of looked(null, isPlain ? MOST_COUNTED + 1 : SLICE)) {
				if (++all > MOST_COUNTED) return null
				if (each.fits) count++
			}
			return count
		},
	}
	return page
}

builder.queryField("parked", (t) =>
	t.field({
		type: ParkedConnection,
		args: { filter: t.arg({ type: ParkedFilter }), ...pageArgs(20) },
		resolve: (_, { filter, ...args }, context) => listParked(readingOf(context), filter ?? {}, args),
	}),
)
