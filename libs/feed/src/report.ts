import type { Webhooks } from "@yima/registry"
import { type AccountRequestData, formatMoment, type Moment, requestIdOf } from "@yima/schemas"

/** 回报: what a company has done with a request. `failed` wants a reason's code. */
export interface Report {
	readonly status: "accepted" | "opened" | "failed" | "closed"
	readonly orderNo?: string | null
	readonly accountNo?: string | null
	readonly reasonCode?: string | null
	readonly reason?: string | null
}

/** What a report is about: a request and its revision, or a unit's account that was not asked for. */
export interface Reported extends Pick<AccountRequestData, "unit" | "service" | "company"> {
	readonly requestId: string | null
	readonly revision: number | null
}

/** A company's own source, so that who said it shows. */
export const sourceOf = (service: string): string => `urn:yima:utility:${service}`

/** One step of one revision is reported once: the same again is the same event. A failure may be followed by one of another kind. */
export const reportId = ({ requestId, revision, unit, service }: Reported, { status, reasonCode }: Report): string =>
	[requestId ?? requestIdOf(unit, service), ...(revision === null ? [] : [revision]), status, ...(status === "failed" ? [reasonCode ?? "other"] : [])].join(":")

/** A report as the event that it is (`events.md`, utility). `time`: RFC 3339. */
export const reportEvent = (about: Reported, report: Report, time: string): Readonly<Record<string, unknown>> => {
	const { orderNo, accountNo, reasonCode, reason, status } = report
	const stated = {
		orderNo,
		accountNo,
		reasonCode: status === "failed" ? (reasonCode ?? "other") : null,
		reason,
		requestId: about.requestId,
		revision: about.revision,
	}
	return {
		specversion: "1.0",
		id: reportId(about, report),
		source: sourceOf(about.service),
		type: `yima.utility.account-${status}.v1`,
		subject: about.unit,
		time,
		datacontenttype: "application/json",
		data: {
			service: about.service,
			company: about.company,
			...Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== null && value !== undefined)),
		},
	}
}

/** The same by the moment at which the step was first reported, so that it is the same event whenever it comes again. `at`: when it came now. */
export const firstReport = async (about: Reported, report: Report, at: Moment, { reportedAt }: Pick<Webhooks, "reportedAt">) =>
	reportEvent(about, report, formatMoment(await reportedAt(reportId(about, report), at)))

const STATUSES: ReadonlySet<unknown> = new Set(["accepted", "opened", "failed", "closed"])

/** The report that an endpoint's answer may hold; null: it holds none, whatever else it is. */
export const reportIn = (body: string): Report | null => {
	try {
		const value = JSON.parse(body) as Partial<Record<keyof Report, unknown>> | null
		if (typeof value !== "object" || value === null || !STATUSES.has(value.status)) return null
		const text = (of: unknown) => (typeof of === "string" && of !== "" && of.length <= 200 ? of : null)
		const { orderNo, accountNo, reasonCode, reason } = value
		return { status: value.status as Report["status"], orderNo: text(orderNo), accountNo: text(accountNo), reasonCode: text(reasonCode), reason: text(reason) }
	} catch {
		return null
	}
}
