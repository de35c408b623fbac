import type { Line } from "@yima/lifecycle"
import { linesOf } from "@yima/lifecycle"
import { type EventKey, type Moment, normalForm, surelyBefore } from "@yima/schemas"
import type { Calendar } from "../calendar.ts"

/** A stretch in which a limit stands still; `to` null: it still does. */
export interface Pause {
	readonly from: Moment
	readonly to: Moment | null
	readonly events: readonly EventKey[]
}

/** 补正: an application stands still from each request to the next answer to it, number by number. */
export const supplements = (lines: readonly Line[], applications: ReadonlySet<string>): readonly Pause[] => {
	const about = (line: Line<"registration.supplement-requested"> | Line<"registration.supplement-received">) =>
		applications.has(normalForm(line.says.applicationNo))
	const answers = linesOf(lines, "registration.supplement-received").filter(about)
	return linesOf(lines, "registration.supplement-requested")
		.filter(about)
		.map((asked) => {
			const no = normalForm(asked.says.applicationNo)
			const answer = answers.find((each) => normalForm(each.says.applicationNo) === no && !surelyBefore(each, asked))
			return { from: asked.time, to: answer?.time ?? null, events: answer === undefined ? [asked.key] : [asked.key, answer.key] }
		})
}

const ends = ({ to }: Pause): number => to ?? Number.POSITIVE_INFINITY

/** What overlaps stands still once. */
const joined = (pauses: readonly Pause[]): readonly Pause[] => {
	const found: Pause[] = []
	for (const each of [...pauses].sort((a, b) => a.from - b.from || ends(a) - ends(b))) {
		const before = found.at(-1)
		if (before === undefined || ends(before) < each.from) found.push(each)
		else found[found.length - 1] = { from: before.from, to: ends(each) > ends(before) ? each.to : before.to, events: [...before.events, ...each.events] }
	}
	return found
}

/** The end of so many working days, moved by the working days that begin in each pause. One that begins after the end moves nothing. */
export const withPauses = (
	calendar: Calendar,
	startedAt: Moment,
	days: number,
	pauses: readonly Pause[],
	metAt: Moment | null,
): { readonly dueAt: Moment; readonly pausedSince: Moment | null; readonly events: readonly EventKey[] } => {
	let moved = 0
	let dueAt = calendar.endOfWorkingDays(startedAt, days)
	const events: EventKey[] = []
	const clipped = pauses.flatMap((each) => (ends(each) < startedAt ? [] : [{ ...each, from: Math.max(each.from, startedAt) as Moment }]))
	for (const pause of joined(clipped)) {
		if (pause.from >= dueAt || (metAt !== null && pause.from >= metAt)) break
		events.push(...pause.events)
		const end = metAt === null ? pause.to : (Math.min(ends(pause), metAt) as Moment)
		if (end === null) return { dueAt, pausedSince: pause.from, events }
		moved += calendar.workingDaysBetween(pause.from, end)
		dueAt = calendar.endOfWorkingDays(startedAt, days + moved)
	}
	return { dueAt, pausedSince: null, events }
}
