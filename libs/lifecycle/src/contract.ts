import { type Decimal, type EventKey, hundredths, inOrder, type LocalDate, type Moment, normalForm, type Scope, surelyBefore } from "@yima/schemas"
import type { Says, Who } from "./fact.ts"
import { type Line, last, linesOf } from "./line.ts"
import { type SameParty, share } from "./party.ts"

export type ContractStatus = "LIVE" | "CANCELLED" | "SUPERSEDED"

/** 买卖合同 as of a moment. */
export interface SaleContract {
	readonly contractNo: string
	readonly status: ContractStatus
	readonly from: Scope
	readonly kind: "presale" | "completed"
	readonly seller: Who
	readonly buyers: readonly Who[]
	readonly signedOn: LocalDate
	readonly filedAt: Moment
	readonly areaM2: Decimal
	readonly areaBasis: "gross" | "inside"
	readonly totalPriceCny: Decimal
	readonly vatCny: Decimal | null
	readonly paymentKind: string | null
	readonly downPaymentCny: Decimal | null
	readonly presalePermitNo: string | null
	readonly handoverDueOn: LocalDate | null
	readonly clauses: readonly string[]
	/** 房款结清, or escrow receipts of at least price and settlement. */
	readonly paidInFull: boolean
	readonly invoices: readonly Invoice[]
	/** The filing first, then what amended, paid, settled, cancelled it, in order. */
	readonly events: readonly EventKey[]
}

/** 发票. */
export interface Invoice {
	readonly invoiceNo: string
	readonly totalCny: Decimal
	readonly voided: boolean
	readonly event: EventKey
}

type Filed = Line<"sales.contract-filed">
type Terms = Says<"sales.contract-filed">

const ABOUT = [
	"sales.contract-amended",
	"sales.contract-cancelled",
	"sales.paid-in-full",
	"sales.area-settled",
	"sales.application-stamped",
	"sales.identity-verified",
	"sales.purchase-cleared",
	"sales.handover-notified",
	"sales.handed-over",
	"finance.escrow-received",
	"finance.documents-ready",
] as const

/** A contract with its number, before money is counted: enough to say which was live when. */
export interface Filing {
	readonly no: string
	readonly filed: Filed
	readonly terms: Terms
	readonly status: ContractStatus
	/** Since when it is no longer live. */
	readonly endedAt: Moment | null
	readonly about: readonly Line[]
}

const numbered = (line: Line): string | null => {
	const { contractNo } = line.says as { readonly contractNo?: string }
	return contractNo === undefined ? null : normalForm(contractNo)
}

/** What amendments leave of the terms: each changes the named fields from its `time` on. */
const amended = (filed: Filed, about: readonly Line[]): Terms =>
	Object.assign({}, filed.says, ...linesOf(about, "sales.contract-amended").flatMap((line) => (surelyBefore(line, filed) ? [] : [line.says])), {
		contractNo: filed.says.contractNo,
	}) as Terms

/** The contracts of a scope as of the last of `lines`, one per number: the last filing that carries it. */
export const filings = (lines: readonly Line[], same: SameParty): readonly Filing[] => {
	const byNumber = new Map<string, Filed>()
	for (const filed of linesOf(lines, "sales.contract-filed")) byNumber.set(normalForm(filed.says.contractNo), filed)
	const about = new Map<string, Line[]>()
	for (const line of linesOf(lines, ...ABOUT)) {
		const no = numbered(line)
		if (no !== null) about.set(no, [...(about.get(no) ?? []), line])
	}
	const found = [...byNumber].map(([no, filed]) => ({ no, filed, about: about.get(no) ?? [], terms: amended(filed, about.get(no) ?? []) }))
	const transfers = linesOf(lines, "registration.transferred")
	const cancelledBy = ({ about, filed }: (typeof found)[number]) => linesOf(about, "sales.contract-cancelled").find((line) => !surelyBefore(line, filed))
	return found.map((each) => {
		const cancelled = cancelledBy(each)
		if (cancelled !== undefined) return { ...each, status: "CANCELLED", endedAt: cancelled.time }
		const { buyers } = each.terms
		const transferred = transfers.find((line) => !surelyBefore(line, each.filed) && share(same, line.says.holders, buyers))
		const next =
			transferred &&
			found
				.filter((other) => cancelledBy(other) === undefined && inOrder(other.filed, each.filed) > 0 && share(same, [other.terms.seller], buyers))
				.sort((a, b) => inOrder(a.filed, b.filed))[0]
		if (next) return { ...each, status: "SUPERSEDED", endedAt: Math.max(next.filed.time, transferred.time) as Moment }
		return { ...each, status: "LIVE", endedAt: null }
	})
}

