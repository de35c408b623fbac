import type { Place, RejectedRow } from "@yima/registry"
import { formatPosition, type Known, parsePosition } from "@yima/schemas"
import { pageArgs } from "./arguments.ts"
import { builder } from "./builder.ts"
import { MOST_COUNTED, type Page } from "./connection.ts"
import { cursorOf, pageSize, readCursor } from "./cursor.ts"
import { idOf, sourceOf } from "./event.ts"
import { maskedData } from "./masked.ts"
import { RejectedConnection, type RejectedNode, RejectedRef } from "./nodes.ts"
import { type ProblemShown, ProblemType } from "./problem-type.ts"
import type { Reading } from "./reading.ts"
import { readingOf } from "./reading-of.ts"
import { refusal } from "./refusal.ts"

export const problemsOf = ({ problems }: RejectedRow): readonly ProblemShown[] => JSON.parse(problems) as readonly ProblemShown[]

/** JSON, or undefined where the text is none. */
export const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text) as unknown
	} catch {
		return undefined
	}
}

export const rejectedPlace = (id: string): Place => {
	const place = parsePosition(id)
	if (place === null) throw refusal("BAD_INPUT", `退回记录的编号应为 <分区>-<位点>,而非「${id.slice(0, 60)}」`)
	return place
}

RejectedRef.implement({
	description: "退回: what could not be taken into history",
	fields: (t) => ({
		id: t.id({ resolve: ({ row }) => formatPosition(row) }),
		receivedAt: t.field({ type: "DateTime", resolve: ({ row }) => row.known }),
		source: t.string({ nullable: true, resolve: ({ row }) => (row.key === null ? null : sourceOf(row.key)) }),
		eventId: t.string({ nullable: true, resolve: ({ row }) => (row.key === null ? null : idOf(row.key)) }),
		problems: t.field({ type: [ProblemType], resolve: ({ row }) => problemsOf(row) }),
		original: t.string({
			description: "As it came, natural persons masked",
			resolve: async ({ row, reading }) => {
				const value = parsed(row.original)
				// What cannot be read cannot be masked.
				return value === undefined ? "(不是 JSON,不予显示)" : JSON.stringify(await maskedData(value, reading))
			},
		}),
		replayed: t.boolean({ resolve: ({ row }) => row.replayed }),
	}),
})

interface PageArgs {
	readonly first?: number | null | undefined
	readonly after?: string | null | undefined
}

/** The latest first. */
const listRejected = async (reading: Reading, { first, after }: PageArgs): Promise<Page<RejectedNode>> => {
	const place = readCursor(after, "rejected")
	const size = pageSize(first, 20)
	const [known, partition, offset] = place?.at ?? []
	if (offset !== undefined && !/^\d{1,18}$/.test(String(offset))) throw refusal("BAD_INPUT", "游标无法识别")
	const before = offset === undefined ? null : { known: Number(known) as Known, place: { partition: Number(partition), offset: BigInt(offset) } }
	const { rows, isMore } = size === 0 ? { rows: [], isMore: false } : await reading.snapshot.rejected(before, size)
	const cursor = (at: readonly (string | number)[]) => cursorOf({ of: "rejected", sight: null, at })
	const at = (row: RejectedRow) => [row.known, row.partition, String(row.offset)]
	const last = rows.at(-1)
	return {
		edges: rows.map((row) => ({ cursor: cursor(at(row)), node: { row, reading } })),
		hasNextPage: isMore,
		endCursor: cursor(last === undefined ? (place?.at ?? []) : at(last)),
		count: async () => {
			const all = await reading.snapshot.rejected(null, MOST_COUNTED)
			return all.isMore ? null : all.rows.length
		},
	}
}

builder.queryField("rejected", (t) =>
	t.field({
		type: RejectedConnection,
		args: pageArgs(20),
		resolve: (_, args, context) => listRejected(readingOf(context), args),
	}),
)
