import type { Invoice, SaleContract, TaxReceipt } from "@yima/lifecycle"
import { builder } from "./builder.ts"
import { EventType, eventIn, type Of, PartyRef, partyIn } from "./nodes.ts"

const SALE_KINDS = { presale: "PRESALE", completed: "COMPLETED" } as const
const SaleKind = builder.enumType("SaleKind", { values: Object.values(SALE_KINDS) })
const ContractStatus = builder.enumType("ContractStatus", { values: ["LIVE", "CANCELLED", "SUPERSEDED"] as const })

const InvoiceType = builder.objectRef<Of<Invoice>>("Invoice").implement({
	description: "发票",
	fields: (t) => ({
		invoiceNo: t.string({ resolve: ({ it }) => it.invoiceNo }),
		totalCny: t.field({ type: "Decimal", resolve: ({ it }) => it.totalCny }),
		voided: t.boolean({ resolve: ({ it }) => it.voided }),
		event: t.field({ type: EventType, resolve: ({ it, of }) => eventIn(of, it.event) }),
	}),
})

export const ContractType = builder.objectRef<Of<SaleContract>>("SaleContract").implement({
	description: "买卖合同",
	fields: (t) => ({
		contractNo: t.string({ resolve: ({ it }) => it.contractNo }),
		kind: t.field({ type: SaleKind, resolve: ({ it }) => SALE_KINDS[it.kind] }),
		status: t.field({ type: ContractStatus, resolve: ({ it }) => it.status }),
		signedOn: t.field({ type: "Date", resolve: ({ it }) => it.signedOn }),
		filedAt: t.field({ type: "DateTime", resolve: ({ it }) => it.filedAt }),
		seller: t.field({ type: PartyRef, resolve: ({ it, of }) => partyIn(of, it.seller, it.events) }),
		buyers: t.field({ type: [PartyRef], resolve: ({ it, of }) => it.buyers.map((who) => partyIn(of, who, it.events)) }),
		areaM2: t.field({ type: "Decimal", resolve: ({ it }) => it.areaM2 }),
		totalPriceCny: t.field({ type: "Decimal", resolve: ({ it }) => it.totalPriceCny }),
		paidInFull: t.boolean({ resolve: ({ it }) => it.paidInFull }),
		invoices: t.field({ type: [InvoiceType], resolve: ({ it, of }) => it.invoices.map((each) => ({ it: each, of })) }),
		presalePermitNo: t.string({ nullable: true, resolve: ({ it }) => it.presalePermitNo }),
		handoverDueOn: t.field({ type: "Date", nullable: true, resolve: ({ it }) => it.handoverDueOn }),
		clauses: t.stringList({ resolve: ({ it }) => [...it.clauses] }),
		events: t.field({ type: [EventType], resolve: ({ it, of }) => it.events.map((key) => eventIn(of, key)) }),
	}),
})

const TaxKind = builder.enumType("TaxKind", { values: ["DEED_TAX", "MAINTENANCE_FUND"] as const })
const TaxStatus = builder.enumType("TaxStatus", { values: ["PAID", "EXEMPTED", "REFUNDED"] as const })
export const TaxReceiptType = builder.objectRef<Of<TaxReceipt>>("TaxReceipt").implement({
	description: "契税完税或免征, 维修资金缴存",
	fields: (t) => ({
		receiptNo: t.string({ nullable: true, resolve: ({ it }) => it.receiptNo }),
		kind: t.field({ type: TaxKind, resolve: ({ it }) => it.kind }),
		status: t.field({ type: TaxStatus, resolve: ({ it }) => it.status }),
		amountCny: t.field({ type: "Decimal", nullable: true, resolve: ({ it }) => it.amountCny }),
		baseCny: t.field({ type: "Decimal", nullable: true, resolve: ({ it }) => it.baseCny }),
		payers: t.field({ type: [PartyRef], resolve: ({ it, of }) => it.payers.map((who) => partyIn(of, who, it.events)) }),
		contractNo: t.string({ nullable: true, resolve: ({ it }) => it.contractNo }),
		event: t.field({ type: EventType, resolve: ({ it, of }) => eventIn(of, it.event) }),
	}),
})
