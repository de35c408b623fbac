import { share, type Unit } from "@yima/lifecycle"
import { hundredths } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn, lineBy } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { isOfBuyer } from "./mortgaged-since.ts"
import { liveContracts } from "./sold.ts"
import { day, filed, suspect } from "./suspect.ts"

const judge = (view: Unit, scene: Scene): readonly Suspicion[] => {
	const live = liveContracts(view)
	return view.mortgages.flatMap((mortgage) => {
		if (!mortgage.active || !isOwn(view, mortgage.scope) || (mortgage.kind !== "unit" && mortgage.kind !== "priority-notice")) return []
		// Of two flats that became one each has its own contract until they are joined (C04): the loan may be for either.
		const [its] = live
			.filter((each) => isOfBuyer(mortgage, each.buyers, scene))
			.sort((a, b) => Number(hundredths(b.totalPriceCny) - hundredths(a.totalPriceCny)))
		const contract = its ?? live[0]
		// The seller's own mortgage is no purchase loan (C13, C14).
		if (contract === undefined || live.some((each) => share(scene.same, [each.seller], [mortgage.mortgagor]))) return []
		const line = lineBy(view, mortgage.event)
		if (line === undefined) return []
		const debt = mortgage.debtCny
		const isMore = debt !== null && hundredths(debt) > hundredths(contract.totalPriceCny)
		const what = its === undefined ? "抵押人不是买受人" : `债权 ${debt ?? ""} 元超过合同总价 ${contract.totalPriceCny} 元`
		return suspect({
			on: mortgage.proofNo,
			says: `抵押 ${mortgage.proofNo} 对合同 ${contract.contractNo}: ${what}。解除所需: 更正或注销抵押 ${mortgage.proofNo}`,
			parts: [
				filed(contract, `,总价 ${contract.totalPriceCny} 元`),
				fact(its === undefined || isMore, `${day(line.time)} 抵押登记,${what}`, mortgage.events, line.time),
			],
		})
	})
}

export const c30: FindingRule = {
	code: "C30",
	title: "按揭抵押人不是买受人,或债权超过房价",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "本系统规则",
	reads: [
		"finance.mortgage-registered",
		"finance.mortgage-amended",
		"finance.mortgage-discharged",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"registration.transferred",
		"registrar.party-renamed",
	],
	parameters: [],
	example: "合同 800000 元,按揭抵押 900000 元。",
	unit: judge,
}
