import { linesOf, type Unit } from "@yima/lifecycle"
import { type Decimal, fromHundredths, hundredths, type Moment, normalForm } from "@yima/schemas"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import { liveContracts } from "./sold.ts"
import { filed, said, suspect } from "./suspect.ts"

const judge = (view: Unit): readonly Suspicion[] =>
	liveContracts(view)
		.filter((contract) => contract.kind === "presale")
		.flatMap((contract) => {
			const permits = linesOf(view.lines, "construction.presale-permitted").filter(
				({ says, fact: { reach } }) =>
					reach !== "here" &&
					says.escrowAccount !== undefined &&
					(contract.presalePermitNo === null || normalForm(contract.presalePermitNo) === normalForm(says.permitNo)),
			)
			const money = linesOf(view.lines, "finance.escrow-received", "sales.paid-in-full").filter((line) => isNumbered(line.says.contractNo, contract))
			const accounts = permits.map((line) => line.says.escrowAccount ?? "")
			const elsewhere = money.flatMap((line) => {
				const { account } = line.says
				if (account === undefined || permits.length === 0 || accounts.some((each) => normalForm(each) === normalForm(account))) return []
				return suspect({
					on: line.key,
					says: `合同 ${contract.contractNo} 的 ${line.says.amountCny} 元进了账户 ${account},监管账户是 ${accounts.join("、")}。解除所需: 更正到账,款项转入监管账户`,
					parts: [
						said(line, `${line.says.amountCny} 元进账户 ${account}`),
						...permits.map((each) => said(each, `预售许可 ${each.says.permitNo} 的监管账户 ${each.says.escrowAccount ?? ""}`)),
					],
				})
			})
			const received = linesOf(money, "finance.escrow-received")
			const { downPaymentCny } = contract
			if (downPaymentCny === null || received.length === 0 || contract.paidInFull) return elsewhere
			const sum = received.reduce((total, line) => total + hundredths(line.says.amountCny as Decimal), 0n)
			const down = suspect({
				on: `${contract.contractNo} 首付`,
				says: `合同 ${contract.contractNo} 首付 ${downPaymentCny} 元,监管账户实收 ${fromHundredths(sum)} 元。解除所需: 首付到账,或合同变更备案`,
				parts: [
					filed(contract, `,首付 ${downPaymentCny} 元`),
					fact(
						sum < hundredths(downPaymentCny),
						`实收 ${fromHundredths(sum)} 元`,
						received.map((line) => line.key),
						Math.max(...received.map((line) => line.time)) as Moment,
					),
				],
			})
			return [...elsewhere, ...down]
		})

export const c44: FindingRule = {
	code: "C44",
	title: "房款未入监管账户,或首付不足",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "住房保障中心",
	basis: "城市房地产管理法第45条第3款",
	reads: [
		"construction.presale-permitted",
		"finance.escrow-received",
		"sales.paid-in-full",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"sales.area-settled",
		"registration.transferred",
	],
	parameters: [],
	example: "首付款进了开发企业自己的账户。",
	unit: judge,
}
