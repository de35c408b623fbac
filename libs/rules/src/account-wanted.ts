import { type Certificate, type Line, linesOf, type Service, share, takesIn, transfers, type Unit, type Who } from "@yima/lifecycle"
import { type EventKey, type Moment, normalForm, startOfDay, surelyBefore } from "@yima/schemas"
import type { Scene } from "./scene.ts"

export const SERVICES: readonly Service[] = ["water", "power", "gas", "heat"]

/** The application that a transfer ends: by its number, else the last that was not withdrawn. */
const applicationOf = (transferred: Line<"registration.transferred">, lines: readonly Line[]) => {
	const { applicationNo } = transferred.says
	const isOf = (no: string) => (each: { readonly says: { readonly applicationNo: string } }) => normalForm(each.says.applicationNo) === normalForm(no)
	const all = linesOf(lines, "registration.transfer-applied")
	if (applicationNo !== undefined) return all.findLast(isOf(applicationNo))
	const withdrawn = linesOf(lines, "registration.transfer-withdrawn")
	return all.findLast((each) => !surelyBefore(transferred, each) && !withdrawn.some(isOf(each.says.applicationNo)))
}

/** 同意联动: what an application says of it, and since when that is withdrawn. No consent, no request. */
const consentOf = (
	transferred: Line<"registration.transferred">,
	{ lines }: Unit,
): { readonly by: Line; readonly given: boolean; readonly id: string | null; readonly withdrawnAt: Moment | null } | null => {
	const applied = applicationOf(transferred, lines)
	if (applied === undefined) return null
	const no = normalForm(applied.says.applicationNo)
	const withdrawn = linesOf(lines, "registration.consent-withdrawn").find((line) => normalForm(line.says.applicationNo) === no)
	const utilities = applied.says.consents?.utilities
	return { by: applied, given: utilities?.given === true, id: utilities?.consentId ?? null, withdrawnAt: withdrawn?.time ?? null }
}

/** The list with the unit's account of a service: its first of the company that connected the unit last. */
const connection = (service: Service, { lines }: Unit): Line<"utility.connected"> | undefined => {
	const all = linesOf(lines, "utility.connected").filter((line) => takesIn(line) && line.says.service === service && (line.says.accounts ?? []).length > 0)
	const company = all.at(-1)?.says.company
	return company === undefined ? undefined : all.find((line) => normalForm(line.says.company) === normalForm(company))
}

/** 联动开户 of one service: what the latest transfer asks of a company, and what that rests on. */
export interface WantedAccount {
	readonly service: Service
	readonly company: string
	readonly accountNo: string | null
	/** The latest transfer in force. */
	readonly transfer: Certificate
	/** In whose name the account is to be: no other co-owner is named to a company (个人信息保护法 §6). */
	readonly holder: Who
	/** A transfer to somebody else is in force before it. */
	readonly isLater: boolean
	readonly consentId: string | null
	readonly consentWithdrawnAt: Moment | null
	/** The later of the transfer and the connection. */
	readonly since: { readonly time: Moment; readonly byDay: boolean }
	readonly events: readonly EventKey[]
}

/**
 * For each service with a connected account, if the buyers have agreed and the transfer is not older than the service's first day
 * (`semantics.md` §10). What a withdrawal of consent ends is still among them, with its moment.
 */
export const wantedAccounts = (unit: Unit, { ruleSet, same }: Pick<Scene, "ruleSet" | "same">): readonly WantedAccount[] => {
	const all = transfers(unit.certificates)
	const transfer = all.at(-1)
	const transferred = linesOf(unit.lines, "registration.transferred").find((line) => line.key === transfer?.event)
	const consent = transferred && consentOf(transferred, unit)
	const holder = transfer?.holders[0]
	if (transfer === undefined || holder === undefined || !consent?.given || transferred === undefined) return []
	return SERVICES.flatMap((service) => {
		const connected = connection(service, unit)
		if (connected === undefined || transfer.at < startOfDay(ruleSet.accountOpening[service].goLiveOn)) return []
		return [
			{
				service,
				company: connected.says.company,
				accountNo: connected.says.accounts?.[0]?.accountNo ?? null,
				transfer,
				holder,
				isLater: all.some((each) => !share(same, each.holders, transfer.holders)),
				consentId: consent.id,
				consentWithdrawnAt: consent.withdrawnAt,
				since: connected.time >= transferred.time ? connected : transferred,
				events: [consent.by.key, transfer.event, connected.key],
			},
		]
	})
}

/** Whether the buyers of the latest transfer have agreed; null while no application was seen. */
export const hasConsented = (unit: Unit): boolean | null => {
	const latest = transfers(unit.certificates).at(-1)
	const transferred = linesOf(unit.lines, "registration.transferred").find((line) => line.key === latest?.event)
	if (transferred !== undefined) {
		const consent = consentOf(transferred, unit)
		return consent === null ? null : consent.given && consent.withdrawnAt === null
	}
	const applied = linesOf(unit.lines, "registration.transfer-applied").at(-1)
	return applied === undefined ? null : applied.says.consents?.utilities?.given === true
}
