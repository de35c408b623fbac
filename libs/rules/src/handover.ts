import { type Line, linesOf, type SaleContract, type Unit } from "@yima/lifecycle"
import { normalForm, surelyBefore } from "@yima/schemas"
import { lineBy } from "./own.ts"

/** 交房 under a contract; one that names none belongs to the contract that was filed by then. */
export const handoverOf = (unit: Unit, contract: SaleContract): Line<"sales.handed-over"> | undefined => {
	const filed = lineBy(unit, contract.events[0] ?? null)
	return linesOf(unit.lines, "sales.handed-over").find((line) =>
		line.says.contractNo === undefined
			? filed !== undefined && !surelyBefore(line, filed)
			: normalForm(line.says.contractNo) === normalForm(contract.contractNo),
	)
}
