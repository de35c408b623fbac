import { Schema } from "effect"
import { buildingCode, buildingLabels, choice, count, date, decimal, defines, floors, list, optional, remark, rule, struct, text, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const perBuilding = list(
	struct({
		label: optional(uses("building-label")),
		code: optional(buildingCode),
		floors: optional(floors),
		unitCount: optional(count),
		areaM2: optional(decimal),
		use: optional(text()),
	}).check(
		rule<{ readonly label?: string; readonly code?: string }>(
			"required",
			({ label, code }) => (label === undefined && code === undefined ? "缺少 label 或 code" : undefined),
			{ anyOf: [{ required: ["label"] }, { required: ["code"] }] },
		),
	),
)

/** What a works permit says. */
const worksFields = <P extends Schema.Top>(party: P) => ({
	holder: optional(party),
	projectCode: optional(uses("project-code")),
	floorAreaM2: optional(decimal),
	validUntilOn: optional(date),
	buildings: optional(list(buildingCode)),
	buildingLabels: optional(buildingLabels(false)),
	perBuilding: optional(perBuilding),
})

const named = { permitNo: uses({ land: "land-permit-no", works: "works-permit-no" }), kind: choice("land", "works") }

/** 规划: 自然资源和规划局. */
export const planning = <P extends Schema.Top>(party: P) => ({
	"planning.land-permitted": type("建设用地规划许可", "P", {
		permitNo: defines("land-permit-no"),
		holder: optional(party),
		areaM2: optional(decimal),
		validUntilOn: optional(date),
	}),
	"planning.works-permitted": type("建设工程规划许可", "P", { permitNo: defines("works-permit-no"), ...worksFields(party) }),
	"planning.permit-amended": type("规划许可变更", "P", { ...named, ...worksFields(party), areaM2: optional(decimal) }),
	"planning.permit-extended": type("规划许可延期", "P", { ...named, validUntilOn: date }),
	"planning.permit-revoked": type("规划许可撤销", "P", { ...named, reason: optional(remark) }),
	"planning.verified": type("规划核实", "P,B", {
		verificationNo: defines("verification-no"),
		passed: Schema.Boolean,
		buildings: optional(list(buildingCode)),
		floorAreaM2: optional(decimal),
		countedAreaM2: optional(decimal),
	}),
	"planning.retracted": retracted(),
})
