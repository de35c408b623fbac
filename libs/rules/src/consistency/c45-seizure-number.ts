import { normalForm } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { ownLines, type Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { disputedOf } from "./disputed.ts"
import { day, said, suspect } from "./suspect.ts"

const judge = (view: Spatial): readonly Suspicion[] => {
	const elsewhere = view.doubts.flatMap((doubt) =>
		disputedOf(view, doubt)
			.filter((each) => each.kind === "seizure-no")
			.flatMap((each) =>
				suspect({
					on: each.value,
					since: doubt.fact.time,
					says: `查封文号 ${each.value} 在别处另行查封,并非续封。解除所需: 更正文号,或登记员办结`,
					parts: [fact(true, `${day(doubt.fact.time)} 以 ${each.value} 查封 ${view.code},别处也用此号`, [doubt.event], doubt.fact.time)],
				}),
			),
	)
	const seized = ownLines(view, "judicial.seized")
	const here = seized.flatMap((line, at) => {
		const { seizureNo, caseNo } = line.says
		const earlier = seized
			.slice(0, at)
			.find(
				({ says }) =>
					normalForm(says.seizureNo) === normalForm(seizureNo) &&
					caseNo !== undefined &&
					says.caseNo !== undefined &&
					normalForm(says.caseNo) !== normalForm(caseNo),
			)
		return earlier === undefined || elsewhere.some((each) => normalForm(each.on) === normalForm(seizureNo))
			? []
			: suspect({
					on: seizureNo,
					since: line.time,
					says: `查封文号 ${seizureNo} 用于两个案件: ${earlier.says.caseNo ?? ""} 与 ${caseNo ?? ""}。解除所需: 更正文号,或登记员办结`,
					parts: [
						said(earlier, `${day(earlier.time)} ${seizureNo}: ${earlier.says.caseNo ?? ""}`),
						said(line, `${day(line.time)} ${seizureNo}: ${caseNo ?? ""}`),
					],
				})
	})
	return [...elsewhere, ...here]
}

export const c45: FindingRule = {
	code: "C45",
	title: "查封文号重复",
	severity: "HOLD",
	kind: "breach",
	responsible: "人民法院",
	basis: "本系统规则(查封文号是否重复)",
	reads: ["judicial.seized"],
	parameters: [],
	onRetired: true,
	example: "两个案件用了同一个查封文号。",
	unit: judge,
	building: judge,
	parcel: judge,
}
