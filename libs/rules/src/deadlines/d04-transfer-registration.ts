import { type Line, linesOf } from "@yima/lifecycle"
import { normalForm, surelyBefore } from "@yima/schemas"
import type { DeadlineRule, Term } from "../deadline.ts"
import { isOwn, type Spatial } from "../own.ts"
import type { Scene } from "../scene.ts"
import { type Pause, supplements, withPauses } from "./pause.ts"

type Applied = Line<"registration.transfer-applied">

/** Paired by number; a transfer that names none ends the one application before it that is open. */
const endOf = (view: Spatial, applied: Applied, others: readonly Applied[]): Line | null => {
	const no = normalForm(applied.says.applicationNo)
	const later = linesOf(view.lines, "registration.transferred", "registration.transfer-withdrawn").filter(
		(line) => isOwn(view, line.from) && !surelyBefore(line, applied),
	)
	const numbered = later.find((line) => line.says.applicationNo !== undefined && normalForm(line.says.applicationNo) === no)
	if (numbered !== undefined) return numbered
	const next = later.find((line) => line.says.applicationNo === undefined)
	return next === undefined || others.some((each) => each !== applied && each.time > applied.time && !surelyBefore(next, each)) ? null : next
}

const seized = ({ seizures }: Spatial): readonly Pause[] =>
	seizures.flatMap(({ from, to, state, events }) => (from === null ? [] : [{ from, to: state === "ACTIVE" ? null : to, events }]))

const terms = (view: Spatial, { calendar, ruleSet }: Scene): readonly Term[] => {
	// A transfer of land is not one of every flat on it.
	const all = linesOf(view.lines, "registration.transfer-applied").filter((line) => isOwn(view, line.from))
	return all.map((applied) => {
		const met = endOf(view, applied, all)
		const metAt = met?.time ?? null
		const pauses = [...supplements(view.lines, new Set([normalForm(applied.says.applicationNo)])), ...seized(view)]
		const { events, ...moments } = withPauses(calendar, applied.time, ruleSet.transferDays, pauses, metAt)
		return {
			on: applied.says.applicationNo,
			startedAt: applied.time,
			...moments,
			metAt,
			events: [applied.key, ...events, ...(met === null ? [] : [met.key])],
		}
	})
}

export const D04: DeadlineRule = {
	id: "D04",
	title: "转移登记",
	responsible: "不动产登记中心",
	basis: "《河南省优化营商环境条例》第四十四条(最多 3 个工作日);《不动产登记暂行条例》第二十条(30 个工作日);1 个工作日为地方做法,待核实",
	reads: [
		"registration.transfer-applied",
		"registration.transfer-withdrawn",
		"registration.transferred",
		"registration.supplement-requested",
		"registration.supplement-received",
		"judicial.seized",
		"judicial.seizure-renewed",
		"judicial.seizure-lifted",
	],
	parameters: ["transferDays", "calendar"],
	unit: terms,
	building: terms,
	parcel: terms,
}
