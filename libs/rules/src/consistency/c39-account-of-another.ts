import { linesOf, share, transfers, type Unit } from "@yima/lifecycle"
import { normalForm } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { day, said, suspect } from "./suspect.ts"

const SERVICES = { water: "水", power: "电", gas: "气", heat: "暖" } as const

const judge = (view: Unit, { same }: Scene): readonly Suspicion[] => {
	const all = transfers(view.certificates)
	const transfer = all.at(-1)
	const moved = linesOf(view.lines, "registration.transferred")
	const its = moved.find((line) => line.key === transfer?.event)
	const applicationNo = its?.says.applicationNo
	const withdrawn = linesOf(view.lines, "registration.consent-withdrawn").find(
		(line) => applicationNo !== undefined && normalForm(line.says.applicationNo) === normalForm(applicationNo),
	)
	return view.utilityAccounts.flatMap((account) => {
		const opened = linesOf(view.lines, "utility.account-opened")
			.filter((line) => line.says.service === account.service && normalForm(line.says.company) === normalForm(account.company))
			.at(-1)
		if (account.status !== "OPENED" || opened === undefined) return []
		const name = `${SERVICES[account.service]}(${account.company}${account.accountNo === null ? "" : ` ${account.accountNo}`})`
		const on = `${account.service} ${account.company}`
		const act = said(opened, `${day(opened.time)} ${name}开户`)
		if (transfer !== undefined && withdrawn === undefined) {
			const { holder } = opened.says
			if (holder === undefined) return []
			// Opened for who held it then: that it is to change hands is a time limit's (D10).
			const wasHolders = opened.time < transfer.at && all.some((each) => each !== transfer && share(same, [holder], each.holders))
			if (wasHolders) return []
			return suspect({
				on,
				says: `${name}的户主不是权利人: 不动产权证 ${transfer.certificateNo} 的权利人另有其人。解除所需: ${account.company}过户到权利人`,
				parts: [act, fact(!share(same, [holder], transfer.holders), `${transfer.certificateNo} 的权利人与户主不同`, transfer.events, transfer.at)],
			})
		}
		// What was opened at our request has lost its ground; it can no longer be cancelled (`semantics.md` §10).
		if (account.requestId === null) return []
		const why = withdrawn === undefined ? "转移登记已不存在" : `${day(withdrawn.time)} 撤回授权`
		return suspect({
			on,
			says: `${name}已按请求 ${account.requestId} 开户,而${why}。解除所需: ${account.company}销户`,
			parts: [act, fact(true, why, withdrawn === undefined ? [] : [withdrawn.key], withdrawn?.time ?? opened.time)],
		})
	})
}

export const c39: FindingRule = {
	code: "C39",
	title: "水电气暖开给了别人",
	severity: "BLOCK",
	kind: "contradiction",
	responsible: "水电气暖企业",
	basis: "河南省优化营商环境条例第44条",
	reads: [
		"utility.account-opened",
		"utility.account-closed",
		"utility.account-failed",
		"registration.transferred",
		"registration.corrected",
		"registration.deregistered",
		"registration.consent-withdrawn",
		"registrar.party-renamed",
		"utility.connected",
		"utility.account-accepted",
	],
	parameters: [],
	example: "权利人是甲,燃气户却开在丙名下。",
	clearedBy: { type: "utility.account-closed", title: "销户后为现权利人重新开户" },
	unit: judge,
}
