import { linesOf, type Unit } from "@yima/lifecycle"
import type { EventKey, LocalDate } from "@yima/schemas"
import type { ConditionRule } from "../condition.ts"
import { aboutOf, isSold, liveOf, termOf } from "../contract-of.ts"
import { plannedDate } from "../plan.ts"
import { all, any, fact, type Proof } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { timeOf } from "../time-of.ts"

/** What says to a buyer when a flat is handed over; of a building or project: to all who buy. */
export type Promised = Pick<Unit, "contracts" | "lines" | "project">

/** 约定交付日期: that of the contract, else of the project's schedule, with the event that says it. */
export const promisedHandover = (unit: Promised): { readonly on: LocalDate; readonly event: EventKey } | null => {
	const live = liveOf(unit)
	if (live !== null && live.handoverDueOn !== null) return { on: live.handoverDueOn, event: termOf(unit, live, "handoverDueOn").key }
	const planned = plannedDate(unit.lines, unit.project, "handoverDueOn")
	return planned === null ? null : { on: planned.on, event: planned.scheduled.key }
}

const isNotified = (unit: Unit, { ruleSet }: Scene): readonly Proof[] => {
	const live = liveOf(unit)
	if (!ruleSet.required.includes("handover-notified") || live === null) return []
	const notified = linesOf(aboutOf(unit, live), "sales.handover-notified").at(-1)
	return [
		notified === undefined
			? fact(false, "未通知买受人交房", [], null, { type: "sales.handover-notified", title: "书面通知买受人交房" })
			: fact(true, `已通知 ${notified.says.handoverOn} 交房`, [notified.key], notified.time),
	]
}

export const U12: ConditionRule = {
	id: "U12",
	title: "交房日期已定",
	scope: "UNIT",
	responsible: "开发企业",
	basis: "《交房即交证实施方案》三(一)",
	remedy: "在合同或台账中写明交房日期",
	reads: [
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"project.scheduled",
		"sales.handover-notified",
		"registration.transferred",
	],
	parameters: ["required"],
	example: "合同和台账都没有交房日期",
	after: ["U1"],
	applies: isSold,
	unit: (unit, scene) => {
		const fixed = promisedHandover(unit)
		return all("交房", [
			any("交房日期", [
				fixed === null
					? fact(false, "合同和台账都没有交房日期", [], null, { type: "project.scheduled", title: "在台账中填报预交房时间" })
					: fact(true, `交房日期 ${fixed.on}`, [fixed.event], timeOf(unit, fixed.event)),
			]),
			...isNotified(unit, scene),
		])
	},
}
