import { type EventKey, type Moment, startOfDay } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn, lineBy, type Spatial } from "../own.ts"
import { fact, type Proof } from "../proof.ts"
import { exactly, onDay, type When, whenOf } from "../when.ts"
import { wasSeized } from "./seized-at.ts"
import { ownContracts } from "./sold.ts"
import { day, filed, suspect } from "./suspect.ts"

interface Act {
	readonly no: string
	readonly what: string
	readonly when: When
	readonly at: Moment
	readonly saidAt: Moment
	readonly proof: Proof
}

const actsOf = (view: Spatial): readonly Act[] => {
	const contracts = view.is === "unit" ? ownContracts(view) : []
	const transfers = view.certificates.filter((each) => each.act === "transfer" && isOwn(view, each.scope))
	return [
		...contracts.map((each) => ({
			no: each.contractNo,
			what: `合同 ${each.contractNo} ${each.signedOn} 签订`,
			when: onDay(each.signedOn),
			at: startOfDay(each.signedOn),
			saidAt: each.filedAt,
			proof: filed(each),
		})),
		...transfers.map((each) => {
			const line = lineBy(view, each.event)
			const what = `转移登记 ${each.certificateNo} ${day(each.at)} 登簿`
			return {
				no: each.certificateNo,
				what,
				when: line === undefined ? exactly(each.at) : whenOf(line),
				at: each.at,
				saidAt: each.at,
				proof: fact(true, what, [each.event as EventKey], each.at),
			}
		}),
	]
}

const judge = (view: Spatial): readonly Suspicion[] =>
	actsOf(view).flatMap((act) =>
		view.seizures.flatMap((seizure) =>
			suspect({
				on: `${act.no} ${seizure.seizureNo}`,
				since: act.at,
				saidAt: act.saidAt,
				if: wasSeized(view, seizure, act.when),
				says: `${act.what}时,${seizure.scope} 的查封 ${seizure.seizureNo}(${seizure.court})正在生效。解除所需: 更正或撤回该业务,或解封 ${seizure.seizureNo} 后登记员办结`,
				parts: [
					act.proof,
					fact(true, `查封 ${seizure.seizureNo} 自 ${day(seizure.from ?? act.at)} 至 ${day(seizure.to ?? act.at)} 生效`, seizure.events, seizure.from),
				],
			}),
		),
	)

export const c09: FindingRule = {
	code: "C09",
	title: "查封期间签约或转移",
	severity: "BLOCK",
	kind: "breach",
	responsible: "住房保障中心",
	basis: "城市房地产管理法第38条第2项;查封、扣押、冻结财产的规定第24条",
	reads: [
		"judicial.seized",
		"judicial.seizure-renewed",
		"judicial.seizure-lifted",
		"sales.contract-filed",
		"sales.contract-amended",
		"registration.transferred",
	],
	parameters: [],
	example: "宗地被查封期间,为其上的 101 签订合同。",
	unit: judge,
	building: judge,
	parcel: judge,
}
