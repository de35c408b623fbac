import { Schema } from "effect"
import { buildingLabels, choice, decimal, defines, list, optional, struct, text, unitCode, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const head = {
	surveyNo: defines("survey-no"),
	projectCode: optional(uses("project-code")),
	worksPermitNo: optional(uses("works-permit-no")),
	buildingLabels: optional(buildingLabels(true)),
}

const row = {
	code: unitCode,
	houseCode: optional(defines("house-code")),
	floor: optional(text()),
	room: optional(text()),
	address: optional(defines("address", 300)),
	use: optional(text()),
	insideM2: optional(decimal),
	sharedM2: optional(decimal),
}

/** 测绘: 测绘单位, 登记中心. */
export const survey = () => ({
	"survey.predicted": type("预测绘", "B", { ...head, units: list(struct({ ...row, areaM2: optional(decimal) })) }),
	"survey.measured": type("实测绘", "B", {
		...head,
		units: list(
			struct({
				...row,
				predicted: optional(list(unitCode)),
				link: optional(choice("same", "divided", "merged", "new")),
				areaM2: decimal,
				civilDefence: optional(Schema.Boolean),
			}),
		),
	}),
	"survey.accepted": type("权籍调查成果入库", "B", { surveyNo: uses("survey-no") }),
	"survey.retracted": retracted(),
})