/**
 * The contract that a receipt or invoice without a number belongs to: the one live at its `time` that has one of its payers;
 * with none or two such, null: to the unit alone (`semantics.md` §2).
 */
const contractAt = (line: Line, payers: readonly Who[], lines: readonly Line[], same: SameParty): string | null => {
	const then = filings(
		lines.filter((each) => (each.type === "sales.contract-filed" ? !surelyBefore(line, each) : each.time <= line.time)),
		same,
	).filter((each) => each.status === "LIVE" && share(same, payers, each.terms.buyers))
	return then.length === 1 ? (then[0]?.no ?? null) : null
}

/** Which contract a line about money belongs to: by its number, else by its people. */
export const contractOf = (line: Line, lines: readonly Line[], same: SameParty): string | null => {
	const { payers, buyers } = line.says as { readonly payers?: readonly Who[]; readonly buyers?: readonly Who[] }
	return numbered(line) ?? contractAt(line, payers ?? buyers ?? [], lines, same)
}

const invoicesOf = (lines: readonly Line[], same: SameParty): readonly (Invoice & { readonly contractNo: string | null })[] => {
	const voids = linesOf(lines, "sales.invoice-voided")
	return linesOf(lines, "sales.invoice-issued").map((line) => ({
		invoiceNo: line.says.invoiceNo,
		totalCny: line.says.totalCny,
		voided: voids.some((each) => normalForm(each.says.invoiceNo) === normalForm(line.says.invoiceNo) && !surelyBefore(each, line)),
		event: line.key,
		contractNo: contractOf(line, lines, same),
	}))
}

const sum = (amounts: readonly Decimal[]): bigint => amounts.reduce((total, each) => total + hundredths(each), 0n)

/** 面积差异结算: the last says what is added to the price; of two for one contract the later replaces. */
export const settledAmount = (about: readonly Line[]): bigint =>
	sum(
		linesOf(about, "sales.area-settled")
			.slice(-1)
			.map((line) => line.says.amountCny),
	)

const paidInFull = ({ terms, about }: Filing): boolean =>
	linesOf(about, "sales.paid-in-full").length > 0 ||
	sum(linesOf(about, "finance.escrow-received").map((line) => line.says.amountCny)) >= hundredths(terms.totalPriceCny) + settledAmount(about)

/** All contracts of a scope, by filing. */
export const contracts = (lines: readonly Line[], same: SameParty, filed: readonly Filing[]): readonly SaleContract[] => {
	const invoices = invoicesOf(lines, same)
	return [...filed]
		.sort((a, b) => inOrder(a.filed, b.filed))
		.map((each) => {
			const { filed, terms, about, no, status } = each
			const own = invoices.filter((invoice) => invoice.contractNo === no)
			return {
				contractNo: filed.says.contractNo,
				status,
				from: filed.from,
				kind: terms.kind,
				seller: terms.seller,
				buyers: terms.buyers,
				signedOn: terms.signedOn,
				filedAt: filed.time,
				areaM2: terms.areaM2,
				areaBasis: terms.areaBasis ?? "gross",
				totalPriceCny: terms.totalPriceCny,
				vatCny: terms.vatCny ?? null,
				paymentKind: terms.paymentKind ?? null,
				downPaymentCny: terms.downPaymentCny ?? null,
				presalePermitNo: terms.presalePermitNo ?? null,
				handoverDueOn: terms.handoverDueOn ?? null,
				clauses: terms.clauses ?? [],
				paidInFull: paidInFull(each),
				invoices: own.map(({ contractNo: _, ...invoice }) => invoice),
				events: [filed, ...about].map((line) => line.key),
			}
		})
}

/** The one live contract by which a unit is sold; the last filed of several. */
export const liveContract = (all: readonly SaleContract[]): SaleContract | null => last(all.filter((each) => each.status === "LIVE")) ?? null
