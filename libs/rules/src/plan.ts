import { type Line, linesOf, type Project } from "@yima/lifecycle"
import type { LocalDate, Scope } from "@yima/schemas"

export type PlannedDate = "completionDueOn" | "firstRegistrationDueOn" | "handoverDueOn"

/** 台账计划: a date that a project has planned, with the schedule that says it. What was once reported is kept: the latest schedule that states this date. */
export const plannedDate = (lines: readonly Line[], project: Scope | null, field: PlannedDate): { readonly on: LocalDate; readonly scheduled: Line } | null => {
	const scheduled = linesOf(lines, "project.scheduled").findLast(({ from, says }) => from === project && says[field] !== undefined)
	const on = scheduled?.says[field]
	return scheduled === undefined || on === undefined ? null : { on, scheduled }
}

export const plannedOn = ({ lines, code }: Project, field: PlannedDate): LocalDate | null => plannedDate(lines, code, field)?.on ?? null
