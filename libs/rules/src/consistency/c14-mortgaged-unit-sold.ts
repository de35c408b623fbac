import { linesOf, type Unit } from "@yima/lifecycle"
import { normalForm } from "@yima/schemas"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { handoverOf } from "../handover.ts"
import { lineBy } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { exactly, precedes, whenOf } from "../when.ts"
import { isOfBuyer, mortgagedSince } from "./mortgaged-since.ts"
import { liveContracts } from "./sold.ts"
import { day, filed, said, suspect } from "./suspect.ts"

const judge = (view: Unit, scene: Scene): readonly Suspicion[] =>
	liveContracts(view).flatMap((contract, _, live) => {
		const filing = lineBy(view, contract.events[0] ?? null)
		const handover = handoverOf(view, contract)
		return view.mortgages.flatMap((mortgage) => {
			if (!mortgage.active || mortgage.consentedAt !== null || live.some((each) => isOfBuyer(mortgage, each.buyers, scene))) return []
			const notices = linesOf(view.lines, "finance.sale-notified").filter(
				({ says }) => normalForm(says.proofNo) === normalForm(mortgage.proofNo) && (says.contractNo === undefined || isNumbered(says.contractNo, contract)),
			)
			const isNotified = notices.some((line) => line.says.toBuyer !== false)
			if (isNotified && handover === undefined) return []
			const since = mortgagedSince(view, mortgage)
			const what = isNotified ? "已书面告知" : notices.length > 0 ? "未告知买受人" : "未书面告知抵押权人和买受人"
			return suspect({
				on: `${contract.contractNo} ${mortgage.proofNo}`,
				if: precedes(since, filing === undefined ? exactly(contract.filedAt) : whenOf(filing)),
				...(handover === undefined ? {} : { severity: "BLOCK" as const }),
				says: `抵押 ${mortgage.proofNo}(${mortgage.scope})未注销,合同 ${contract.contractNo} 即售出,${what}${handover === undefined ? "" : `,${handover.says.handedOverOn} 交房时仍未解除`}。解除所需: 注销抵押 ${mortgage.proofNo},或抵押权人同意销售`,
				parts: [
					fact(true, `抵押 ${mortgage.proofNo} 自 ${day(since.first)} 及于本户,未注销`, mortgage.events, since.first),
					filed(contract),
					...notices.map((line) => said(line, line.says.toBuyer === false ? "告知书注明未告知买受人" : "已书面告知")),
					...(handover === undefined ? [] : [said(handover, `${handover.says.handedOverOn} 交房`)]),
				],
			})
		})
	})

export const c14: FindingRule = {
	code: "C14",
	title: "带抵押销售未书面告知,或交房时未解除",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "住房保障中心",
	basis: "河南省城市房地产开发经营管理条例第28条(2010年文本);民法典第406条",
	reads: [
		"finance.mortgage-registered",
		"finance.mortgage-amended",
		"finance.mortgage-discharged",
		"finance.sale-consented",
		"finance.sale-notified",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"sales.handed-over",
		"registration.transferred",
		"registrar.party-renamed",
	],
	parameters: [],
	example: "在建工程抵押未注销,网签时没有告知银行和买受人。",
	clearedBy: { type: "finance.mortgage-discharged", title: "注销抵押或取得同意" },
	unit: judge,
}
