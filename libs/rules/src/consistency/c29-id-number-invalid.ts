import type { View, Who } from "@yima/lifecycle"
import { type EventKey, normalForm, TYPE_NAMES } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn, lineBy } from "../own.ts"
import { fact } from "../proof.ts"
import { suspect } from "./suspect.ts"

const FIELDS = ["grantee", "holder", "developer", "seller", "mortgagee", "mortgagor", "objector", "holders", "buyers", "payers"] as const

/** What amendments and corrections have replaced is read from the view, not from the first word. */
const RESTATED: ReadonlySet<string> = new Set([
	"sales.contract-filed",
	"sales.contract-amended",
	"registration.first-registered",
	"registration.transferred",
	"registration.corrected",
	"land.right-registered",
	"finance.mortgage-registered",
	"finance.mortgage-amended",
])

interface Stated {
	readonly what: string
	readonly event: EventKey
	readonly parties: readonly Who[]
}

const statedIn = (view: View): readonly Stated[] => {
	const lines = view.lines
		.filter((line) => isOwn(view, line.from) && !RESTATED.has(line.type))
		.map((line) => {
			const says = line.says as Readonly<Record<string, Who | readonly Who[] | undefined>>
			return { what: `事件 ${line.key}`, event: line.key, parties: FIELDS.flatMap((field) => says[field] ?? []) }
		})
	if (!("certificates" in view)) return lines
	const certificates = view.certificates
		.filter((each) => each.inForce && isOwn(view, each.scope))
		.map((each) => ({ what: `证书 ${each.certificateNo}`, event: each.event, parties: each.holders }))
	const mortgages = view.mortgages
		.filter((each) => each.active && isOwn(view, each.scope))
		.map((each) => ({ what: `抵押 ${each.proofNo}`, event: each.event, parties: [each.mortgagee, each.mortgagor] }))
	const contracts =
		view.is === "unit"
			? view.contracts
					.filter((each) => each.status === "LIVE" && isOwn(view, each.from))
					.map((each) => ({ what: `合同 ${each.contractNo}`, event: each.events[0] as EventKey, parties: [each.seller, ...each.buyers] }))
			: []
	return [...lines, ...certificates, ...mortgages, ...contracts]
}

const judge = (view: View): readonly Suspicion[] =>
	statedIn(view).flatMap(({ what, event, parties }) => {
		const line = lineBy(view, event)
		if (line === undefined) return []
		const invalid = parties.filter((each) => each.invalid === true)
		const people = parties.filter((each) => each.kind !== undefined)
		const twice = people.filter((each, at) => people.findIndex((other) => normalForm(other.id) === normalForm(each.id)) !== at)
		const how = [invalid.length > 0 ? `${invalid.length} 个证件号位数或校验码不对` : "", twice.length > 0 ? `${twice.length} 个证件号重复` : ""].filter(
			(each) => each !== "",
		)
		return suspect({
			on: event,
			says: `${what}: ${how.join(",")}。解除所需: 更正证件号`,
			parts: [fact(how.length > 0, how.join(","), [event], line.time)],
		})
	})

export const c29: FindingRule = {
	code: "C29",
	title: "证件号无效或重复",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "GB 11643—1999 公民身份号码(ISO 7064 MOD 11-2)",
	reads: TYPE_NAMES,
	parameters: [],
	example: "买受人的身份证号末位校验码不对。",
	unit: judge,
	building: judge,
	parcel: judge,
	project: judge,
}
