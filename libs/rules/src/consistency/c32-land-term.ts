import { startOfDay } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn, type Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { ownContracts } from "./sold.ts"
import { day, filed, suspect } from "./suspect.ts"

const judge = (view: Spatial): readonly Suspicion[] => {
	const lands = view.certificates.flatMap((each) => (each.act === "land" && each.endOn !== null ? [{ ...each, endOn: each.endOn }] : []))
	if (lands.length === 0) return []
	const terms = lands.map((each) => fact(true, `土地证 ${each.certificateNo} 终止日期 ${each.endOn}`, each.events, each.at))
	const ends = lands.map((each) => each.endOn)
	const sales = (view.is === "unit" ? ownContracts(view) : []).flatMap((contract) =>
		ends.some((endOn) => endOn > contract.signedOn)
			? []
			: suspect({
					on: contract.contractNo,
					since: startOfDay(contract.signedOn),
					saidAt: contract.filedAt,
					says: `合同 ${contract.contractNo} ${contract.signedOn} 签订时,土地使用期限已于 ${ends.join("、")} 届满。解除所需: 更正土地证期限,或更正、撤回该网签,或登记员办结`,
					parts: [filed(contract), ...terms],
				}),
	)
	const registrations = view.certificates
		.filter((each) => each.act === "first" && isOwn(view, each.scope) && each.endOn !== null && !ends.includes(each.endOn))
		.flatMap((each) =>
			suspect({
				on: each.certificateNo,
				since: each.at,
				says: `首次登记 ${each.certificateNo} 的土地终止日期 ${each.endOn},土地证为 ${ends.join("、")}。解除所需: 更正登记`,
				parts: [fact(true, `${day(each.at)} 首次登记,土地终止日期 ${each.endOn}`, each.events, each.at), ...terms],
			}),
		)
	return [...sales, ...registrations]
}

export const c32: FindingRule = {
	code: "C32",
	title: "土地期限已届满而售,或未照录到户",
	severity: "HOLD",
	kind: "breach",
	responsible: "不动产登记中心",
	basis: "民法典",
	reads: ["land.right-registered", "registration.first-registered", "registration.corrected", "sales.contract-filed", "sales.contract-amended"],
	parameters: [],
	example: "土地证到 2090 年,首次登记写成 2093 年。",
	unit: judge,
	building: judge,
	parcel: judge,
}
