import { Schema } from "effect"
import { buildingCode, choice, date, decimal, defines, list, optional, parcelCode, ratio, remark, struct, text, unitCode, years } from "../fields.ts"
import { retracted, type } from "./type.ts"

/** What becomes of a parcel's buildings and units when the parcel itself changes. */
const succession = {
	to: list(parcelCode),
	buildings: optional(list(struct({ from: buildingCode, to: buildingCode }))),
	units: optional(list(struct({ from: unitCode, to: unitCode }))),
}

/** 土地: 自然资源和规划局, 财政局, 登记中心. */
export const land = <P extends Schema.Top>(party: P) => ({
	"land.granted": type("土地出让/划拨", "P", {
		grantKind: choice("assignment", "allocation"),
		grantContractNo: optional(defines("grant-contract-no")),
		supervisionNo: optional(defines("supervision-no")),
		grantee: party,
		areaM2: optional(decimal),
		landUse: optional(text()),
		termYears: optional(years),
		premiumCny: optional(decimal),
		plotRatioMax: optional(ratio),
		handoverDueOn: optional(date),
		startDueOn: optional(date),
		completeDueOn: optional(date),
	}),
	"land.premium-paid": type("出让金缴纳", "P", { amountCny: decimal, paidInFull: Schema.Boolean, receiptNo: optional(text()) }),
	"land.handed-over": type("交地", "P", { handoverNo: optional(text()) }),
	"land.right-registered": type("土地首次登记", "P", {
		certificateNo: defines("certificate-no"),
		holder: party,
		startOn: optional(date),
		endOn: optional(date),
	}),
	"land.grant-terminated": type("出让合同解除/收回", "P", { reason: remark }),
	"land.parcel-divided": type("宗地分割", "P", succession),
	"land.parcel-merged": type("宗地合并", "P", succession),
	"land.parcel-redrawn": type("宗地界址调整", "P", succession),
	"land.retracted": retracted(),
})
