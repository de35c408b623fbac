import type { ClearedRow, FindingRow, FindingsFilter } from "@yima/registry"
import { FINDING_RULES } from "@yima/rules"
import type { EventKey, Known } from "@yima/schemas"
import { pageArgs } from "./arguments.ts"
import { builder } from "./builder.ts"
import { connectionOf, type Page } from "./connection.ts"
import { type FindingNode, FindingType, SeverityEnum } from "./finding.ts"
import { aroundOf } from "./judged-place.ts"
import { type Looking, lookedUp, type Placed } from "./looked.ts"
import type { EventNode } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import { readingOf } from "./reading-of.ts"
import { nowOf } from "./when.ts"

export const FindingConnection = connectionOf("Finding", FindingType)

const FindingFilter = builder.inputType("FindingFilter", {
	description: "All that is given must hold. open: true those that stand, false those that are cleared, null both",
	fields: (t) => ({
		project: t.string(),
		parcel: t.field({ type: "ParcelCode" }),
		building: t.string(),
		unit: t.field({ type: "UnitCode" }),
		code: t.idList(),
		severity: t.field({ type: [SeverityEnum] }),
		responsible: t.string(),
		open: t.boolean({ defaultValue: true }),
	}),
})
type Filter = typeof FindingFilter.$inferInput

type Row = FindingRow | (ClearedRow & { readonly partition: number; readonly number: number })

/** What stands comes in order of (scope, code, thing); then, where both are asked for, what was cleared, the latest first. */
const sliceOf =
	(filter: FindingsFilter, open: boolean | null | undefined, { snapshot: { judged } }: Reading): Looking<Row, FindingNode>["slice"] =>
	async (after, limit) => {
		const standing = async (): Promise<{ readonly rows: readonly Placed<Row>[]; readonly isMore: boolean }> => {
			const [, scope, id, thing] = after ?? []
			const page = await judged.findings(filter, after === null ? null : { scope: String(scope), id: String(id), thing: String(thing) }, limit)
			return { rows: page.rows.map((row) => ({ row, at: ["open", row.scope, row.code, row.thing] })), isMore: page.isMore }
		}
		const cleared = async (from: typeof after): Promise<{ readonly rows: readonly Placed<Row>[]; readonly isMore: boolean }> => {
			const [, at, partition, number] = (from ?? []).map(Number)
			const page = await judged.cleared(filter, from === null ? null : { at: at as Known, partition: partition ?? 0, number: number ?? 0 }, limit)
			return { rows: page.rows.map((row) => ({ row, at: ["cleared", row.clearedAt, row.partition, row.number] })), isMore: page.isMore }
		}
		if (open === false || after?.[0] === "cleared") return cleared(after)
		const page = await standing()
		if (open === true || page.isMore) return page
		const more = await cleared(null)
		return { rows: [...page.rows, ...more.rows], isMore: more.isMore }
	}

const listFindings = async (
	reading: Reading,
	filter: Filter,
	args: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
): Promise<Page<FindingNode>> => {
	const when = nowOf(reading)
	const { code, severity, responsible, open, ...place } = filter
	const { places, holds } = await aroundOf(place, when, reading)
	const rows: FindingsFilter = { places, code: code?.map(String) ?? undefined, severity: severity ?? undefined, responsible: responsible ?? undefined }
	const eventOf = (key: EventKey): EventNode => ({ key, when, reading, seen: null })
	return lookedUp(
		{
			of: `findings ${JSON.stringify([place, code ?? null, severity ?? null, responsible ?? null, open ?? null])}`,
			slice: sliceOf(rows, open, reading),
			nodeOf: (row): FindingNode | null => {
				const rule = FINDING_RULES.find((each) => each.code === row.code)
				if (rule === undefined || !holds(row.scope)) return null
				const { title, basis } = rule
				const finding = { ...row, on: row.thing, title, basis, severity: row.severity as FindingNode["finding"]["severity"] }
				return { finding, evidence: row.evidence.map(eventOf), clearedAt: "clearedAt" in row ? row.clearedAt : null }
			},
			usual: 20,
		},
		args,
	)
}

builder.queryField("findings", (t) =>
	t.field({
		type: FindingConnection,
		args: { filter: t.arg({ type: FindingFilter }), ...pageArgs(20) },
		resolve: (_, { filter, ...args }, context) => listFindings(readingOf(context), filter ?? { open: true }, args),
	}),
)
