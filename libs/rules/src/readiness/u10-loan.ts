import { linesOf, share, type Unit } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { aboutOf, isSold, liveOf, termOf } from "../contract-of.ts"
import { all, any, fact, type Proof } from "../proof.ts"
import { later, timeOf } from "../time-of.ts"

const LOANS = ["loan", "housing-fund-loan", "mixed"]

const isLoan = (unit: Unit): Proof => {
	const live = liveOf(unit)
	if (live === null) return isSold(unit)
	const hasLoan = live.paymentKind !== null && LOANS.includes(live.paymentKind)
	const said = termOf(unit, live, "paymentKind")
	return all("以贷款购房", [isSold(unit), fact(hasLoan, hasLoan ? "付款方式为贷款" : "付款方式不是贷款", [said.key], said.time)])
}

export const U10: ConditionRule = {
	id: "U10",
	title: "按揭材料齐备或抵押已登记",
	scope: "UNIT",
	responsible: "贷款银行",
	basis: "《民法典》第四百零二条",
	remedy: "银行备齐抵押材料,或办理抵押(预告)登记",
	reads: [
		"finance.documents-ready",
		"finance.mortgage-registered",
		"finance.mortgage-amended",
		"finance.mortgage-discharged",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"registration.transferred",
	],
	parameters: [],
	example: "银行没有送来抵押合同",
	after: ["U1"],
	applies: isLoan,
	unit: (unit, { same }) => {
		const live = liveOf(unit)
		if (live === null) return isSold(unit)
		const ready = linesOf(aboutOf(unit, live), "finance.documents-ready").at(0)
		const mortgage = unit.mortgages.find(
			(each) => (each.kind === "unit" || each.kind === "priority-notice") && each.active && share(same, [each.mortgagor], live.buyers),
		)
		return any("按揭已备", [
			ready === undefined
				? fact(false, "按揭材料未齐备", [], null, { type: "finance.documents-ready", title: "备齐按揭材料" })
				: fact(true, "按揭材料齐备", [ready.key], ready.time),
			mortgage === undefined
				? fact(false, "买受人的抵押未登记")
				: fact(true, `买受人的抵押已登记 ${mortgage.proofNo}`, [mortgage.event], later(timeOf(unit, mortgage.event), termOf(unit, live, "buyers").time)),
		])
	},
}
