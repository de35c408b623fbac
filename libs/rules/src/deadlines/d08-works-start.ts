import { type Building, linesOf, type Parcel, takesIn } from "@yima/lifecycle"
import { type EventKey, endOfDay, endOfMonthsAfter, localDate, type Moment, startOfDay } from "@yima/schemas"
import type { DeadlineRule, Term } from "../deadline.ts"

/** 河南省实施城乡规划法办法 44: a works permit lapses when nothing is begun for twelve months. */
const MONTHS = 12

interface Started {
	readonly at: Moment
	readonly event: EventKey
}

const started = ({ lines }: Building | Parcel): Started | null =>
	linesOf(lines, "construction.started")
		.map((line) => ({ at: Math.min(line.time, startOfDay(line.says.startedOn)) as Moment, event: line.key }))
		.sort((a, b) => a.at - b.at)[0] ?? null

/** Where the permit stands: on the buildings that it lists, else on its parcel. */
const terms = (view: Building | Parcel): readonly Term[] => {
	const met = started(view)
	const whole = new Set(linesOf(view.lines, "planning.works-permitted").flatMap((line) => (line.from === view.code && takesIn(line) ? line.key : [])))
	return view.permits.flatMap(({ permitNo, at, validUntilOn, covers, revokedAt, event, events }) => {
		if (!whole.has(event)) return []
		const dueAt = validUntilOn === null ? endOfMonthsAfter(at, MONTHS) : endOfDay(validUntilOn)
		if (met !== null && met.at < startOfDay(localDate(at))) return []
		if (revokedAt !== null && (met === null || met.at >= revokedAt)) return []
		if (!covers) return []
		return [{ on: permitNo, startedAt: at, dueAt, pausedSince: null, metAt: met?.at ?? null, events: met === null ? events : [...events, met.event] }]
	})
}

export const D08: DeadlineRule = {
	id: "D08",
	title: "工程规划许可后开工",
	responsible: "开发企业",
	basis: "《河南省实施〈中华人民共和国城乡规划法〉办法》第四十四条:12 个月内开工,可延期一次,逾期失效",
	reads: ["planning.works-permitted", "planning.permit-amended", "planning.permit-extended", "planning.permit-revoked", "construction.started"],
	parameters: [],
	building: terms,
	parcel: terms,
}
