import { linesOf, type Unit } from "@yima/lifecycle"
import { surelyBefore } from "@yima/schemas"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn, lineBy } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { day, suspect } from "./suspect.ts"

const judge = (view: Unit, { asOf }: Scene): readonly Suspicion[] =>
	view.restrictions.flatMap((notice) => {
		const { endsAt, proofNo, event, events } = notice
		const line = lineBy(view, event)
		if (notice.kind !== "PRIORITY_NOTICE" || endsAt === null || endsAt > asOf || !isOwn(view, notice.scope) || line === undefined) return []
		// Deregistered or with its contract it is over in form, too.
		if (events.length > 1 || view.contracts.some((each) => isNumbered(notice.contractNo, each) && each.status !== "LIVE")) return []
		const applied = linesOf(view.lines, "registration.transfer-applied", "registration.transferred").find((each) => !surelyBefore(each, line))
		const first = view.certificates.find((each) => each.act === "first" && each.inForce)
		return suspect({
			on: proofNo,
			since: endsAt,
			says: `预告登记 ${proofNo} 自能够登记之日起九十日内未申请转移登记,已于 ${day(endsAt)} 零时失效。解除所需: 申请转移登记,或注销预告登记 ${proofNo}`,
			parts: [
				fact(true, `预告登记 ${proofNo} ${day(line.time)} 登记`, [event], line.time),
				fact(true, `首次登记 ${first?.certificateNo ?? ""} ${day(first?.at ?? endsAt)}`, first === undefined ? [] : [first.event], first?.at ?? endsAt),
				fact(applied === undefined, applied === undefined ? "没有转移登记申请" : `${day(applied.time)} 已申请转移登记`, [], endsAt),
			],
		})
	})

export const c16: FindingRule = {
	code: "C16",
	title: "预告登记逾九十日失效",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "民法典第221条",
	reads: [
		"registration.priority-notice-registered",
		"registration.priority-notice-deregistered",
		"registration.first-registered",
		"registration.transfer-applied",
		"registration.transferred",
		"registration.deregistered",
		"sales.contract-filed",
		"sales.contract-cancelled",
		"sales.contract-amended",
	],
	parameters: [],
	example: "首次登记后一百天仍无人申请转移登记。",
	unit: judge,
}
