import { type Line, linesOf, type SaleContract, type Unit } from "@yima/lifecycle"
import { normalForm, surelyBefore } from "@yima/schemas"

/** 交房 under a contract; one that names none belongs to the contract that was filed by then. */
export const handoverOf = (unit: Unit, contract: SaleContract): Line<"sales.handed-over"> | undefined => {
	const filed = unit.lines.find((line) => line.key === contract.events[0])
	return linesOf(unit.lines, "sales.handed-over").find((line) =>
		line.says.contractNo === undefined
			? filed !== undefined && !surelyBefore(line, filed)
			: normalForm(line.says.contractNo) === normalForm(contract.contractNo),
	)
}
