import { type SaleContract, sameParty, type Unit } from "@yima/lifecycle"
import { localDate } from "@yima/schemas"
import type { DeadlineRule, Term } from "../deadline.ts"
import { registeredBy, registrationDueAt, registrationStart } from "../registration-limit.ts"

/** 《城市房地产开发经营管理条例》: within ninety days of handover, or of the contract where the house stood already. */
const REGISTRATION_DAYS = 90

/** From handover (presale) or signing (completed) to the buyers' own registration. Null: not begun, no longer owed, or done before. */
const registrationDue = (contract: SaleContract, view: Unit): Term | null => {
	if (contract.status === "CANCELLED") return null
	const begun = registrationStart(view, contract)
	if (begun === null) return null
	const met = registeredBy(view, contract, sameParty(view.lines))
	if (met !== undefined && met.registeredOn < localDate(begun.at)) return null
	return {
		on: contract.contractNo,
		startedAt: begun.at,
		dueAt: registrationDueAt(begun.at, REGISTRATION_DAYS),
		pausedSince: null,
		metAt: met?.at ?? null,
		events: met === undefined ? [begun.event] : [begun.event, met.event],
	}
}

export const D06: DeadlineRule = {
	id: "D06",
	title: "买受人办理转移登记",
	responsible: "买受人",
	basis: "《城市房地产开发经营管理条例》第三十二条;《最高人民法院关于审理商品房买卖合同纠纷案件适用法律若干问题的解释》第十四条",
	reads: [
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"sales.handed-over",
		"registration.transferred",
		"registration.corrected",
		"registration.deregistered",
		"registrar.party-renamed",
	],
	parameters: [],
	unit: (view) => view.contracts.flatMap((contract) => registrationDue(contract, view) ?? []),
}
