import { Schema } from "effect"
import { buildingCode, date, decimal, defines, list, optional, remark, struct, text, unitCode, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const applicationNo = uses("application-no")
const units = optional(list(unitCode))

/** 登记: 不动产登记中心. */
export const registration = <P extends Schema.Top>(party: P) => ({
	"registration.first-applied": type("首次登记受理", "P,B", { applicationNo: defines("application-no"), units }),
	"registration.first-registered": type("首次登记", "P,B,U", {
		certificateNo: defines("certificate-no"),
		holder: party,
		applicationNo: optional(applicationNo),
		units,
		buildings: optional(list(buildingCode)),
		commonParts: optional(list(text())),
		landEndOn: optional(date),
	}),
	"registration.priority-notice-registered": type("预告登记", "U", { proofNo: defines("proof-no"), holder: party, contractNo: optional(uses("contract-no")) }),
	"registration.priority-notice-deregistered": type("预告登记注销", "U", { proofNo: uses("proof-no") }),
	"registration.supplement-requested": type("补正通知", "any", { applicationNo }),
	"registration.supplement-received": type("补正完成", "any", { applicationNo }),
	"registration.consent-withdrawn": type("撤回授权", "U", { applicationNo, consentId: optional(text()) }),
	"registration.transfer-applied": type("转移登记受理", "P,U", {
		applicationNo: defines("application-no"),
		acceptedIn: optional(text(20)),
		contractNo: optional(uses("contract-no")),
		holders: list(party),
		consents: optional(struct({ utilities: optional(struct({ given: Schema.Boolean, consentId: optional(text()) })) })),
	}),
	"registration.transfer-withdrawn": type("转移登记撤回", "P,U", { applicationNo, reason: optional(remark) }),
	"registration.transferred": type("转移登记", "P,U", {
		applicationNo: optional(applicationNo),
		certificateNo: defines("certificate-no"),
		holders: list(party),
	}),
	"registration.corrected": type("更正登记", "any", {
		certificateNo: uses("certificate-no"),
		reason: optional(remark),
		holder: optional(party),
		holders: optional(list(party)),
		areaM2: optional(decimal),
		startOn: optional(date),
		endOn: optional(date),
		landEndOn: optional(date),
	}),
	"registration.deregistered": type("注销登记", "any", { certificateNo: uses("certificate-no"), reason: optional(remark) }),
	"registration.objected": type("异议登记", "any", { proofNo: defines("proof-no"), objector: optional(party) }),
	"registration.objection-lifted": type("异议登记注销", "any", { proofNo: uses("proof-no") }),
	"registration.residence-right-registered": type("居住权登记", "U", { proofNo: defines("proof-no"), holder: optional(party), toOn: optional(date) }),
	"registration.residence-right-deregistered": type("居住权注销", "U", { proofNo: uses("proof-no") }),
	"registration.retracted": retracted(),
})
