import type { Schema } from "effect"
import { buildingCode, buildingLabels, choice, count, date, decimal, defines, list, optional, parcelCode, remark, text, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const projectCode = uses("project-code")

/** 项目: 发改委, 住建局, 交房即交证专班. */
export const project = <P extends Schema.Top>(party: P) => ({
	"project.approved": type("立项", "J", {
		projectCode: defines("project-code"),
		name: text(),
		developer: party,
		parcels: optional(list(parcelCode)),
		investmentCny: optional(decimal),
	}),
	"project.scoped": type("项目范围", "J", {
		projectCode,
		parcels: optional(list(parcelCode)),
		buildings: optional(list(buildingCode)),
		buildingLabels: optional(buildingLabels(false)),
	}),
	"project.enlisted": type("纳入交房即交证清单", "J", { projectCode, listNo: optional(text()) }),
	"project.delisted": type("移出交房即交证清单", "J", { projectCode, listNo: optional(text()) }),
	"project.scheduled": type("台账计划", "J", {
		projectCode,
		completionDueOn: optional(date),
		firstRegistrationDueOn: optional(date),
		handoverDueOn: optional(date),
		buildingCount: optional(count),
		unitCount: optional(count),
	}),
	"project.hold-placed": type("历史遗留问题", "J,B", {
		projectCode,
		holdNo: text(),
		kind: optional(choice("unpaid", "illegal-works", "over-ratio", "other")),
		reason: optional(remark),
	}),
	"project.hold-lifted": type("历史遗留问题解除", "J,B", {
		projectCode,
		holdNo: text(),
		kind: optional(choice("unpaid", "illegal-works", "over-ratio", "other")),
		reason: optional(remark),
	}),
	"project.retracted": retracted(),
})
