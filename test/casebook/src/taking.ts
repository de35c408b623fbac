import type { Unit, View } from "@yima/lifecycle"
import type { Finding, Step } from "@yima/rules"
import { type Decimal, fromHundredths, hundredths, type Moment, type Scope, type TypeName } from "@yima/schemas"
import type { Json } from "@yima/test-kit"
import { BUYER, CLAUSES, DEVELOPER, event } from "./life.ts"

/** What a department knows that takes a step. */
interface Knowing {
	readonly unit: Unit
	/** A number that nobody has used. */
	readonly n: number
	/** When it was done. */
	readonly at: Moment
	/** What is found wrong, on the flat and above it. */
	readonly findings: readonly Finding[]
	readonly viewOf: (scope: Scope) => View | null
}

interface Known extends Knowing {
	readonly step: Step
	readonly on: string
}

type Sent = readonly [subject: string | null, data: object]
type Maker = (known: Known) => Sent

/** The number that a title names last. */
const named = ({ step }: Known): string => /\S+$/.exec(step.title)?.[0] ?? ""
const live = ({ unit }: Known) => unit.contracts.filter((each) => each.status === "LIVE").at(-1)
const contractNo = (known: Known): string => live(known)?.contractNo ?? ""
const building = ({ unit }: Known): string => unit.building ?? ""
const project = ({ unit }: Known): string => (unit.project ?? "project:2301-410811-04-01-000001").slice("project:".length)

const ofProject =
	(more: (known: Known) => object = () => ({})): Maker =>
	(known) => [`project:${project(known)}`, { projectCode: project(known), ...more(known) }]
const ofContract =
	(more: (known: Known) => object = () => ({})): Maker =>
	(known) => [known.unit.code, { contractNo: contractNo(known), ...more(known) }]
const ofProof: Maker = (known) => [null, { proofNo: named(known) }]

const SERVICES: readonly (readonly [string, string])[] = [
	["水", "water"],
	["电", "power"],
	["气", "gas"],
	["暖", "heat"],
]

const due = (known: Known): bigint => {
	const contract = live(known)
	const settled = known.unit.lines.filter((line) => line.type === "sales.area-settled" && contract?.events.includes(line.key)).at(-1)
	return (
		hundredths(contract?.totalPriceCny ?? ("0.00" as Decimal)) + (settled === undefined ? 0n : hundredths((settled.says as { amountCny: Decimal }).amountCny))
	)
}

const standing = (known: Known) => (live(known)?.invoices ?? []).filter((each) => !each.voided)
const billed = (known: Known): bigint => standing(known).reduce((sum, each) => sum + hundredths(each.totalCny), 0n)

