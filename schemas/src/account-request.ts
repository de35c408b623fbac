import { isUnitCode, type UnitCode } from "@yima/unit-code"
import { Schema } from "effect"

const text = Schema.String

/**
 * 开户请求 as it leaves for a company, and all of it: no price, mortgage or seizure, no co-owner, no number of a paper
 * (个人信息保护法 §§5, 6, 23; `events.md`). `holder`: masked. `contactToken`: for name and phone, where they are needed.
 */
export const AccountRequestData = Schema.Struct({
	requestId: text,
	revision: Schema.Int,
	kind: Schema.Literals(["OPEN", "AMEND", "CANCEL", "CHANGE_HOLDER"]),
	unit: text,
	address: Schema.NullOr(text),
	service: Schema.Literals(["water", "power", "gas", "heat"]),
	company: text,
	accountNo: Schema.NullOr(text),
	holder: Schema.NullOr(text),
	contactToken: Schema.NullOr(text),
	consentId: Schema.NullOr(text),
})

export type AccountRequestData = typeof AccountRequestData.Type

/** A request's number: there is one for each unit and service (architecture, rule 11). */
export const requestIdOf = (unit: string, service: string): string => `${unit}-${service}`

/** The unit that a request's number names; null: no request has it. */
export const requestedUnit = (requestId: string): UnitCode | null => {
	const unit = requestId.slice(0, 28)
	return isUnitCode(unit) && /^-(?:water|power|gas|heat)$/.test(requestId.slice(28)) ? unit : null
}
