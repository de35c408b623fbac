import { linesOf, type Unit } from "@yima/lifecycle"
import { normalForm, surelyBefore } from "@yima/schemas"
import { type WantedAccount, wantedAccounts } from "../account-wanted.ts"
import type { DeadlineRule, Term } from "../deadline.ts"
import type { Scene } from "../scene.ts"

const term = ({ service, company, consentWithdrawnAt, since, events }: WantedAccount, view: Unit, { calendar, ruleSet }: Scene): readonly Term[] => {
	const met = linesOf(view.lines, "utility.account-opened", "utility.account-failed").find(
		({ says, ...line }) => says.service === service && normalForm(says.company) === normalForm(company) && !surelyBefore(line, since),
	)
	// Withdrawn before anybody opened it: nothing is asked for any more.
	if (consentWithdrawnAt !== null && (met === undefined || met.time >= consentWithdrawnAt)) return []
	return [
		{
			on: service,
			startedAt: since.time,
			dueAt: calendar.endOfWorkingDays(since.time, ruleSet.accountDays),
			pausedSince: null,
			metAt: met?.time ?? null,
			events: [...events, ...(met === undefined ? [] : [met.key])],
		},
	]
}

/** For the holder of the latest transfer: what an earlier one was owed is no longer asked for. */
const terms = (view: Unit, scene: Scene): readonly Term[] => wantedAccounts(view, scene).flatMap((each) => term(each, view, scene))

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
