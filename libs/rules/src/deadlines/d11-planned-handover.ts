import type { DeadlineRule } from "../deadline.ts"
import { planned } from "./plan.ts"

export const D11: DeadlineRule = {
	id: "D11",
	title: "计划交房",
	responsible: "开发企业",
	basis: "交房即交证台账的预交房时间,地方做法,待核实",
	reads: ["project.scheduled", "sales.handed-over"],
	parameters: [],
	project: (view, { asOf }, members) =>
		members === null
			? []
			: planned(
					view,
					"handoverDueOn",
					"HANDOVER",
					members.units.filter((each) => each.sold),
					asOf,
				),
}
