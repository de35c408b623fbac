import { Schema } from "effect"
import { buildingCode, count, date, decimal, defines, list, optional, remark, struct, text, unitCode, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const buildings = optional(list(buildingCode))
const opinion = {
	opinionNo: defines("acceptance-no"),
	buildings,
	items: optional(list(struct({ item: text(), passed: Schema.Boolean }))),
}

/** 建设与预售: 住建局, 住房保障中心. */
export const construction = <P extends Schema.Top>(party: P) => ({
	"construction.permitted": type("施工许可", "P,B", {
		permitNo: defines("construction-permit-no"),
		holder: optional(party),
		validUntilOn: optional(date),
		buildings,
	}),
	"construction.permit-extended": type("施工许可延期", "P,B", { permitNo: uses("construction-permit-no"), validUntilOn: date }),
	"construction.permit-revoked": type("施工许可撤销", "P,B", { permitNo: uses("construction-permit-no"), reason: optional(remark) }),
	"construction.started": type("开工", "P,B", { permitNo: optional(uses("construction-permit-no")), startedOn: date, buildings }),
	"construction.presale-permitted": type("预售许可", "P,B", {
		permitNo: defines("presale-permit-no"),
		seller: optional(party),
		buildings,
		units: optional(list(unitCode)),
		unitCount: optional(count),
		escrowAccount: optional(text()),
		landCertificateNo: optional(uses("certificate-no")),
		worksPermitNo: optional(uses("works-permit-no")),
	}),
	"construction.presale-revoked": type("预售许可撤销", "P,B", { permitNo: uses("presale-permit-no"), reason: optional(remark) }),
	"construction.completed-sale-filed": type("现房销售备案", "P,B", {
		permitNo: defines("presale-permit-no"),
		seller: optional(party),
		buildings,
		units: optional(list(unitCode)),
	}),
	"construction.acceptance-passed": type("联合验收通过", "P,B", opinion),
	"construction.acceptance-failed": type("联合验收未通过", "P,B", opinion),
	"construction.completion-filed": type("竣工验收备案", "P,B", {
		filingNo: defines("acceptance-no"),
		buildings,
		completedOn: optional(date),
		floorAreaM2: optional(decimal),
	}),
	"construction.retracted": retracted(),
})
