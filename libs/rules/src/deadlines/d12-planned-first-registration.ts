import type { DeadlineRule } from "../deadline.ts"
import { planned } from "./plan.ts"

export const D12: DeadlineRule = {
	id: "D12",
	title: "计划首次登记",
	responsible: "开发企业",
	basis: "交房即交证台账的拟首登时间,地方做法,待核实",
	reads: ["project.scheduled", "registration.first-registered", "registration.deregistered"],
	parameters: [],
	project: (view, { asOf }, members) => (members === null ? [] : planned(view, "firstRegistrationDueOn", "FIRST_REGISTRATION", members.buildings, asOf)),
}