const MAKERS: Partial<Record<TypeName, Maker>> = {
	"project.scoped": ofProject(({ unit }) => ({ parcels: [unit.parcel] })),
	"project.enlisted": ofProject(),
	"project.scheduled": ofProject(() => ({ handoverDueOn: "2024-06-30" })),
	"project.hold-lifted": (known) => {
		const holdNo = named(known)
		const placed = known.unit.lines.find((line) => line.type === "project.hold-placed" && (line.says as { holdNo: string }).holdNo === holdNo)
		return [placed?.from ?? null, { projectCode: project(known), holdNo }]
	},
	"land.granted": ({ unit, n }) => [unit.parcel, { grantKind: "assignment", grantContractNo: `CR${n}`, grantee: DEVELOPER }],
	"land.premium-paid": ({ unit }) => [unit.parcel, { amountCny: "90000000.00", paidInFull: true }],
	"land.right-registered": ({ unit, n }) => [unit.parcel, { certificateNo: `豫地${n}`, holder: DEVELOPER }],
	"planning.works-permitted": (known) => [
		known.unit.parcel,
		{ permitNo: `建字${known.n}`, holder: DEVELOPER, buildings: [building(known)], ...(known.unit.project === null ? {} : { projectCode: project(known) }) },
	],
	"planning.verified": (known) => [building(known), { verificationNo: `HS${known.n}`, passed: true }],
	"construction.acceptance-passed": (known) => [building(known), { opinionNo: `YS${known.n}` }],
	"construction.completion-filed": (known) => [building(known), { filingNo: `BA${known.n}` }],
	"survey.predicted": (known) => [building(known), { surveyNo: `CH${known.n}`, units: [{ code: known.unit.code, areaM2: live(known)?.areaM2 ?? "100.00" }] }],
	"survey.measured": (known) => {
		const whole = known.viewOf(building(known) as Scope)
		const predicted = whole?.is === "building" ? whole.units : []
		const areaM2 = live(known)?.areaM2 ?? "100.00"
		return [building(known), { surveyNo: `SC${known.n}`, units: [...new Set([known.unit.code, ...predicted])].map((code) => ({ code, areaM2 })) }]
	},
	"survey.accepted": (known) => [building(known), { surveyNo: "SC1" }],
	"registration.first-registered": (known) => [building(known), { certificateNo: `豫首${known.n}`, holder: DEVELOPER, commonParts: ["门厅"] }],
	"registration.priority-notice-deregistered": ofProof,
	"registration.objection-lifted": ofProof,
	"registration.residence-right-deregistered": ofProof,
	"judicial.seizure-lifted": (known) => [null, { seizureNo: named(known) }],
	"finance.mortgage-discharged": (known) => {
		const open = known.unit.mortgages.find((each) => known.step.title.includes(each.proofNo)) ?? known.unit.mortgages.find((each) => each.active)
		return [null, { proofNo: open?.proofNo ?? "" }]
	},
	"finance.documents-ready": ofContract(),
	"utility.connected": (known) => {
		const service = SERVICES.find(([name]) => known.step.title.includes(name))?.[1] ?? ""
		return [
			building(known),
			{ service, company: `太行${service}`, mainMeterSettled: true, accounts: [{ unit: known.unit.code, accountNo: `${service}${known.n}` }] },
		]
	},
	"sales.contract-filed": (known) => {
		const isCompleted = known.unit.certificates.some((each) => each.act === "first" && each.inForce)
		return [
			known.unit.code,
			{
				contractNo: `HT${known.n}`,
				kind: isCompleted ? "completed" : "presale",
				seller: DEVELOPER,
				buyers: [BUYER],
				signedOn: known.on,
				areaM2: known.unit.area.measured ?? "100.00",
				totalPriceCny: "800000.00",
				clauses: CLAUSES,
			},
		]
	},
	"sales.contract-cancelled": ofContract(),
	"sales.contract-amended": ofContract(({ step }) => (step.condition === "P1" ? { clauses: CLAUSES } : { buyers: [BUYER] })),
	"sales.paid-in-full": ofContract((known) => ({ amountCny: fromHundredths(due(known)) })),
	"sales.invoice-issued": (known) => [
		known.unit.code,
		{ invoiceNo: `FP${known.n}`, contractNo: contractNo(known), totalCny: fromHundredths(due(known) - billed(known)) },
	],
	"sales.invoice-voided": (known) => [
		known.unit.code,
		{ invoiceNo: standing(known).find((each) => known.step.title.includes(each.invoiceNo))?.invoiceNo ?? "" },
	],
	"sales.area-settled": ofContract(() => ({ differenceM2: "10.00", amountCny: "80000.00" })),
	"sales.application-stamped": ofContract(),
	"sales.identity-verified": ofContract(),
	"sales.purchase-cleared": ofContract(),
	"sales.handover-notified": ofContract(() => ({ handoverOn: "2024-06-30" })),
	"tax.deed-tax-paid": ofContract(({ n }) => ({ receiptNo: `QS${n}`, amountCny: "12000.00", settled: true })),
	"tax.maintenance-fund-paid": ofContract(({ n }) => ({ receiptNo: `WX${n}`, amountCny: "6000.00" })),
	"registrar.finding-settled": ({ step, findings, unit }) => [
		findings.find((each) => each.code === step.finding && each.severity === "BLOCK")?.scope ?? unit.code,
		{ finding: step.finding, reason: "查清", by: "登记员" },
	],
}

/** The event by which it becomes known that a step was taken, as its department would send it. */
export const taking = (step: Step, knowing: Knowing): Json => {
	const make = MAKERS[step.eventType]
	if (make === undefined) throw new Error(`nobody knows how to take the step ${step.eventType}: ${step.title}`)
	const time = new Date(knowing.at / 1000 + 8 * 3_600_000).toISOString().slice(0, 19)
	const [subject, data] = make({ ...knowing, step, on: time.slice(0, 10) })
	return event(`步${knowing.n}`, step.eventType, `${time}+08:00`, subject, data)
}
