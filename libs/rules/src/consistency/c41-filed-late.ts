import type { Unit } from "@yima/lifecycle"
import { filingDueAt } from "../filing-limit.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { ownContracts } from "./sold.ts"
import { day, suspect } from "./suspect.ts"

const judge = (view: Unit): readonly Suspicion[] =>
	ownContracts(view).flatMap((contract) => {
		const due = filingDueAt(contract.signedOn)
		return suspect({
			on: contract.contractNo,
			since: contract.filedAt,
			says: `合同 ${contract.contractNo} ${contract.signedOn} 签订,${day(contract.filedAt)} 才备案,超过三十日。解除所需: 更正签订日期,或登记员办结`,
			parts: [fact(contract.filedAt >= due, `应于 ${day(due)} 零时前备案,${day(contract.filedAt)} 备案`, contract.events.slice(0, 1), contract.filedAt)],
		})
	})

export const c41: FindingRule = {
	code: "C41",
	title: "逾三十日备案",
	severity: "NOTE",
	kind: "breach",
	responsible: "住房保障中心",
	basis: "城市房地产开发经营管理条例第26条",
	reads: ["sales.contract-filed", "sales.contract-amended"],
	parameters: [],
	example: "5 月 1 日签订,6 月 1 日才备案。",
	unit: judge,
}
