import type { Unit } from "@yima/lifecycle"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { registeredBy, registrationDueAt, registrationStart } from "../registration-limit.ts"
import type { Scene } from "../scene.ts"
import { liveContracts } from "./sold.ts"
import { day, filed, suspect } from "./suspect.ts"

const judge = (view: Unit, { asOf, ruleSet, same }: Scene): readonly Suspicion[] =>
	liveContracts(view).flatMap((contract) => {
		const start = registrationStart(view, contract)
		if (start === null) return []
		const due = registrationDueAt(start.at, ruleSet.registrationLimitDays)
		return suspect({
			on: contract.contractNo,
			since: due,
			says: `合同 ${contract.contractNo} ${day(start.at)} ${contract.kind === "presale" ? "交房" : "签订"},${ruleSet.registrationLimitDays} 日内未转移登记。解除所需: 转移登记`,
			parts: [
				filed(contract),
				fact(due <= asOf, `自 ${day(start.at)} 起 ${ruleSet.registrationLimitDays} 日,${day(due)} 零时届满`, [start.event], due),
				fact(registeredBy(view, contract, same) === undefined, "没有转移登记给其买受人", [], due),
			],
		})
	})

export const c43: FindingRule = {
	code: "C43",
	title: "逾期未办转移登记",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "商品房买卖合同司法解释第14条、第15条",
	reads: [
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"sales.handed-over",
		"registration.transferred",
		"registration.corrected",
		"registration.deregistered",
		"registrar.party-renamed",
	],
	parameters: ["registrationLimitDays"],
	example: "交房已满一年,仍未转移登记。",
	due: (view, { ruleSet }) =>
		liveContracts(view).flatMap((contract) => {
			const start = registrationStart(view, contract)
			return start === null ? [] : [registrationDueAt(start.at, ruleSet.registrationLimitDays)]
		}),
	unit: judge,
}
