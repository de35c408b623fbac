import type { DeadlineRule } from "../deadline.ts"
import { planned } from "./plan.ts"

export const D13: DeadlineRule = {
	id: "D13",
	title: "计划竣工",
	responsible: "开发企业",
	basis: "交房即交证台账的拟竣工时间,地方做法,待核实",
	reads: ["project.scheduled", "construction.acceptance-passed", "construction.acceptance-failed", "construction.completion-filed"],
	parameters: [],
	project: (view, { asOf }, members) => (members === null ? [] : planned(view, "completionDueOn", "COMPLETION", members.buildings, asOf)),
}
