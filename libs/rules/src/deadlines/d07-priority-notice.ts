import { firstRegistrations, linesOf, noticeTerm, type Restriction, type Unit } from "@yima/lifecycle"
import { normalForm } from "@yima/schemas"
import type { DeadlineRule, Term } from "../deadline.ts"

/** Deregistered, or its contract cancelled: nothing is left to be applied for. */
const isOver = ({ events, contractNo }: Restriction, { contracts }: Unit): boolean =>
	events.length > 1 || (contractNo !== null && contracts.some((each) => each.status === "CANCELLED" && normalForm(each.contractNo) === normalForm(contractNo)))

const terms = (view: Unit): readonly Term[] => {
	const [first] = firstRegistrations(view.certificates)
	const notices = new Map(linesOf(view.lines, "registration.priority-notice-registered").map((line) => [line.key, line]))
	return view.restrictions.flatMap((restriction) => {
		const notice = notices.get(restriction.event)
		const term = notice === undefined ? null : noticeTerm(notice, first, view.lines)
		if (first === undefined || term === null || (term.met === null && isOver(restriction, view))) return []
		const { startedAt, dueAt, met } = term
		const began = [first.event, restriction.event]
		return [
			{
				on: restriction.proofNo,
				startedAt,
				dueAt,
				pausedSince: null,
				metAt: met?.time ?? null,
				events: met === null ? began : [...new Set([...began, met.key])],
			},
		]
	})
}

export const D07: DeadlineRule = {
	id: "D07",
	title: "预告登记转本登记",
	responsible: "买受人",
	basis: "《民法典》第二百二十一条:自能够进行不动产登记之日起 90 日内未申请登记的,预告登记失效",
	reads: [
		"registration.first-registered",
		"registration.priority-notice-registered",
		"registration.priority-notice-deregistered",
		"registration.transfer-applied",
		"registration.transferred",
		"registration.deregistered",
		"sales.contract-filed",
		"sales.contract-cancelled",
	],
	parameters: [],
	unit: terms,
}
