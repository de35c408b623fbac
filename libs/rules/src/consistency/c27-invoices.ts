import { linesOf, settledAmount, type Unit } from "@yima/lifecycle"
import { fromHundredths, hundredths, type Moment } from "@yima/schemas"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { timeOf } from "../time-of.ts"
import { liveContracts } from "./sold.ts"
import { filed, suspect } from "./suspect.ts"

const judge = (view: Unit): readonly Suspicion[] =>
	liveContracts(view).flatMap((contract) => {
		const invoices = contract.invoices.filter((each) => !each.voided)
		if (invoices.length === 0) return []
		const about = linesOf(view.lines, "sales.area-settled").filter((line) => isNumbered(line.says.contractNo, contract))
		const due = hundredths(contract.totalPriceCny) + settledAmount(about)
		const sum = invoices.reduce((total, each) => total + hundredths(each.totalCny), 0n)
		const events = [...invoices.map((each) => each.event), ...about.map((line) => line.key)]
		const since = Math.max(...events.map((key) => timeOf(view, key) ?? contract.filedAt)) as Moment
		return suspect({
			on: contract.contractNo,
			says: `合同 ${contract.contractNo} 应开发票 ${fromHundredths(due)} 元(总价 ${contract.totalPriceCny} 元,面积差异结算 ${fromHundredths(due - hundredths(contract.totalPriceCny))} 元),有效发票 ${invoices.map((each) => each.invoiceNo).join("、")} 合计 ${fromHundredths(sum)} 元。解除所需: 补开或红冲发票,或变更合同`,
			parts: [
				filed(contract, `,总价 ${contract.totalPriceCny} 元`),
				fact(sum !== due, `发票合计 ${fromHundredths(sum)} 元,应为 ${fromHundredths(due)} 元`, events, since),
			],
		})
	})

export const c27: FindingRule = {
	code: "C27",
	title: "发票金额与合同价款不等",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "税务局",
	basis: "本系统规则(全额发票)",
	reads: [
		"sales.invoice-issued",
		"sales.invoice-voided",
		"sales.area-settled",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"registration.transferred",
	],
	parameters: [],
	example: "合同 800000 元,发票 799999.99 元。",
	unit: judge,
}
