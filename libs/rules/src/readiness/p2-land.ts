import { isInEffect, linesOf, type Parcel } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { liftsOf } from "../lifting.ts"
import { all, type Cure, fact, type Proof } from "../proof.ts"

const GRANT: Cure = { type: "land.granted", title: "供地" }
const PAY: Cure = { type: "land.premium-paid", title: "缴清土地出让金", responsible: "开发企业" }
const REGISTER: Cure = { type: "land.right-registered", title: "办理国有建设用地使用权首次登记", responsible: "不动产登记中心" }

const isPaid = ({ lines, grant: last }: Parcel): Proof => {
	const acts = linesOf(lines, "land.granted", "land.premium-paid", "land.grant-terminated")
	const current = acts.slice(acts.findLastIndex((line) => line.type === "land.grant-terminated") + 1)
	const granted = linesOf(current, "land.granted").at(-1)
	if (last?.grantKind === "allocation" && granted !== undefined) return fact(true, "划拨用地,无出让金", [granted.key], granted.time)
	const paid = linesOf(current, "land.premium-paid").find((line) => line.says.paidInFull)
	const isTakenBack = current.length < acts.length && granted === undefined
	return paid === undefined
		? fact(false, "出让金未缴清", granted === undefined ? [] : [granted.key], null, isTakenBack ? [GRANT, PAY] : PAY)
		: fact(true, "出让金已缴清", [paid.key], paid.time)
}

const isRegistered = ({ certificates }: Parcel): Proof => {
	const land = certificates.filter((each) => each.act === "land")
	const held = land.find((each) => each.inForce)
	if (held !== undefined) return fact(true, `土地使用权已登记: ${held.certificateNo}`, held.events, held.at)
	const last = land.at(-1)
	return last === undefined
		? fact(false, "土地使用权未登记", [], null, REGISTER)
		: fact(false, `土地使用权登记 ${last.certificateNo} 已失效`, last.events, null, REGISTER)
}

const isFree = ({ seizures }: Parcel): Proof => {
	const active = seizures.filter(isInEffect)
	return active.length === 0
		? fact(true, "宗地没有生效的查封")
		: all(
				"宗地没有生效的查封",
				active.map((each) => fact(false, `宗地被${each.court}查封: ${each.seizureNo}`, [each.event], each.from, liftsOf(each, seizures))),
			)
}

export const P2: ConditionRule = {
	id: "P2",
	title: "土地价款缴清、土地使用权有效、宗地未被查封",
	scope: "PARCEL",
	responsible: "自然资源和规划局",
	basis: "《城市房地产管理法》第三十九条",
	remedy: "缴清出让金,办理土地首次登记,解除查封",
	reads: [
		"land.granted",
		"land.premium-paid",
		"land.right-registered",
		"land.grant-terminated",
		"registration.corrected",
		"registration.deregistered",
		"judicial.seized",
		"judicial.seizure-renewed",
		"judicial.seizure-lifted",
	],
	parameters: [],
	example: "宗地被开发企业的债权人查封",
	missing: fact(false, "宗地没有任何记录", [], null, [GRANT, PAY, REGISTER]),
	after: [],
	parcel: (parcel) => all("土地已具备条件", [isPaid(parcel), isRegistered(parcel), isFree(parcel)]),
}
