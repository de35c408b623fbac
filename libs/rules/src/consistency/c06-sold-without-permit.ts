import type { Permit, Unit } from "@yima/lifecycle"
import { normalForm, startOfDay } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy } from "../own.ts"
import { fact } from "../proof.ts"
import { type Answer, both, either, exactly, no, notAfter, onDay, precedes, type When, whenOf } from "../when.ts"
import { ownContracts } from "./sold.ts"
import { day, filed, suspect } from "./suspect.ts"

/** A permit was in force then. */
const held = (view: Unit, permit: Permit, act: When): Answer => {
	const given = lineBy(view, permit.event)
	const revoked = view.lines.find((line) => line.type === "construction.presale-revoked" && permit.events.includes(line.key))
	return both(notAfter(given === undefined ? exactly(permit.at) : whenOf(given), act), revoked === undefined ? "yes" : precedes(act, whenOf(revoked)))
}

const judge = (view: Unit): readonly Suspicion[] =>
	ownContracts(view).flatMap((contract) => {
		if (contract.kind !== "presale") return []
		const act = onDay(contract.signedOn)
		const permits = view.permits.filter((each) => each.kind === "COMPLETED_SALE" || each.kind === "PRESALE")
		const named = contract.presalePermitNo
		const counted = permits.filter((each) => each.kind === "COMPLETED_SALE" || named === null || normalForm(each.permitNo) === normalForm(named))
		const shown = counted.map((each) => `${each.permitNo} ${day(each.at)} 核发${each.revokedAt === null ? "" : `,${day(each.revokedAt)} 撤销`}`)
		return suspect({
			on: contract.contractNo,
			since: startOfDay(contract.signedOn),
			saidAt: contract.filedAt,
			if: no(either(...counted.map((each) => held(view, each, act)))),
			says: `合同 ${contract.contractNo} ${contract.signedOn} 签订,当日${named === null ? "本户没有有效的预售许可" : `所载预售许可 ${named} 对本户无效`}(${shown.join(";") || "范围内无许可"})。解除所需: 补报当日已有的许可,或更正、撤回该网签,或登记员办结`,
			parts: [
				filed(contract, ",预售"),
				fact(
					true,
					shown.length === 0 ? "没有覆盖本户的预售许可或现房销售备案" : shown.join(";"),
					counted.flatMap((each) => each.events),
				),
			],
		})
	})

export const c06: FindingRule = {
	code: "C06",
	title: "未取得预售许可即签约,或不在许可范围",
	severity: "BLOCK",
	kind: "breach",
	responsible: "住房保障中心",
	basis: "城市房地产管理法第45条;商品房买卖合同司法解释第2条",
	reads: [
		"sales.contract-filed",
		"sales.contract-amended",
		"construction.presale-permitted",
		"construction.presale-revoked",
		"construction.completed-sale-filed",
	],
	parameters: [],
	example: "5 月 1 日签订预售合同,预售许可 6 月 1 日才核发。",
	unit: judge,
}
