import { type Certificate, type SaleContract, type SameParty, share, transfers, type Unit } from "@yima/lifecycle"
import { type EventKey, endOfDayAfter, type Moment, startOfDay } from "@yima/schemas"
import { handoverOf } from "./handover.ts"

/** Since when the days run in which a buyer is to be registered (D06, C43): handed over (presale) or signed (completed); null: not yet. */
export const registrationStart = (unit: Unit, contract: SaleContract): { readonly at: Moment; readonly event: EventKey } | null => {
	if (contract.kind === "completed") return { at: startOfDay(contract.signedOn), event: contract.events[0] as EventKey }
	const handover = handoverOf(unit, contract)
	return handover === undefined ? null : { at: startOfDay(handover.says.handedOverOn), event: handover.key }
}

/** The end of `days` after it, exclusive. */
export const registrationDueAt = (start: Moment, days: number): Moment => endOfDayAfter(start, days)

/** 转移登记 to the contract's buyers. */
export const registeredBy = (unit: Unit, contract: SaleContract, same: SameParty): Certificate | undefined =>
	transfers(unit.certificates).find((each) => each.at >= startOfDay(contract.signedOn) && share(same, each.holders, contract.buyers))
