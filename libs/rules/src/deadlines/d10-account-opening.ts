import { type Certificate, type Line, linesOf, type Service, takesIn, transfers, type Unit } from "@yima/lifecycle"
import { type LocalDate, type Moment, normalForm, startOfDay, surelyBefore } from "@yima/schemas"
import type { DeadlineRule, Term } from "../deadline.ts"
import type { Scene } from "../scene.ts"

const SERVICES: readonly Service[] = ["water", "power", "gas", "heat"]

/** 联动过户的默认启用日 (`semantics.md` §10). */
const GO_LIVE = "2023-01-01" as LocalDate

/** The application that a transfer ends: by its number, else the last that was not withdrawn. */
const applicationOf = (transferred: Line<"registration.transferred">, lines: readonly Line[]) => {
	const { applicationNo } = transferred.says
	const isOf = (no: string) => (each: { readonly says: { readonly applicationNo: string } }) => normalForm(each.says.applicationNo) === normalForm(no)
	const all = linesOf(lines, "registration.transfer-applied")
	if (applicationNo !== undefined) return all.findLast(isOf(applicationNo))
	const withdrawn = linesOf(lines, "registration.transfer-withdrawn")
	return all.findLast((each) => !surelyBefore(transferred, each) && !withdrawn.some(isOf(each.says.applicationNo)))
}

/** 同意联动: given with the application, and since when it is withdrawn. No consent, no request. */
const consentOf = (transfer: Certificate, { lines }: Unit): { readonly by: Line; readonly withdrawnAt: Moment | null } | null => {
	const transferred = linesOf(lines, "registration.transferred").find((line) => line.key === transfer.event)
	const applied = transferred && applicationOf(transferred, lines)
	if (applied?.says.consents?.utilities?.given !== true) return null
	const no = normalForm(applied.says.applicationNo)
	const withdrawn = linesOf(lines, "registration.consent-withdrawn").find((line) => normalForm(line.says.applicationNo) === no)
	return { by: applied, withdrawnAt: withdrawn?.time ?? null }
}

/** The list with the unit's account of a service: its first of the company that connected the unit last. */
const connection = (service: Service, { lines }: Unit): Line<"utility.connected"> | undefined => {
	const all = linesOf(lines, "utility.connected").filter((line) => takesIn(line) && line.says.service === service && (line.says.accounts ?? []).length > 0)
	const company = all.at(-1)?.says.company
	return company === undefined ? undefined : all.find((line) => normalForm(line.says.company) === normalForm(company))
}

const term = (service: Service, transfer: Certificate, view: Unit, { calendar, ruleSet }: Scene): readonly Term[] => {
	const consent = consentOf(transfer, view)
	const connected = connection(service, view)
	if (consent === null || connected === undefined || transfer.at < startOfDay(ruleSet.accountOpening[service]?.goLiveOn ?? GO_LIVE)) return []
	const transferred = linesOf(view.lines, "registration.transferred").find((line) => line.key === transfer.event)
	const started = transferred === undefined || connected.time >= transferred.time ? connected : transferred
	const met = linesOf(view.lines, "utility.account-opened", "utility.account-failed").find(
		({ says, ...line }) => says.service === service && normalForm(says.company) === normalForm(connected.says.company) && !surelyBefore(line, started),
	)
	// Withdrawn before anybody opened it: nothing is asked for any more.
	if (consent.withdrawnAt !== null && (met === undefined || met.time >= consent.withdrawnAt)) return []
	return [
		{
			on: service,
			startedAt: started.time,
			dueAt: calendar.endOfWorkingDays(started.time, ruleSet.accountDays),
			pausedSince: null,
			metAt: met?.time ?? null,
			events: [consent.by.key, transfer.event, connected.key, ...(met === undefined ? [] : [met.key])],
		},
	]
}

/** For the holder of the latest transfer: what an earlier one was owed is no longer asked for. */
const terms = (view: Unit, scene: Scene): readonly Term[] => {
	const transfer = transfers(view.certificates).at(-1)
	return transfer === undefined ? [] : SERVICES.flatMap((service) => term(service, transfer, view, scene))
}

export const D10: DeadlineRule = {
	id: "D10",
	title: "水电气暖联动开户",
	responsible: "水电气暖企业",
	basis: "《河南省优化营商环境条例》第四十四条(过户、立户联动);3 个工作日为地方做法,待核实",
	reads: [
		"registration.transfer-applied",
		"registration.transfer-withdrawn",
		"registration.transferred",
		"registration.deregistered",
		"registration.consent-withdrawn",
		"utility.connected",
		"utility.account-opened",
		"utility.account-failed",
	],
	parameters: ["accountDays", "accountOpening", "calendar"],
	unit: terms,
}
