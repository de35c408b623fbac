import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn, type Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { lapseOf } from "../seizure-term.ts"
import { day, suspect } from "./suspect.ts"

const judge = (view: Spatial): readonly Suspicion[] =>
	view.seizures.flatMap((seizure) => {
		const lapse = isOwn(view, seizure.scope) ? lapseOf(view, seizure) : null
		if (lapse === null) return []
		const late = seizure.idle.length === 0 ? "" : ",此后的续封无效"
		return suspect({
			on: seizure.seizureNo,
			since: lapse.at,
			says: `查封 ${seizure.seizureNo}(${seizure.court})已于 ${day(lapse.at)} 零时到期,到期前未续封${late},也没有解封文书。解除所需: 解封 ${seizure.seizureNo}`,
			parts: [
				fact(true, `查封期限届满,自动失效`, seizure.events, lapse.at),
				fact(lapse.lift === null, lapse.lift === null ? "没有解封" : `${day(lapse.lift.at)} 解封`, [], lapse.at),
			],
		})
	})

export const c10: FindingRule = {
	code: "C10",
	title: "查封到期未续封",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "查封、扣押、冻结财产的规定第27条;民事诉讼法司法解释第485条",
	reads: ["judicial.seized", "judicial.seizure-renewed", "judicial.seizure-lifted"],
	parameters: [],
	example: "查封三年届满,无人续封,也无人解封。",
	unit: judge,
	building: judge,
	parcel: judge,
}
