import { linesOf, type Seizure } from "@yima/lifecycle"
import type { DeadlineRule, Term } from "../deadline.ts"
import { isOwn, type Spatial } from "../own.ts"

/** Each stretch of one seizure: met by the renewal that begins the next, the last by its lift; by one that came too late and changed nothing, late. */
const termsOf = (seizure: Seizure, { lines }: Spatial): readonly Term[] => {
	const idle = new Set(seizure.idle)
	const acts = linesOf(lines, "judicial.seizure-lifted", "judicial.seizure-renewed")
	const lift = linesOf(lines, "judicial.seizure-lifted").findLast((line) => line.time === seizure.liftedAt && seizure.events.includes(line.key))
	const late = acts.find((line) => idle.has(line.key))
	const end = seizure.state === "LIFTED" ? { at: seizure.liftedAt, key: lift?.key } : late === undefined ? null : { at: late.time, key: late.key }
	return seizure.periods.map(({ from, to, event }, at) => {
		const next = seizure.periods[at + 1]
		const met = next === undefined ? end : { at: next.from, key: next.event }
		return {
			on: at === 0 ? seizure.seizureNo : `${seizure.seizureNo} 续封 ${at}`,
			startedAt: from,
			dueAt: to,
			pausedSince: null,
			metAt: met?.at ?? null,
			events: met?.key === undefined ? [event] : [event, met.key],
		}
	})
}

/** Where it was made; what lies below is seized with it, but the term is one. */
const terms = (view: Spatial): readonly Term[] => view.seizures.filter((each) => isOwn(view, each.scope)).flatMap((each) => termsOf(each, view))

export const D09: DeadlineRule = {
	id: "D09",
	title: "查封期限",
	responsible: "人民法院",
	basis: "《最高人民法院关于适用〈民事诉讼法〉的解释》第四百八十五条:查封不动产不超过 3 年,期满前续封;查封规定第二十七条:逾期失效",
	reads: ["judicial.seized", "judicial.seizure-renewed", "judicial.seizure-lifted"],
	parameters: [],
	unit: terms,
	building: terms,
	parcel: terms,
}
