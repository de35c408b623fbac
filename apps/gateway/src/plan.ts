import { linesOf, type Project } from "@yima/lifecycle"
import type { LocalDate } from "@yima/schemas"

/** 台账计划: what a project has planned. */
export interface Plan {
	readonly completionDueOn: LocalDate | null
	readonly firstRegistrationDueOn: LocalDate | null
	readonly handoverDueOn: LocalDate | null
}

/** What was once reported is kept: each date is that of the latest schedule that states it. */
export const planOf = ({ lines, code }: Project): Plan => {
	const schedules = linesOf(lines, "project.scheduled").filter((line) => line.from === code)
	const latest = (field: keyof Plan) => schedules.findLast(({ says }) => says[field] !== undefined)?.says[field] ?? null
	return {
		completionDueOn: latest("completionDueOn"),
		firstRegistrationDueOn: latest("firstRegistrationDueOn"),
		handoverDueOn: latest("handoverDueOn"),
	}
}
