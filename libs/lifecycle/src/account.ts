import { type EventKey, type Moment, normalForm } from "@yima/schemas"
import { type Line, linesOf } from "./line.ts"

export type Service = "water" | "power" | "gas" | "heat"
export type AccountStatus = "NONE" | "ACCEPTED" | "OPENED" | "FAILED" | "CLOSED"

/** 水电气暖户号 of a unit: what the developer's list and the companies said. Requests are not events of departments. */
export interface UtilityAccount {
	readonly service: Service
	readonly company: string
	readonly accountNo: string | null
	/** The building's list gave the unit an account. */
	readonly connected: boolean
	readonly status: AccountStatus
	readonly requestId: string | null
	/** Which revision of the request its company spoke of; null: it did not say. */
	readonly revision: number | null
	readonly reasonCode: string | null
	readonly reason: string | null
	readonly updatedAt: Moment
	readonly events: readonly EventKey[]
}

const STATUS = {
	"utility.account-accepted": "ACCEPTED",
	"utility.account-opened": "OPENED",
	"utility.account-failed": "FAILED",
	"utility.account-closed": "CLOSED",
} as const

/** One account per service and company; the last that was said of each counts. */
export const utilityAccounts = (lines: readonly Line[]): readonly UtilityAccount[] => {
	const found = new Map<string, UtilityAccount>()
	for (const line of linesOf(
		lines,
		"utility.connected",
		"utility.account-accepted",
		"utility.account-opened",
		"utility.account-failed",
		"utility.account-closed",
	)) {
		const { service, company } = line.says
		const key = `${service} ${normalForm(company)}`
		const before = found.get(key)
		const base = before ?? {
			service,
			company,
			accountNo: null,
			connected: false,
			status: "NONE" as const,
			requestId: null,
			revision: null,
			reasonCode: null,
			reason: null,
			updatedAt: line.time,
			events: [],
		}
		const events = [...base.events, line.key]
		if (line.type === "utility.connected") {
			const [account] = line.fact.reach === "here" ? [] : (line.says.accounts ?? [])
			// A list that comes again says nothing new about an account that its company has spoken of.
			const listed = base.status === "NONE" ? { accountNo: account?.accountNo ?? null, updatedAt: line.time } : {}
			if (account !== undefined) found.set(key, { ...base, ...listed, connected: true, events })
			continue
		}
		const failure = line.type === "utility.account-failed" ? line.says : null
		found.set(key, {
			...base,
			status: STATUS[line.type],
			accountNo: line.says.accountNo ?? base.accountNo,
			requestId: line.says.requestId ?? base.requestId,
			revision: line.says.requestId === undefined ? base.revision : (line.says.revision ?? null),
			reasonCode: failure?.reasonCode ?? null,
			reason: failure?.reason ?? null,
			updatedAt: line.time,
			events,
		})
	}
	return [...found.values()]
}
