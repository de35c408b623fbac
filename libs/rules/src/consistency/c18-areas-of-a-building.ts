import type { Building } from "@yima/lifecycle"
import { type Decimal, fromHundredths, hundredths } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { ownLines } from "../own.ts"
import { fact, type Proof } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { isBeyond } from "./beyond.ts"
import { orphansOf, permittedOf, rollOf } from "./roll.ts"
import { said, suspect } from "./suspect.ts"

const judge = (view: Building, { ruleSet }: Scene): readonly Suspicion[] => {
	const measured = rollOf(view, "survey.measured")
	const [first] = measured
	const permitted = permittedOf(view)
	// While a unit or its area is missing there is no sum.
	if (first === undefined || measured.some((each) => each.areaM2 === null) || orphansOf(view).length > 0 || measured.length < (permitted?.unitCount ?? 0))
		return []
	const sum = measured.reduce((total, each) => total + hundredths(each.areaM2 ?? ("0.00" as Decimal)), 0n)
	const latest = measured.map((each) => each.line).sort((a, b) => b.time - a.time)[0] ?? first.line
	// A filing for several buildings states the area of all of them.
	const completed = ownLines(view, "construction.completion-filed").filter((line) => line.says.floorAreaM2 !== undefined && line.says.buildings === undefined)
	const others: readonly { readonly what: string; readonly areaM2: Decimal; readonly proof: Proof }[] = [
		...(permitted === null || permitted.areaM2 === null
			? []
			: [
					{
						what: `规划许可 ${permitted.permitNo}`,
						areaM2: permitted.areaM2,
						proof: said(permitted.line, `规划许可 ${permitted.permitNo}: ${permitted.areaM2} ㎡`),
					},
				]),
		...completed.slice(-1).map((line) => ({
			what: `竣工备案 ${line.says.filingNo}`,
			areaM2: line.says.floorAreaM2 as Decimal,
			proof: said(line, `竣工备案 ${line.says.filingNo}: ${line.says.floorAreaM2} ㎡`),
		})),
	]
	return others.flatMap(({ what, areaM2, proof }) =>
		suspect({
			on: what,
			says: `本幢各户实测面积之和 ${fromHundredths(sum)} ㎡,${what}载 ${areaM2} ㎡,相差超过 ${ruleSet.sumTolerance}%。解除所需: 更正其中不实的一方`,
			parts: [
				fact(
					isBeyond(sum - hundredths(areaM2), hundredths(areaM2), ruleSet.sumTolerance),
					`${measured.length} 户实测面积之和 ${fromHundredths(sum)} ㎡`,
					[...new Set(measured.map((each) => each.line.key))],
					latest.time,
				),
				proof,
			],
		}),
	)
}

export const c18: FindingRule = {
	code: "C18",
	title: "各户面积之和与规划许可、竣工备案不符",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "自然资源和规划局",
	basis: "城乡规划法第64条",
	reads: [
		"survey.predicted",
		"survey.measured",
		"planning.works-permitted",
		"planning.permit-amended",
		"planning.permit-revoked",
		"construction.completion-filed",
		"planning.permit-extended",
		"construction.started",
	],
	parameters: ["sumTolerance"],
	example: "规划许可 1 幢 8000 ㎡,各户实测之和 8200 ㎡。",
	building: judge,
}
