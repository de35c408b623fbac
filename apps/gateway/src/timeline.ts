import { type EventKey, familyOf, type Moment, TYPE_NAMES } from "@yima/schemas"
import type { Page } from "./connection.ts"
import { MOST_COUNTED } from "./connection.ts"
import { pageSize, readCursor } from "./cursor.ts"
import { timelineCursor, timelineOf } from "./event.ts"
import { type EventNode, eventIn, type SeenNode } from "./nodes.ts"
import { refusal } from "./refusal.ts"
import { pinned } from "./when.ts"

const FAMILIES: ReadonlySet<string> = new Set(TYPE_NAMES.map(familyOf))

interface TimelineArgs {
	readonly families?: readonly string[] | null | undefined
	readonly derived?: boolean | null | undefined
	readonly first?: number | null | undefined
	readonly after?: string | null | undefined
}

/** The events of a thing's life, in order, corrected and retracted ones among them. A cursor takes its page by the two times that it pins. */
export const timelineFor = async (node: SeenNode, { families, derived, first, after }: TimelineArgs): Promise<Page<EventNode>> => {
	if (derived === true) throw refusal("BAD_INPUT", "timeline 目前只有部门事件;derived 只能为 false")
	const unknown = (families ?? []).filter((each) => !FAMILIES.has(each))
	if (unknown.length > 0) throw refusal("BAD_INPUT", `没有这样的事件族:${unknown.slice(0, 5).join("、")};可用 ${[...FAMILIES].join("、")}`)
	const { code } = node.view
	const wanted = new Set(families ?? FAMILIES)
	const place = readCursor(after, timelineOf(code, families ?? []))
	const when = place?.sight ? pinned(node.when, place.sight) : node.when
	const isSame = when.asOf === node.when.asOf && when.knownAt === node.when.knownAt
	if (!isSame) node.reading.rests(when.knownAt, false)
	const view = isSame ? node.view : await node.reading.view(code, when)
	const [time, key] = (place?.at ?? [Number.MIN_SAFE_INTEGER, ""]) as readonly [Moment, EventKey]
	const all = (view?.timeline ?? []).filter(({ fact }) => wanted.has(familyOf(fact.type)))
	const rest = all.filter((each) => each.fact.time > time || (each.fact.time === time && each.key > key))
	const size = pageSize(first, 50)
	const page = rest.slice(0, size)
	const cursor = (at: readonly [number, string]) => timelineCursor(code, families ?? [], when, at)
	const last = page.at(-1)
	return {
		edges:
			view === null ? [] : page.map((each) => ({ cursor: cursor([each.fact.time, each.key]), node: eventIn({ view, when, reading: node.reading }, each.key) })),
		hasNextPage: rest.length > size,
		endCursor: cursor(last === undefined ? [time, key] : [last.fact.time, last.key]),
		count: () => (all.length > MOST_COUNTED ? null : all.length),
	}
}
