import { type AnyEvent, buildingOfCode, type Code, labelIdentifiers, requestedUnit, type TypeName, type UnitCode } from "@yima/schemas"
import type { Resolve } from "./meaning.ts"

/**
 * One list in an event's data that names codes.
 * `codes`: all that an entry concerns. `places`: those that tell where the event belongs (default: the same).
 */
interface CodeList {
	readonly field: string
	readonly codes: (entry: unknown) => readonly Code[]
	readonly places?: (entry: unknown) => readonly Code[]
}

const plain = (field: string): CodeList => ({ field, codes: (entry) => [entry as Code] })
const nowhere = () => []

const units = plain("units")
const buildings = plain("buildings")
const named = (list: CodeList): CodeList => ({ ...list, places: nowhere })

const surveyRows: CodeList = {
	field: "units",
	codes: (entry) => {
		const { code, predicted = [] } = entry as { readonly code: Code; readonly predicted?: readonly Code[] }
		return [code, ...predicted]
	},
	places: (entry) => [(entry as { readonly code: Code }).code],
}

const accounts: CodeList = { field: "accounts", codes: (entry) => [(entry as { readonly unit: Code }).unit] }

const perBuilding: CodeList = {
	field: "perBuilding",
	codes: (entry) => {
		const { code } = entry as { readonly code?: Code }
		return code === undefined ? [] : [code]
	},
}

/** A unit's succession concerns its buildings too: it is how they know their units' new codes. */
const succession = (field: string): CodeList => ({
	field,
	codes: (entry) => {
		const { from, to } = entry as { readonly from: Code; readonly to: Code }
		return [from, to, ...[from, to].flatMap((code) => buildingOfCode(code) ?? [])]
	},
	places: (entry) => [(entry as { readonly from: Code }).from],
})

/** What a type's lists do. `narrows`: they are what the event speaks of; otherwise they only reach further than its place. */
interface Lists {
	readonly narrows: boolean
	readonly lists: readonly CodeList[]
}

const whole: Lists = { narrows: false, lists: [] }
const narrow = (...lists: readonly CodeList[]): Lists => ({ narrows: true, lists })
const reach = (...lists: readonly CodeList[]): Lists => ({ narrows: false, lists })

const divided = reach(named(plain("to")), succession("buildings"), succession("units"))

/** Every type says what its lists do (`semantics.md` §2, extent). */
export const listsOf: { readonly [T in TypeName]: Lists } = {
	"land.granted": whole,
	"land.premium-paid": whole,
	"land.handed-over": whole,
	"land.right-registered": whole,
	"land.grant-terminated": whole,
	"land.parcel-divided": divided,
	"land.parcel-merged": divided,
	"land.parcel-redrawn": divided,
	"land.retracted": whole,
	"project.approved": reach(named(plain("parcels"))),
	"project.scoped": reach(named(plain("parcels")), named(buildings)),
	"project.enlisted": whole,
	"project.delisted": whole,
	"project.scheduled": whole,
	"project.hold-placed": whole,
	"project.hold-lifted": whole,
	"project.retracted": whole,
	"planning.land-permitted": whole,
	"planning.works-permitted": narrow(buildings, perBuilding),
	"planning.permit-amended": reach(named(buildings), named(perBuilding)),
	"planning.permit-extended": whole,
	"planning.permit-revoked": whole,
	"planning.verified": narrow(buildings),
	"planning.retracted": whole,
	"construction.permitted": narrow(buildings),
	"construction.permit-extended": whole,
	"construction.permit-revoked": whole,
	"construction.started": narrow(buildings),
	"construction.presale-permitted": narrow(buildings, units),
	"construction.presale-revoked": whole,
	"construction.completed-sale-filed": narrow(buildings, units),
	"construction.acceptance-passed": narrow(buildings),
	"construction.acceptance-failed": narrow(buildings),
	"construction.completion-filed": narrow(buildings),
	"construction.retracted": whole,
	"survey.predicted": narrow(surveyRows),
	"survey.measured": narrow(surveyRows),
	"survey.accepted": whole,
	"survey.retracted": whole,
	"registration.first-applied": narrow(units),
	"registration.first-registered": narrow(buildings, units),
	"registration.priority-notice-registered": whole,
	"registration.priority-notice-deregistered": whole,
	"registration.supplement-requested": whole,
	"registration.supplement-received": whole,
	"registration.consent-withdrawn": whole,
	"registration.transfer-applied": whole,
	"registration.transfer-withdrawn": whole,
	"registration.transferred": whole,
	"registration.corrected": whole,
	"registration.deregistered": whole,
	"registration.objected": whole,
	"registration.objection-lifted": whole,
	"registration.residence-right-registered": whole,
	"registration.residence-right-deregistered": whole,
	"registration.retracted": whole,
	"sales.contract-filed": whole,
	"sales.contract-amended": whole,
	"sales.contract-cancelled": whole,
	"sales.paid-in-full": whole,
	"sales.invoice-issued": whole,
	"sales.invoice-voided": whole,
	"sales.area-settled": whole,
	"sales.application-stamped": whole,
	"sales.identity-verified": whole,
	"sales.purchase-cleared": whole,
	"sales.handover-notified": whole,
	"sales.handed-over": whole,
	"sales.retracted": whole,
	"tax.deed-tax-paid": whole,
	"tax.deed-tax-exempted": whole,
	"tax.deed-tax-refunded": whole,
	"tax.maintenance-fund-paid": whole,
	"tax.maintenance-fund-refunded": whole,
	"tax.retracted": whole,
	"finance.mortgage-registered": narrow(units),
	"finance.mortgage-amended": reach(named(units)),
	"finance.mortgage-discharged": narrow(units),
	"finance.sale-consented": narrow(units),
	"finance.sale-notified": whole,
	"finance.escrow-received": whole,
	"finance.documents-ready": whole,
	"finance.retracted": whole,
	"judicial.seized": narrow(units),
	"judicial.seizure-renewed": whole,
	"judicial.seizure-lifted": narrow(units),
	"judicial.retracted": whole,
	"utility.connected": narrow(accounts),
	"utility.account-accepted": whole,
	"utility.account-opened": whole,
	"utility.account-failed": whole,
	"utility.account-closed": whole,
	"utility.retracted": whole,
	"registrar.resolved": whole,
	"registrar.party-renamed": whole,
	"registrar.ruleset-adopted": whole,
	"registrar.finding-settled": whole,
	"registrar.condition-waived": whole,
	"registrar.retracted": whole,
}

