import type { Schema } from "effect"
import { anyCode, date, list, optional, remark, struct, text } from "../fields.ts"
import { RuleContent } from "../rule-set.ts"
import { retracted, type } from "./type.ts"

/** 登记员的决定. */
export const registrar = <P extends Schema.Top>(party: P) => ({
	"registrar.resolved": type("人工挂接", "any", { event: struct({ source: text(), id: text() }), subjects: list(anyCode), reason: remark, by: text() }),
	"registrar.party-renamed": type("企业更名/合并", "none", { from: party, to: party }),
	"registrar.ruleset-adopted": type("启用规则", "none", {
		ruleSet: struct({ name: text(), version: text(), contentHash: text() }),
		fromOn: date,
		content: RuleContent,
	}),
	"registrar.finding-settled": type("异常办结", "any", { finding: text(20), reason: remark, by: text() }),
	"registrar.condition-waived": type("条件豁免", "any", { condition: text(20), reason: remark, by: text(), untilOn: optional(date) }),
	"registrar.retracted": retracted(),
})
