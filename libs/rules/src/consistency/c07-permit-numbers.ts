import { normalForm } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { ownLines, type Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { said, suspect } from "./suspect.ts"

const judge = (view: Spatial): readonly Suspicion[] =>
	ownLines(view, "construction.presale-permitted").flatMap((line) => {
		const { permitNo, landCertificateNo, worksPermitNo } = line.says
		if (view.permits.find((each) => each.event === line.key)?.revokedAt !== null) return []
		const land = view.certificates.filter((each) => each.act === "land").map((each) => ({ no: each.certificateNo, event: each.event, at: each.at }))
		const works = view.permits.filter((each) => each.kind === "WORKS").map((each) => ({ no: each.permitNo, event: each.event, at: each.at }))
		return [
			{ what: "土地证号", stated: landCertificateNo, real: land },
			{ what: "建字号", stated: worksPermitNo, real: works },
		].flatMap(({ what, stated, real }) =>
			stated === undefined || real.length === 0 || real.some((each) => normalForm(each.no) === normalForm(stated))
				? []
				: suspect({
						on: `${permitNo} ${what}`,
						says: `预售许可 ${permitNo} 所载${what} ${stated} 与本地块的 ${real.map((each) => each.no).join("、")} 不符。解除所需: 更正预售许可`,
						parts: [
							said(line, `预售许可 ${permitNo} 所载${what}: ${stated}`),
							...real.map((each) => fact(true, `本地块${what}: ${each.no}`, [each.event], each.at)),
						],
					}),
		)
	})

export const c07: FindingRule = {
	code: "C07",
	title: "预售许可所载土地证号、建字号与地块不符",
	severity: "BLOCK",
	kind: "contradiction",
	responsible: "住房保障中心",
	basis: "一码关联(本系统规则);城市房地产管理法第45条",
	reads: ["construction.presale-permitted", "construction.presale-revoked", "land.right-registered", "planning.works-permitted"],
	parameters: [],
	example: "预售许可写的建字号是另一地块的。",
	unit: judge,
	building: judge,
	parcel: judge,
}