type Fields = Readonly<Record<string, unknown>>

/** The entries of a list field; a field that is not stated has none. */
const entriesOf = (data: unknown, field: string): readonly unknown[] => ((data as Fields)[field] ?? []) as readonly unknown[]

/** The unit of the request that a company's report answers; null: it names none. */
export const answeredUnit = ({ type, data }: AnyEvent): UnitCode | null => {
	const { requestId } = data as { readonly requestId?: string }
	return type.startsWith("utility.account-") && requestId !== undefined ? requestedUnit(requestId) : null
}

/** The codes in an event's lists that tell where it belongs. */
export const placingCodes = (event: AnyEvent): readonly Code[] =>
	listsOf[event.type].lists.flatMap(({ field, codes, places = codes }) => entriesOf(event.data, field).flatMap(places))

/** The building that a label of the event leads to; null while nobody has defined it, or while it leads to several. */
const labelled = (event: AnyEvent, label: string, resolve: Resolve): Code | null => {
	const found = new Set<Code>()
	for (const id of labelIdentifiers(event.type, event.data, label)) for (const code of resolve(id, event.time)?.codes ?? []) found.add(code)
	const [code, other] = found
	return other === undefined ? (code ?? null) : null
}

/** One entry of an event's lists with the codes that it concerns: none for a label that nobody has defined. */
export interface Listed {
	readonly field: string
	readonly entry: unknown
	readonly codes: readonly Code[]
}

/** Surveys name by their labels the building itself; elsewhere labels are a list of buildings. */
export const hasLabelList = (type: TypeName) => type === "planning.works-permitted" || type === "planning.permit-amended" || type === "project.scoped"

/** Everything that an event's lists name, labels resolved. */
export const listed = (event: AnyEvent, resolve: Resolve): readonly Listed[] => {
	const { lists } = listsOf[event.type]
	if (lists.length === 0) return []
	const found: Listed[] = []
	for (const { field, codes } of lists) for (const entry of entriesOf(event.data, field)) found.push({ field, entry, codes: codes(entry) })
	if (!hasLabelList(event.type)) return found
	const byLabel = (field: string, entry: unknown, label: string) => {
		const code = labelled(event, label, resolve)
		found.push({ field, entry, codes: code === null ? [] : [code] })
	}
	for (const label of entriesOf(event.data, "buildingLabels")) byLabel("buildingLabels", label, String(label))
	return found.map((each) => {
		if (each.field !== "perBuilding" || each.codes.length > 0) return each
		const { label } = each.entry as { readonly label?: string }
		const code = label === undefined ? null : labelled(event, label, resolve)
		return code === null ? each : { ...each, codes: [code] }
	})
}
