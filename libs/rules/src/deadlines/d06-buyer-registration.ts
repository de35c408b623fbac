import { linesOf, type SaleContract, sameParty, share, transfers, type Unit } from "@yima/lifecycle"
import { type EventKey, endOfDayAfter, localDate, type Moment, normalForm, startOfDay } from "@yima/schemas"
import type { DeadlineRule, Term } from "../deadline.ts"

/** 《城市房地产开发经营管理条例》: within ninety days of handover, or of the contract where the house stood already. */
const REGISTRATION_DAYS = 90

interface Begun {
	readonly at: Moment
	readonly event: EventKey
}

/** 交房: under the contract's number, or after its signing without any. */
const handover = ({ contractNo, signedOn }: SaleContract, { lines }: Unit): Begun | null =>
	linesOf(lines, "sales.handed-over")
		.filter(({ says }) => (says.contractNo === undefined ? says.handedOverOn >= signedOn : normalForm(says.contractNo) === normalForm(contractNo)))
		.map((line) => ({ at: startOfDay(line.says.handedOverOn), event: line.key }))
		.sort((a, b) => a.at - b.at)[0] ?? null

/**
 * D06, and with `days` of the rule set C43: from handover (presale) or signing (completed) to the buyers' own registration. Null: not
 * begun, no longer owed (cancelled), or done before.
 */
export const registrationDue = (contract: SaleContract, view: Unit, days = REGISTRATION_DAYS): Term | null => {
	if (contract.status === "CANCELLED") return null
	const begun = contract.kind === "presale" ? handover(contract, view) : { at: startOfDay(contract.signedOn), event: contract.events[0] as EventKey }
	if (begun === null) return null
	const same = sameParty(view.lines)
	const met = transfers(view.certificates).find((each) => each.registeredOn >= contract.signedOn && share(same, each.holders, contract.buyers))
	if (met !== undefined && met.registeredOn < localDate(begun.at)) return null
	return {
		on: contract.contractNo,
		startedAt: begun.at,
		dueAt: endOfDayAfter(begun.at, days),
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
