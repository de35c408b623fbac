import { linesOf, type Unit } from "@yima/lifecycle"
import { normalForm, startOfDay } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import type { Proof } from "../proof.ts"
import { ownContracts } from "./sold.ts"
import { rowOf } from "./survey-row.ts"
import { filed, said, suspect } from "./suspect.ts"

const judge = (view: Unit): readonly Suspicion[] => {
	const row = rowOf(view, view.measuredBy)
	const defence = view.civilDefence === true && row !== null ? [said(row.line, `测绘成果 ${row.line.says.surveyNo} 注明人防`)] : []
	const names = [view.code, ...(view.address === null ? [] : [view.address])].map(normalForm)
	const common = linesOf(view.lines, "registration.first-registered").flatMap((line) =>
		(line.says.commonParts ?? []).some((part) => names.includes(normalForm(part))) ? [said(line, `首次登记 ${line.says.certificateNo} 列为业主共有`)] : [],
	)
	const because: readonly Proof[] = [...defence, ...common]
	if (because.length === 0) return []
	return ownContracts(view).flatMap((contract) =>
		suspect({
			on: contract.contractNo,
			since: startOfDay(contract.signedOn),
			saidAt: contract.filedAt,
			says: `合同 ${contract.contractNo} 出售的 ${view.code} 是${defence.length > 0 ? "人防" : "业主共有"}部位。解除所需: 更正或撤回该网签,或登记员办结`,
			parts: [filed(contract), ...because],
		}),
	)
}

export const c33: FindingRule = {
	code: "C33",
	title: "出售人防或业主共有的车位",
	severity: "BLOCK",
	kind: "breach",
	responsible: "住房保障中心",
	basis: "民法典第275条",
	reads: ["survey.measured", "registration.first-registered", "sales.contract-filed", "sales.contract-amended", "survey.predicted"],
	parameters: [],
	example: "实测注明人防的车位被网签。",
	unit: judge,
}
