import type { Line } from "@yima/lifecycle"
import { normalForm } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { ownLines, type Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { disputedOf } from "./disputed.ts"
import { day, said, suspect } from "./suspect.ts"

const KINDS: ReadonlySet<string> = new Set(["certificate-no", "proof-no"])

/** 不动产权证 is a certificate, 不动产证明 a proof. */
const WRONG = { certificateNo: "不动产证明", proofNo: "不动产权第" } as const

const numbersOf = (view: Spatial): readonly { readonly line: Line; readonly field: keyof typeof WRONG; readonly no: string }[] => [
	...ownLines(view, "land.right-registered", "registration.first-registered", "registration.transferred").map((line) => ({
		line: line as Line,
		field: "certificateNo" as const,
		no: line.says.certificateNo,
	})),
	...ownLines(
		view,
		"finance.mortgage-registered",
		"registration.priority-notice-registered",
		"registration.objected",
		"registration.residence-right-registered",
	).map((line) => ({ line: line as Line, field: "proofNo" as const, no: line.says.proofNo })),
]

const judge = (view: Spatial): readonly Suspicion[] => {
	const numbers = numbersOf(view)
	const elsewhere = view.doubts.flatMap((doubt) =>
		disputedOf(view, doubt)
			.filter((each) => KINDS.has(each.kind))
			.flatMap((each) =>
				suspect({
					on: each.value,
					says: `证号 ${each.value} 另有一处不动产在用。解除所需: 更正其中误用的证号`,
					parts: [fact(true, `${day(doubt.fact.time)} 在 ${view.code} 以 ${each.value} 登记,别处也以此号登记`, [doubt.event], doubt.fact.time)],
				}),
			),
	)
	const here = numbers.flatMap(({ line, no }, at) => {
		const earlier = numbers.slice(0, at).find((each) => normalForm(each.no) === normalForm(no))
		return earlier === undefined
			? []
			: suspect({
					on: no,
					says: `证号 ${no} 在 ${view.code} 用于两次登记(${day(earlier.line.time)}、${day(line.time)})。解除所需: 更正其中误用的证号`,
					parts: [said(earlier.line, `${day(earlier.line.time)} 登记 ${no}`), said(line, `${day(line.time)} 又登记 ${no}`)],
				})
	})
	const wrong = numbers
		.filter(({ field, no }) => normalForm(no).includes(WRONG[field]))
		.flatMap(({ line, field, no }) =>
			suspect({
				on: `${no} 种类`,
				says: `${field === "certificateNo" ? "不动产权证" : "不动产登记证明"}的号码写成 ${no}: 证书与证明混用。解除所需: 更正证号`,
				parts: [said(line, `${day(line.time)} 登记 ${no}`)],
			}),
		)
	return [...elsewhere, ...here.filter((each) => !elsewhere.some((other) => normalForm(other.on) === normalForm(each.on))), ...wrong]
}

export const c37: FindingRule = {
	code: "C37",
	title: "证号重复,或证书与证明混用",
	severity: "BLOCK",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "不动产权证号编制规则(待核实);本系统规则",
	reads: [
		"land.right-registered",
		"registration.first-registered",
		"registration.transferred",
		"finance.mortgage-registered",
		"registration.priority-notice-registered",
		"registration.objected",
		"registration.residence-right-registered",
	],
	parameters: [],
	onRetired: true,
	example: "101 与 102 的转移登记用了同一个证号。",
	unit: judge,
	building: judge,
	parcel: judge,
}
