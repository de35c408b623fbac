import type { Schema } from "effect"
import { choice, date, decimal, defines, difference, list, optional, remark, text, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const contractNo = uses("contract-no")

const terms = <P extends Schema.Top>(party: P) => ({
	kind: choice("presale", "completed"),
	seller: party,
	buyers: list(party),
	signedOn: date,
	areaM2: decimal,
	totalPriceCny: decimal,
})

const moreTerms = {
	presalePermitNo: optional(uses("presale-permit-no")),
	areaBasis: optional(choice("gross", "inside")),
	unitPriceCny: optional(decimal),
	vatCny: optional(decimal),
	paymentKind: optional(choice("full", "instalment", "loan", "housing-fund-loan", "mixed")),
	downPaymentCny: optional(decimal),
	handoverDueOn: optional(date),
	clauses: optional(list(choice("enlisted", "first-registration-before-handover", "full-invoice", "stamped-application"))),
}

/** 销售与交付: 住房保障中心, 开发企业, 税务局 (发票). */
export const sales = <P extends Schema.Top>(party: P) => {
	const { kind, seller, buyers, signedOn, areaM2, totalPriceCny } = terms(party)
	return {
		"sales.contract-filed": type("网签备案", "U", { contractNo: defines("contract-no"), kind, seller, buyers, signedOn, areaM2, totalPriceCny, ...moreTerms }),
		"sales.contract-amended": type("网签备案变更", "U", {
			contractNo,
			kind: optional(kind),
			seller: optional(seller),
			buyers: optional(buyers),
			signedOn: optional(signedOn),
			areaM2: optional(areaM2),
			totalPriceCny: optional(totalPriceCny),
			...moreTerms,
		}),
		"sales.contract-cancelled": type("网签备案撤销", "U", { contractNo, reason: optional(remark) }),
		"sales.paid-in-full": type("房款结清", "U", { contractNo, amountCny: decimal, account: optional(text()) }),
		"sales.invoice-issued": type("全额发票", "U", {
			invoiceNo: defines("invoice-no"),
			contractNo: optional(contractNo),
			totalCny: decimal,
			buyers: optional(buyers),
		}),
		"sales.invoice-voided": type("发票红冲", "U", { invoiceNo: uses("invoice-no") }),
		"sales.area-settled": type("面积差异结算", "U", { contractNo, differenceM2: difference, amountCny: difference }),
		"sales.application-stamped": type("已盖章转移登记申请表", "U", { contractNo }),
		"sales.identity-verified": type("身份核验", "U", { contractNo }),
		"sales.purchase-cleared": type("限购核验", "U", { contractNo }),
		"sales.handover-notified": type("交房通知", "U", { contractNo, handoverOn: date }),
		"sales.handed-over": type("交房", "U", { contractNo: optional(contractNo), handedOverOn: date }),
		"sales.retracted": retracted(),
	}
}
