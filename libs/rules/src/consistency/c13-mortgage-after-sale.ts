import type { Unit } from "@yima/lifecycle"
import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { exactly, precedes, whenOf } from "../when.ts"
import { isOfBuyer, mortgagedSince } from "./mortgaged-since.ts"
import { liveContracts } from "./sold.ts"
import { day, filed, suspect } from "./suspect.ts"

const judge = (view: Unit, scene: Scene): readonly Suspicion[] => {
	const live = liveContracts(view)
	return view.mortgages.flatMap((mortgage) => {
		if (!mortgage.active || live.some((each) => isOfBuyer(mortgage, each.buyers, scene))) return []
		const [contract] = live
		if (contract === undefined) return []
		const filing = lineBy(view, contract.events[0] ?? null)
		const since = mortgagedSince(view, mortgage)
		return suspect({
			on: mortgage.proofNo,
			if: precedes(filing === undefined ? exactly(contract.filedAt) : whenOf(filing), since),
			says: `合同 ${contract.contractNo} ${day(contract.filedAt)} 备案后,${day(since.first)} 又登记非买受人的抵押 ${mortgage.proofNo}(${mortgage.scope})。解除所需: 注销抵押 ${mortgage.proofNo},或抵押变更除去本户`,
			parts: [filed(contract, ",有效"), fact(true, `抵押 ${mortgage.proofNo} ${day(since.first)} 起及于本户,未注销`, mortgage.events, since.first)],
		})
	})
}

export const c13: FindingRule = {
	code: "C13",
	title: "售出后又为开发企业抵押",
	severity: "BLOCK",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "河南省城市房地产开发经营管理条例第28条(2010年文本)",
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
	example: "101 的合同备案之后,开发企业又以 101 抵押贷款。",
	clearedBy: { type: "finance.mortgage-discharged", title: "注销抵押,或变更抵押范围除去本户" },
	unit: judge,
}
