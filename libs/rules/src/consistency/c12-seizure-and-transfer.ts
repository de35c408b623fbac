import { linesOf } from "@yima/lifecycle"
import { normalForm, parseMoment } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy, ownLines, type Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { both, exactly, notAfter, precedes, whenOf } from "../when.ts"
import { wasOpen } from "./seized-at.ts"
import { day, said, suspect } from "./suspect.ts"

const judge = (view: Spatial): readonly Suspicion[] =>
	ownLines(view, "registration.transferred").flatMap((transfer) => {
		const act = whenOf(transfer)
		const { applicationNo } = transfer.says
		const application = linesOf(view.lines, "registration.transfer-applied")
			.filter((each) => (applicationNo === undefined ? each.time <= transfer.time : normalForm(each.says.applicationNo) === normalForm(applicationNo)))
			.at(-1)
		return view.seizures.flatMap((seizure) => {
			const line = lineBy(view, seizure.event)
			if (line?.type !== "judicial.seized") return []
			const { servedAt } = line.says as { readonly servedAt?: string }
			const served = servedAt === undefined ? null : parseMoment(servedAt)
			const arrived = served === null ? whenOf(line) : exactly(served)
			const stopped =
				application === undefined || (seizure.kind === "waiting" && (seizure.from === null || seizure.from > transfer.time))
					? []
					: suspect({
							on: `${transfer.says.certificateNo} ${seizure.seizureNo}`,
							since: transfer.time,
							if: both(notAfter(whenOf(application), arrived), precedes(arrived, act), wasOpen(view, seizure, act)),
							says: `转移登记 ${day(application.time)} 受理后、登簿前,查封 ${seizure.seizureNo}(${seizure.court})送达,应停止办理,却于 ${day(transfer.time)} 登簿。解除所需: 更正或撤回该登记,或登记员办结`,
							parts: [
								said(application, `${day(application.time)} 受理 ${application.says.applicationNo}`),
								fact(true, `查封 ${seizure.seizureNo} ${day(served ?? line.time)} 送达`, seizure.events, line.time),
								said(transfer, `${day(transfer.time)} 登簿 ${transfer.says.certificateNo}`),
							],
						})
			// Whose debt a seizure is for is not said; only a pre-seizure is surely of what was not the holder's yet.
			const late =
				seizure.kind !== "pre-seizure"
					? []
					: suspect({
							on: `${transfer.says.certificateNo} ${seizure.seizureNo}`,
							since: line.time,
							if: precedes(act, arrived),
							says: `已于 ${day(transfer.time)} 登簿给买受人,此后仍登记预查封 ${seizure.seizureNo}(${seizure.court})。解除所需: 更正或撤回该预查封,或登记员办结`,
							parts: [said(transfer, `${day(transfer.time)} 登簿 ${transfer.says.certificateNo}`), said(line, `${day(line.time)} 预查封 ${seizure.seizureNo}`)],
						})
			return [...stopped, ...late]
		})
	})

export const c12: FindingRule = {
	code: "C12",
	title: "受理后送达的查封未停止登簿,或登簿后预查封",
	severity: "BLOCK",
	kind: "breach",
	responsible: "不动产登记中心",
	basis: "查封、扣押、冻结财产的规定第23条",
	reads: ["registration.transfer-applied", "registration.transferred", "judicial.seized", "judicial.seizure-renewed", "judicial.seizure-lifted"],
	parameters: [],
	example: "5 月 1 日受理转移登记,5 月 2 日查封送达,5 月 3 日仍登簿。",
	unit: judge,
	building: judge,
	parcel: judge,
}
