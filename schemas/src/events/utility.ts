import { Schema } from "effect"
import { choice, count, defines, list, optional, remark, struct, text, unitCode, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const service = choice("water", "power", "gas", "heat")

/** 水电气暖: 公用企业. */
export const utility = <P extends Schema.Top>(party: P) => {
	const account = {
		service,
		company: text(),
		requestId: optional(text()),
		revision: optional(count),
		orderNo: optional(text()),
		accountNo: optional(uses("account-no", 64)),
		holder: optional(party),
		reasonCode: optional(choice("not-found", "address-mismatch", "arrears", "duplicate", "offline", "wrong-person", "other")),
		reason: optional(remark),
	}
	return {
		"utility.connected": type("楼栋通水电气暖", "B", {
			service,
			company: text(),
			accounts: optional(list(struct({ unit: unitCode, accountNo: defines("account-no", 64) }))),
			mainMeterSettled: optional(Schema.Boolean),
		}),
		"utility.account-accepted": type("开户受理", "U", account),
		"utility.account-opened": type("开户完成", "U", { ...account, accountNo: optional(defines("account-no", 64)) }),
		"utility.account-failed": type("开户失败", "U", account),
		"utility.account-closed": type("销户", "U", account),
		"utility.retracted": retracted(),
	}
}
