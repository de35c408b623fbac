import type { Invoice, Unit } from "@yima/lifecycle"
import { type Decimal, hundredths } from "@yima/schemas"
import type { ConditionRule } from "../condition.ts"
import { aboutOf, dueCny, isSold, liveOf, sumCny } from "../contract-of.ts"
import { all, type Cure, fact, type Proof } from "../proof.ts"

const isPaid = (unit: Unit): Proof => {
	const live = liveOf(unit)
	if (live === null) return isSold(unit)
	const about = aboutOf(unit, live)
	const paying = about.filter((line) => line.type === "sales.paid-in-full" || line.type === "finance.escrow-received")
	const due = dueCny(unit, live)
	return live.paidInFull
		? fact(
				true,
				`合同 ${live.contractNo} 房款 ${due} 元已结清`,
				paying.map((line) => line.key),
				paying.at(-1)?.time ?? null,
			)
		: fact(
				false,
				`合同 ${live.contractNo} 房款 ${due} 元未结清`,
				paying.map((line) => line.key),
				null,
				{
					type: "sales.paid-in-full",
					title: `结清合同 ${live.contractNo} 的房款`,
					responsible: "买受人",
				},
			)
}

const isInvoiced = (unit: Unit): Proof => {
	const live = liveOf(unit)
	if (live === null) return isSold(unit)
	const standing = live.invoices.filter((each) => !each.voided)
	const [due, billed] = [dueCny(unit, live), sumCny(standing.map((each) => each.totalCny))]
	const events = standing.map((each) => each.event)
	const times = unit.lines.filter((line) => events.includes(line.key)).map((line) => line.time)
	return due === billed
		? fact(true, `发票合计 ${billed} 元,等于应付 ${due} 元`, events, times.at(-1) ?? null)
		: fact(false, `发票合计 ${billed} 元,应付 ${due} 元`, events, null, invoicing(standing, due))
}

/** What makes the invoices come to what is due: those too many are voided, the last first, and what then is missing is issued. */
const invoicing = (standing: readonly Invoice[], due: Decimal): readonly Cure[] => {
	const total = (all: readonly Invoice[]) => hundredths(sumCny(all.map((each) => each.totalCny)))
	const kept = standing.findLast((_, n) => total(standing.slice(0, n + 1)) <= hundredths(due))
	const left = kept === undefined ? [] : standing.slice(0, standing.indexOf(kept) + 1)
	const voided = standing
		.slice(left.length)
		.map(({ invoiceNo }) => ({ type: "sales.invoice-voided", title: `红冲发票 ${invoiceNo}`, responsible: "开发企业" }) as const)
	const issued = { type: "sales.invoice-issued", title: "开具全额发票", responsible: "开发企业" } as const
	return total(left) === hundredths(due) ? voided : [...voided, issued]
}

export const U2: ConditionRule = {
	id: "U2",
	title: "房款结清,全额发票已开",
	scope: "UNIT",
	responsible: "开发企业",
	basis: "《交房即交证实施方案》三(三)",
	remedy: "买受人结清房款(含面积差异),开发企业开具全额发票",
	reads: [
		"sales.paid-in-full",
		"finance.escrow-received",
		"sales.area-settled",
		"sales.invoice-issued",
		"sales.invoice-voided",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"registration.transferred",
	],
	parameters: [],
	example: "按揭尚未放款,发票没有开足",
	after: ["U1", "U7"],
	applies: isSold,
	unit: (unit) => all("房款与发票", [isPaid(unit), isInvoiced(unit)]),
}
