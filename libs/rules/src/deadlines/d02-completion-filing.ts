import { acceptance, type Building } from "@yima/lifecycle"
import { endOfDayAfter } from "@yima/schemas"
import { completed } from "../acts.ts"
import type { DeadlineRule, Term } from "../deadline.ts"

const FILING_DAYS = 15

const terms = (view: Building): readonly Term[] => {
	const started = acceptance(view.lines)
	if (started === undefined) return []
	const met = completed(view)
	return [
		{
			on: "",
			startedAt: started.time,
			dueAt: endOfDayAfter(started.time, FILING_DAYS),
			pausedSince: null,
			metAt: met?.time ?? null,
			events: met === null ? [started.key] : [started.key, met.key],
		},
	]
}

export const D02: DeadlineRule = {
	id: "D02",
	title: "竣工验收备案",
	responsible: "开发企业",
	basis: "《建设工程质量管理条例》第四十九条:自竣工验收合格之日起 15 日内备案",
	reads: ["construction.acceptance-passed", "construction.acceptance-failed", "construction.completion-filed"],
	parameters: [],
	building: terms,
}
