import type { DeadlineRow } from "@yima/registry"
import { calendarOf, DEADLINE_RULES, DEFAULT, type Deadline, guessedYears, isMissed, ruleSetAt } from "@yima/rules"
import { pageArgs } from "./arguments.ts"
import { builder } from "./builder.ts"
import { connectionOf, type Page } from "./connection.ts"
import { DeadlineType } from "./deadline.ts"
import { aroundOf } from "./judged-place.ts"
import { lookedUp } from "./looked.ts"
import type { Reading } from "./reading.ts"
import { readingOf } from "./reading-of.ts"
import { nowOf } from "./when.ts"

export const DeadlineConnection = connectionOf("Deadline", DeadlineType)

const DeadlineFilter = builder.inputType("DeadlineFilter", {
	description: "All that is given must hold. open: true those that are not met, false those that are, null both",
	fields: (t) => ({
		project: t.string(),
		parcel: t.field({ type: "ParcelCode" }),
		building: t.string(),
		unit: t.field({ type: "UnitCode" }),
		id: t.idList(),
		responsible: t.string(),
		overdue: t.boolean(),
		dueBefore: t.field({ type: "DateTime" }),
		open: t.boolean({ defaultValue: true }),
	}),
})
type Filter = typeof DeadlineFilter.$inferInput

const listDeadlines = async (
	reading: Reading,
	filter: Filter,
	args: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
): Promise<Page<Deadline>> => {
	const when = nowOf(reading)
	const { id, responsible, overdue, dueBefore, open, ...place } = filter
	const [{ places, holds }, registry] = await Promise.all([aroundOf(place, when, reading), reading.view("registry", when)])
	const calendar = calendarOf(registry === null ? DEFAULT : ruleSetAt(registry, when.asOf))
	const rows = {
		places,
		id: id?.map(String) ?? undefined,
		responsible: responsible ?? undefined,
		overdue: overdue ?? undefined,
		dueBefore: dueBefore ?? undefined,
		open: open ?? undefined,
		now: reading.now,
	}
	return lookedUp<DeadlineRow, Deadline>(
		{
			of: `deadlines ${JSON.stringify([place, id ?? null, responsible ?? null, overdue ?? null, dueBefore ?? null, open ?? null])}`,
			slice: async (after, limit) => {
				const [scope, code, thing] = (after ?? []).map(String)
				const page = await reading.snapshot.judged.deadlines(rows, after === null ? null : { scope: scope ?? "", id: code ?? "", thing: thing ?? "" }, limit)
				return { rows: page.rows.map((row) => ({ row, at: [row.scope, row.id, row.thing] })), isMore: page.isMore }
			},
			nodeOf: (row): Deadline | null => {
				const rule = DEADLINE_RULES.find((each) => each.id === row.id)
				if (rule === undefined || !holds(row.scope)) return null
				const { title, basis } = rule
				return {
					...row,
					on: row.thing,
					title,
					basis,
					overdue: isMissed(row, reading.now),
					guessedYears: guessedYears(rule, row, calendar),
					events: [],
				}
			},
			usual: 20,
		},
		args,
	)
}

builder.queryField("deadlines", (t) =>
	t.field({
		type: DeadlineConnection,
		args: { filter: t.arg({ type: DeadlineFilter }), ...pageArgs(20) },
		resolve: (_, { filter, ...args }, context) => listDeadlines(readingOf(context), filter ?? { open: true }, args),
	}),
)
