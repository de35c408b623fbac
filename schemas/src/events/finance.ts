import { Schema } from "effect"
import { choice, date, decimal, defines, list, optional, ordinal, text, unitCode, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const proofNo = uses("proof-no")
const contractNo = uses("contract-no")
const units = optional(list(unitCode))
const kind = choice("land", "construction", "unit", "priority-notice")

/** 金融: 银行, 住房公积金中心, 登记中心. */
export const finance = <P extends Schema.Top>(party: P) => {
	const more = { debtCny: optional(decimal), fromOn: optional(date), toOn: optional(date), rank: optional(ordinal), units }
	return {
		"finance.mortgage-registered": type("抵押登记", "P,B,U", { proofNo: defines("proof-no"), kind, mortgagee: party, mortgagor: party, ...more }),
		"finance.mortgage-amended": type("抵押变更", "P,B,U", { proofNo, kind: optional(kind), mortgagee: optional(party), mortgagor: optional(party), ...more }),
		"finance.mortgage-discharged": type("抵押注销", "P,B,U", { proofNo, units }),
		"finance.sale-consented": type("抵押权人同意销售", "P,B,U", { proofNo, units }),
		"finance.sale-notified": type("书面告知抵押权人", "U", { proofNo, contractNo: optional(contractNo), toBuyer: optional(Schema.Boolean) }),
		"finance.escrow-received": type("监管账户到账", "U", { contractNo, amountCny: decimal, account: optional(text()) }),
		"finance.documents-ready": type("按揭材料齐备", "U", { contractNo, mortgagee: optional(party) }),
		"finance.retracted": retracted(),
	}
}
