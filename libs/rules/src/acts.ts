import { absolute, acceptance, type Building, type Certificate, firstRegistrations, type Line, linesOf, takesIn, type Unit } from "@yima/lifecycle"
import { type Moment, normalForm, type Scope, startOfDay, surelyBefore } from "@yima/schemas"

/** 电子台账: the acts that a project plans and reports. */
export const ACTS = ["COMPLETION", "ACCEPTANCE", "MEASURED_SURVEY", "FIRST_REGISTRATION", "HANDOVER"] as const
export type Act = (typeof ACTS)[number]

/** When a building or unit had each act first; absent: not yet. */
export type Acts = Readonly<Partial<Record<Act, Moment>>>

/** What a project's buildings and units have done, for what is decided of all of them together. */
export interface Members {
	readonly buildings: readonly { readonly code: Scope; readonly acts: Acts }[]
	readonly units: readonly { readonly code: Scope; readonly sold: boolean; readonly acts: Acts }[]
}

/** An act that was done, by which event. */
export type Done = Pick<Line, "key" | "time" | "byDay">

type OnBuilding = Unit | Building

/** Its completion is filed (竣工验收备案): a filing that is older than the latest acceptance is not this one's, and one that failed has none. */
export const completed = (view: OnBuilding): Done | null => {
	const filings = linesOf(view.lines, "construction.completion-filed").filter(takesIn)
	const since = acceptance(view.lines)
	if (since === undefined && linesOf(view.lines, "construction.acceptance-failed").some(takesIn)) return null
	return filings.find((line) => since === undefined || !surelyBefore(line, since)) ?? null
}

const doneBy = (view: OnBuilding, certificate: Certificate): Done => {
	const line = linesOf(view.lines, "registration.first-registered").find((each) => each.key === certificate.event)
	return line ?? { key: certificate.event, time: certificate.at, byDay: false }
}

/** The lists of one building's first registrations, until they name every unit of its roll (楼盘表); without a roll the first will do. */
const listedWhole = (view: Building): Done | null => {
	const gone = new Set(linesOf(view.lines, "registration.deregistered").map((line) => normalForm(line.says.certificateNo)))
	const lists = linesOf(view.lines, "registration.first-registered").filter((line) => !takesIn(line) && !gone.has(normalForm(line.says.certificateNo)))
	const left = new Set(view.units)
	return (
		lists.find((line) => {
			for (const tail of line.says.units ?? []) left.delete(absolute(line.from, tail))
			return left.size === 0 || view.units.length === 0
		}) ?? null
	)
}

/** First registered (首次登记), in force: as a whole, or a building unit by unit. */
export const firstRegistered = (view: OnBuilding): Done | null => {
	const [whole] = firstRegistrations(view.certificates)
	if (whole !== undefined) return doneBy(view, whole)
	return view.is === "building" ? listedWhole(view) : null
}

const measured = (view: OnBuilding): Moment | undefined => {
	const rows = linesOf(view.lines, "survey.measured")
	if (view.is === "building") return rows.find((line) => line.from.length === view.code.length)?.time
	return rows.find((line) => takesIn(line) && line.says.units.some((row) => row.code === ""))?.time
}

/** Handed over (交房): under a contract that was not cancelled, or without naming one. */
const handedOver = (view: Unit): Moment | undefined => {
	const cancelled = new Set(view.contracts.filter((each) => each.status === "CANCELLED").map((each) => normalForm(each.contractNo)))
	const days = linesOf(view.lines, "sales.handed-over").flatMap(({ says }) =>
		says.contractNo !== undefined && cancelled.has(normalForm(says.contractNo)) ? [] : [startOfDay(says.handedOverOn)],
	)
	return days.length === 0 ? undefined : (Math.min(...days) as Moment)
}

/** What a building or unit has done, since when. */
export const actsOf = (view: Unit | Building): Acts => {
	const acts: Readonly<Record<Act, Moment | undefined>> = {
		COMPLETION: completed(view)?.time,
		ACCEPTANCE: acceptance(view.lines)?.time,
		MEASURED_SURVEY: measured(view),
		FIRST_REGISTRATION: firstRegistered(view)?.time,
		HANDOVER: view.is === "unit" ? handedOver(view) : undefined,
	}
	return Object.fromEntries(ACTS.flatMap((act) => (acts[act] === undefined ? [] : [[act, acts[act]]])))
}
