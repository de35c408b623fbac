import { filings, type Line, linesOf, type Unit, type Who } from "@yima/lifecycle"
import { normalForm } from "@yima/schemas"
import { isNumbered } from "../contract-of.ts"
import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn, lineBy } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { liveContracts } from "./sold.ts"
import { day, filed, said, suspect } from "./suspect.ts"

interface Document {
	readonly what: string
	readonly on: string
	readonly line: Line
	readonly parties: readonly Who[]
	readonly contractNo: string | undefined
	/** Only buyers stand in it: one who is none is a contradiction here. Others have rules of their own (C24, C30). */
	readonly isForBuyers: boolean
}

const documentsOf = (view: Unit): readonly Document[] => {
	const { lines } = view
	const applications = linesOf(lines, "registration.transfer-applied")
	const contractOf = (applicationNo: string | undefined) =>
		applications.find((each) => applicationNo !== undefined && normalForm(each.says.applicationNo) === normalForm(applicationNo))?.says.contractNo
	return [
		...linesOf(lines, "registration.priority-notice-registered").map((line) => ({
			what: `预告登记 ${line.says.proofNo}`,
			on: line.says.proofNo,
			line,
			parties: [line.says.holder],
			contractNo: line.says.contractNo,
			isForBuyers: line.says.contractNo !== undefined,
		})),
		...linesOf(lines, "sales.invoice-issued").map((line) => ({
			what: `发票 ${line.says.invoiceNo}`,
			on: line.says.invoiceNo,
			line,
			parties: line.says.buyers ?? [],
			contractNo: line.says.contractNo,
			isForBuyers: line.says.contractNo !== undefined,
		})),
		...linesOf(lines, "tax.deed-tax-paid", "tax.deed-tax-exempted").map((line) => ({
			what: `契税 ${line.says.receiptNo ?? ""}`,
			on: line.says.receiptNo ?? line.key,
			line,
			parties: line.says.payers ?? [],
			contractNo: line.says.contractNo,
			isForBuyers: false,
		})),
		...view.mortgages.flatMap((each) => {
			const line = lineBy(view, each.event)
			return line === undefined || !each.active || (each.kind !== "unit" && each.kind !== "priority-notice")
				? []
				: [{ what: `抵押 ${each.proofNo}`, on: each.proofNo, line, parties: [each.mortgagor], contractNo: undefined, isForBuyers: false }]
		}),
		...applications.map((line) => ({
			what: `转移登记申请 ${line.says.applicationNo}`,
			on: line.says.applicationNo,
			line,
			parties: line.says.holders,
			contractNo: line.says.contractNo,
			isForBuyers: true,
		})),
		...view.certificates.flatMap((each) => {
			const line = lineBy(view, each.event)
			return line?.type !== "registration.transferred" || !each.inForce
				? []
				: [
						{
							what: `转移登记 ${each.certificateNo}`,
							on: each.certificateNo,
							line,
							parties: each.holders,
							contractNo: contractOf((line as Line<"registration.transferred">).says.applicationNo),
							isForBuyers: true,
						},
					]
		}),
	].filter((each) => isOwn(view, each.line.from))
}

const judge = (view: Unit, { same }: Scene): readonly Suspicion[] => {
	const live = liveContracts(view)
	const voided = new Set(linesOf(view.lines, "sales.invoice-voided").map((line) => normalForm(line.says.invoiceNo)))
	const withdrawn = new Set(linesOf(view.lines, "registration.transfer-withdrawn").map((line) => normalForm(line.says.applicationNo)))
	return documentsOf(view).flatMap((document) => {
		const { line, what, on, parties } = document
		if (line.type === "sales.invoice-issued" && voided.has(normalForm(on))) return []
		if (line.type === "registration.transfer-applied" && withdrawn.has(normalForm(on))) return []
		if (parties.length === 0) return []
		// By the buyers of that time: who came later by an amendment stood in no earlier document.
		const then = filings(
			view.lines.filter((each) => each.time <= line.time),
			same,
		).filter((each) => each.status === "LIVE" && live.some((contract) => isNumbered(each.no, contract)))
		const stated = then.filter((each) => document.contractNo !== undefined && normalForm(document.contractNo) === each.no)
		const [filing, other] = document.contractNo === undefined ? then : stated
		const contract = live.find((each) => isNumbered(filing?.no, each))
		if (filing === undefined || other !== undefined || contract === undefined) return []
		const { buyers } = filing.terms
		const strangers = parties.filter((party) => !buyers.some((buyer) => same(party, buyer)))
		const otherIds = strangers.filter((party) => buyers.some((buyer) => buyer.name === party.name))
		const otherNames = parties.filter((party) => buyers.some((buyer) => buyer.id === party.id && buyer.name !== party.name))
		const others = document.isForBuyers ? strangers : otherIds
		const isOtherId = others.length > 0
		const how = isOtherId ? (otherIds.length > 0 ? "姓名相同而证件号不同" : "当事人不是买受人") : "证件号相同而姓名不同"
		return suspect({
			on,
			severity: isOtherId ? "BLOCK" : "HOLD",
			says: `${what} 与合同 ${contract.contractNo} 的买受人不一致: ${how}(${isOtherId ? others.length : otherNames.length} 人)。解除所需: 更正${what},或合同变更备案`,
			parts: [
				filed(contract, `,买受人 ${buyers.length} 名`),
				said(line, `${day(line.time)} ${what},当事人 ${parties.length} 名`),
				fact(others.length + otherNames.length > 0, how, [], line.time),
			],
		})
	})
}

export const c28: FindingRule = {
	code: "C28",
	title: "买受人姓名、证件号前后不一",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "不动产登记中心",
	basis: "不动产登记暂行条例第18条",
	reads: [
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
		"sales.invoice-issued",
		"sales.invoice-voided",
		"registration.priority-notice-registered",
		"registration.transfer-applied",
		"registration.transfer-withdrawn",
		"registration.transferred",
		"registration.corrected",
		"registration.deregistered",
		"tax.deed-tax-paid",
		"tax.deed-tax-exempted",
		"finance.mortgage-registered",
		"finance.mortgage-amended",
		"finance.mortgage-discharged",
		"registrar.party-renamed",
	],
	parameters: [],
	example: "合同与转移登记申请上同一姓名,证件号不同。",
	clearedBy: { type: "sales.contract-amended", title: "核对并更正不一致的文件" },
	unit: judge,
}
