import { share, type Unit } from "@yima/lifecycle"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { timeOf } from "../time-of.ts"
import { liveContracts } from "./sold.ts"
import { day, filed, suspect } from "./suspect.ts"

const judge = (view: Unit, { same }: Scene): readonly Suspicion[] => {
	const live = liveContracts(view)
	const merged = new Set(view.predecessors.filter((edge) => edge.kind === "MERGED").map((edge) => edge.from))
	/** The contracts of two flats that were merged both live on, and neither sells what the other sells (C04). */
	const isOfAnotherFlat = (a: (typeof live)[number], b: (typeof live)[number]) => a.from !== b.from && merged.has(a.from) && merged.has(b.from)
	const contracts = live.flatMap((later, at) => {
		const earlier = live.slice(0, at).find((each) => !isOfAnotherFlat(each, later))
		if (earlier === undefined) return []
		return suspect({
			on: later.contractNo,
			says: `合同 ${earlier.contractNo} 未撤销,又备案合同 ${later.contractNo}: 一房二卖。解除所需: 撤销其中一份的备案`,
			parts: [filed(earlier, ",有效"), filed(later, ",有效")],
		})
	})
	const notices = view.restrictions.flatMap((notice) => {
		const { holder } = notice
		if (notice.kind !== "PRIORITY_NOTICE" || !notice.active || holder === null || !isOwn(view, notice.scope)) return []
		const [contract] = live.filter((each) => !isNumbered(notice.contractNo, each))
		if (contract === undefined || live.some((each) => share(same, [holder], each.buyers))) return []
		const at = timeOf(view, notice.event) ?? contract.filedAt
		return suspect({
			on: notice.proofNo,
			clearedBy: { type: "registration.priority-notice-deregistered", title: `查清后注销预告登记 ${notice.proofNo}` },
			says: `预告登记 ${notice.proofNo} 的权利人不是合同 ${contract.contractNo} 的买受人: 一房二卖。解除所需: 注销该预告登记,或撤销该合同的备案`,
			parts: [filed(contract, ",有效"), fact(true, `预告登记 ${notice.proofNo} 于 ${day(at)} 登记,权利人另有其人`, [notice.event], at)],
		})
	})
	return [...contracts, ...notices]
}

export const c05: FindingRule = {
	code: "C05",
	title: "一房二卖",
	severity: "BLOCK",
	kind: "contradiction",
	responsible: "住房保障中心",
	basis: "商品房买卖合同司法解释第7条;民法典第221条",
	reads: [
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"registration.priority-notice-registered",
		"registration.priority-notice-deregistered",
		"registration.first-registered",
		"registration.transfer-applied",
		"registration.transferred",
		"registrar.party-renamed",
	],
	parameters: [],
	example: "101 的合同 HT1 未撤销,又为他人备案 HT2。",
	clearedBy: { type: "sales.contract-cancelled", title: "查清后撤销其中一份合同的备案" },
	unit: judge,
}
