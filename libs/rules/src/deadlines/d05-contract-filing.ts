import type { SaleContract } from "@yima/lifecycle"
import { type EventKey, startOfDay } from "@yima/schemas"
import type { DeadlineRule, Term } from "../deadline.ts"
import { filingDueAt } from "../filing-limit.ts"

/** D05, and C41 where it was met late. A contract is known by its filing alone, so that it is never open. */
const filingDue = ({ contractNo, signedOn, filedAt, events }: SaleContract): Term => ({
	on: contractNo,
	startedAt: startOfDay(signedOn),
	dueAt: filingDueAt(signedOn),
	pausedSince: null,
	metAt: filedAt,
	events: [events[0] as EventKey],
})

export const D05: DeadlineRule = {
	id: "D05",
	title: "网签备案",
	responsible: "开发企业",
	basis: "《城市房地产开发经营管理条例》第二十六条:自合同签订之日起 30 日内备案",
	reads: ["sales.contract-filed", "sales.contract-amended"],
	parameters: [],
	unit: (view) => view.contracts.map(filingDue),
}
