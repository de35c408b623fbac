import { type Building, linesOf, takesIn, type Unit } from "@yima/lifecycle"
import { normalForm, surelyBefore } from "@yima/schemas"
import { completed, firstRegistered } from "../acts.ts"
import type { DeadlineRule, Term } from "../deadline.ts"
import type { Scene } from "../scene.ts"
import { supplements, withPauses } from "./pause.ts"

/** 首次登记受理号, as the application or the register gives it: a supplement to a transfer stops nothing here. */
const applications = ({ lines }: Unit | Building): ReadonlySet<string> =>
	new Set(
		linesOf(lines, "registration.first-applied", "registration.first-registered")
			.flatMap(({ says }) => says.applicationNo ?? [])
			.map(normalForm),
	)

const terms = (view: Unit | Building, { calendar, ruleSet }: Scene): readonly Term[] => {
	const started = completed(view)
	const met = firstRegistered(view)
	if (started === null || (met !== null && surelyBefore(met, started))) return []
	const metAt = met?.time ?? null
	const { events, ...moments } = withPauses(calendar, started.time, ruleSet.firstRegistrationDays, supplements(view.lines, applications(view)), metAt)
	return [{ on: "", startedAt: started.time, ...moments, metAt, events: [started.key, ...events, ...(met === null ? [] : [met.key])] }]
}

/** Registered by itself alone, not by a list of its building: that its building cannot see. */
const isAlone = ({ lines, code }: Unit): boolean =>
	linesOf(lines, "registration.first-registered").some((line) => takesIn(line) && line.from === code && line.says.units === undefined)

export const D03: DeadlineRule = {
	id: "D03",
	title: "验登合一首次登记",
	responsible: "不动产登记中心",
	basis: "《不动产登记暂行条例》第二十条(30 个工作日);《河南省优化营商环境条例》第四十四条;5 个工作日为验登合一地方做法,待核实",
	reads: [
		"construction.acceptance-passed",
		"construction.acceptance-failed",
		"construction.completion-filed",
		"registration.first-applied",
		"registration.first-registered",
		"registration.deregistered",
		"registration.supplement-requested",
		"registration.supplement-received",
	],
	parameters: ["firstRegistrationDays", "calendar"],
	unit: (view, scene) => (isAlone(view) ? terms(view, scene) : []),
	building: terms,
}
