import { type Line, linesOf, liveContract, type SaleContract, settledAmount, type Unit } from "@yima/lifecycle"
import { type Decimal, fromHundredths, hundredths, normalForm, surelyBefore } from "@yima/schemas"
import { fact, type Proof } from "./proof.ts"

/** The contract by which a unit is sold (有效合同); of two, the one that was filed last. */
export const liveOf = ({ contracts }: Pick<Unit, "contracts">): SaleContract | null => liveContract(contracts)

/** Whether the unit is sold, as the reason for which a condition of its contract is asked at all. */
export const isSold = (unit: Unit): Proof => {
	const live = liveOf(unit)
	return live === null ? fact(false, "没有有效的买卖合同") : fact(true, `有效合同 ${live.contractNo}`, live.events.slice(0, 1), live.filedAt)
}

/** The lines of what was said about a contract. */
export const aboutOf = ({ lines }: Pick<Unit, "lines">, { events }: SaleContract): readonly Line[] => {
	const keys = new Set(events)
	return lines.filter((line) => keys.has(line.key))
}

/** The filing or the amendment by which a contract says what it says of a term; of one that it never states, the filing. */
export const termOf = (unit: Pick<Unit, "lines">, live: SaleContract, term: keyof Line<"sales.contract-amended">["says"]): Line => {
	const about = aboutOf(unit, live)
	const [filed] = linesOf(about, "sales.contract-filed")
	const stating = linesOf(about, "sales.contract-filed", "sales.contract-amended").filter(
		(line) => line.says[term] !== undefined && !(filed !== undefined && surelyBefore(line, filed)),
	)
	return (stating.at(-1) ?? filed) as Line
}

/** Whether a number that a document states is this contract's. */
export const isNumbered = (no: string | null | undefined, { contractNo }: SaleContract): boolean =>
	no !== null && no !== undefined && normalForm(no) === normalForm(contractNo)

/** 应付总额: the price with what the settlement of areas adds or takes off. */
export const dueCny = (unit: Unit, contract: SaleContract): Decimal =>
	fromHundredths(hundredths(contract.totalPriceCny) + settledAmount(aboutOf(unit, contract)))

export const sumCny = (amounts: readonly Decimal[]): Decimal => fromHundredths(amounts.reduce((total, each) => total + hundredths(each), 0n))
