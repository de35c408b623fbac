import type { Unit } from "@yima/lifecycle"
import { parcelOfCode } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import type { Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { straysOf } from "./led-astray.ts"
import { day, suspect } from "./suspect.ts"

const TYPES: ReadonlySet<string> = new Set(["registration.first-registered", "registration.transfer-applied", "registration.transferred"])
const KINDS: ReadonlySet<string> = new Set(["contract-no", "application-no"])

const judge = (view: Spatial | Unit): readonly Suspicion[] =>
	view.doubts.flatMap((doubt) => {
		if (doubt.fact.reach === "astray" || !TYPES.has(doubt.fact.type)) return []
		return straysOf(view, doubt)
			.filter((each) => KINDS.has(each.kind) && each.codes.every((code) => parcelOfCode(code) !== parcelOfCode(view.code)))
			.flatMap((each) =>
				suspect({
					on: each.value,
					says: `${day(doubt.fact.time)} 的登记在 ${view.code},其${each.kind === "contract-no" ? "合同" : "受理号"} ${each.value} 却属另一宗地的 ${each.codes.join("、")}。解除所需: 更正登记的代码或号码`,
					parts: [
						fact(true, `登记在宗地 ${parcelOfCode(view.code) ?? ""}`, [doubt.event], doubt.fact.time),
						fact(true, `${each.value} 属 ${each.codes.join("、")}`, [], doubt.fact.time),
					],
				}),
			)
	})

export const c35: FindingRule = {
	code: "C35",
	title: "登记与合同不在同一宗地",
	severity: "BLOCK",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "一码关联(本系统规则)",
	reads: ["registration.first-registered", "registration.transfer-applied", "registration.transferred"],
	parameters: [],
	onRetired: true,
	example: "合同 HT1 在甲地 101,转移登记申请却登在乙地 101。",
	unit: judge,
	building: judge,
	parcel: judge,
}
