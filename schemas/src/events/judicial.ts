import { choice, date, defines, list, moment, months, optional, ordinal, text, unitCode, uses } from "../fields.ts"
import { retracted, type } from "./type.ts"

const units = optional(list(unitCode))

/** 司法: 法院. */
export const judicial = () => ({
	"judicial.seized": type("查封", "P,B,U", {
		seizureNo: defines("seizure-no"),
		kind: choice("seizure", "pre-seizure", "waiting"),
		court: text(),
		servedAt: optional(moment),
		fromOn: optional(date),
		toOn: optional(date),
		termMonths: optional(months),
		queuePosition: optional(ordinal),
		caseNo: optional(text()),
		units,
	}),
	"judicial.seizure-renewed": type("续封", "P,B,U", { seizureNo: uses("seizure-no"), toOn: date }),
	"judicial.seizure-lifted": type("解封", "P,B,U", { seizureNo: uses("seizure-no"), units }),
	"judicial.retracted": retracted(),
})
