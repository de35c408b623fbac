import { type Line, linesOf, type SaleContract, type Unit, type Who } from "@yima/lifecycle"
import type { EventKey } from "@yima/schemas"
import type { ConditionRule } from "../condition.ts"
import { aboutOf, isNumbered, isSold, liveOf, termOf } from "../contract-of.ts"
import { all, fact, type Proof } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { applicationsFor } from "./u8-application.ts"

/** Who a document of the sale says the buyers are. */
export interface Stated {
	readonly what: string
	readonly people: readonly Who[]
	readonly event: EventKey
	/** It has to name every buyer; a receipt may be one buyer's. */
	readonly isWhole: boolean
}

/** Invoices, tax receipts and applications of a contract that state people. */
export const statedBy = (unit: Unit, live: SaleContract): readonly Stated[] => {
	const invoices = new Set(live.invoices.filter((each) => !each.voided).map((each) => each.event))
	return [
		...linesOf(unit.lines, "sales.invoice-issued")
			.filter((line) => invoices.has(line.key))
			.map((line) => ({ what: `发票 ${line.says.invoiceNo}`, people: line.says.buyers ?? [], event: line.key, isWhole: false })),
		...unit.taxReceipts
			.filter((each) => each.kind === "DEED_TAX" && each.status !== "REFUNDED" && isNumbered(each.contractNo, live))
			.map((each) => ({ what: `契税凭证 ${each.receiptNo ?? ""}`.trim(), people: each.payers, event: each.event, isWhole: false })),
		...applicationsFor(unit, live).map((line) => ({
			what: `转移登记申请 ${line.says.applicationNo}`,
			people: line.says.holders,
			event: line.key,
			isWhole: true,
		})),
	].filter((each) => each.people.length > 0)
}

/** Whether two statements name one party by one name; what 企业更名 joins is equal by whatever name. */
export const isNamedAlike = (a: Who, b: Who, { same }: Scene, lines: readonly Line[]): boolean =>
	same(a, b) &&
	(a.name === b.name || a.id !== b.id || linesOf(lines, "registrar.party-renamed").some(({ says }) => says.from.id === a.id || says.to.id === a.id))

const agrees = ({ what, people, event, isWhole }: Stated, unit: Unit, live: SaleContract, scene: Scene): Proof => {
	const alike = (a: Who, b: Who) => isNamedAlike(a, b, scene, unit.lines)
	const isEvery = people.every((each) => live.buyers.some((buyer) => alike(each, buyer)))
	const isAll = !isWhole || live.buyers.every((buyer) => people.some((each) => alike(each, buyer)))
	const evidence = [event, termOf(unit, live, "buyers").key]
	if (isEvery && isAll) return fact(true, `${what}与合同买受人一致`, evidence)
	return fact(
		false,
		isEvery ? `${what}没有写全合同 ${live.contractNo} 的买受人` : `${what}的姓名或证件号与合同 ${live.contractNo} 的买受人不一致`,
		evidence,
		null,
		{
			type: "sales.contract-amended",
			title: `核对并更正${what}或合同的买受人`,
		},
	)
}

const isVerified = (unit: Unit, live: SaleContract, { ruleSet }: Scene): readonly Proof[] => {
	if (!ruleSet.required.includes("identity-verified")) return []
	const verified = linesOf(aboutOf(unit, live), "sales.identity-verified").at(0)
	return [
		verified === undefined
			? fact(false, "买受人身份未核验", [], null, { type: "sales.identity-verified", title: "核验买受人身份" })
			: fact(true, "买受人身份已核验", [verified.key], verified.time),
	]
}

export const U9: ConditionRule = {
	id: "U9",
	title: "合同、发票、契税、申请的买受人一致",
	scope: "UNIT",
	responsible: "不动产登记中心",
	basis: "《不动产登记暂行条例》第十八条",
	remedy: "更正不一致的文件",
	reads: [
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"sales.invoice-issued",
		"sales.invoice-voided",
		"tax.deed-tax-paid",
		"tax.deed-tax-exempted",
		"tax.deed-tax-refunded",
		"registration.transfer-applied",
		"registration.transfer-withdrawn",
		"registrar.party-renamed",
		"sales.identity-verified",
		"registration.transferred",
	],
	parameters: ["required"],
	example: "契税由不是买受人的人缴纳",
	after: ["U1", "U3"],
	applies: isSold,
	unit: (unit, scene) => {
		const live = liveOf(unit)
		if (live === null) return isSold(unit)
		const stated = statedBy(unit, live).map((each) => agrees(each, unit, live, scene))
		const parts = [...stated, ...isVerified(unit, live, scene)]
		return parts.length === 0 ? fact(true, "没有其他文件写明买受人", live.events.slice(0, 1)) : all("各文件的买受人一致", parts)
	},
}
