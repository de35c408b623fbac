import { at, type Day, on, yearOf } from "./day.ts"
import type { Dice } from "./dice.ts"
import { centi } from "./money.ts"
import { type Party, person } from "./people.ts"
import { type Flat, numberOf, type Plan } from "./plan.ts"
import type { Post } from "./post.ts"
import { accountNo, SERVICES } from "./service.ts"

/** What befalls a flat. */
export type Fate = "usual" | "merged" | "sold-twice" | "seized-twice" | "objected"

export interface Life {
	readonly plan: Plan
	readonly flat: Flat
	readonly fate: Fate
	readonly presalePermitNo: string
	readonly escrowAccount: string
	/** First day of sale. */
	readonly opens: Day
	/** The building's measured survey. */
	readonly measured: Day
	readonly handover: Day
}

interface Sale {
	readonly contractNo: string
	readonly buyers: readonly Party[]
	readonly filed: Day
	readonly priceCents: number
	readonly isLoan: boolean
	/** Of the priority notice (预告), and of the bank's (预抵押); null: none. */
	readonly notice: string | null
	readonly mortgage: string | null
}

/** Of a thousand flats: so many are sold before the keys are handed out, and so many sales come to nothing. */
const SOLD = 930
const CANCELLED = 45

/** A time of day within office hours, as a fraction. */
const hours = (dice: Dice): number => (9 * 3600 + dice.between(0, 8 * 3600)) / 86_400

/** One, or two who buy half each. */
const buyersOn = (filed: Day, dice: Dice): readonly Party[] => {
	const first = person(dice, filed)
	return dice.chance(550)
		? [
				{ ...first, share: "1/2" },
				{ ...person(dice, filed), share: "1/2" },
			]
		: [first]
}

const tellSale = (life: Life, filed: Day, serial: number, post: Post, dice: Dice, buyers = buyersOn(filed, dice)): Sale => {
	const { plan, flat, fate, presalePermitNo, escrowAccount: account, opens, handover } = life
	const { developer, bank } = plan
	const number = numberOf(plan, flat)
	const unitPrice = dice.between(5800, 9600)
	const priceCents = unitPrice * flat.predictedM2
	const isLoan = dice.chance(680)
	const contractNo = `${yearOf(filed)}${number}${serial}`
	const downCents = isLoan ? Math.round(priceCents * 0.003) * 100 : priceCents
	post.say({
		department: "housing",
		type: "sales.contract-filed",
		day: filed + hours(dice),
		// Half of the counters know the unit's code, half the bureau's own house code.
		...(flat.floor % 2 === 0 || flat.houseCode === null ? { subject: flat.code } : {}),
		data: {
			contractNo,
			kind: "presale",
			presalePermitNo,
			seller: developer,
			buyers,
			signedOn: on(Math.max(filed - dice.between(0, 12), opens)),
			areaM2: centi(flat.predictedM2),
			areaBasis: "gross",
			unitPriceCny: centi(unitPrice * 100),
			totalPriceCny: centi(priceCents),
			vatCny: centi(Math.round((priceCents * 9) / 109)),
			paymentKind: isLoan ? "loan" : "full",
			downPaymentCny: centi(downCents),
			handoverDueOn: on(handover),
			clauses: ["enlisted", "first-registration-before-handover", "full-invoice", "stamped-application"],
			...(flat.houseCode === null ? {} : { refs: [{ kind: "house-code", value: flat.houseCode }] }),
		},
		...(dice.chance(12) ? { misprint: { areaM2: centi(flat.predictedM2 + 900) } } : {}),
	})
	post.say({ department: "housing", type: "sales.identity-verified", day: filed + hours(dice), data: { contractNo } })
	post.say({ department: "housing", type: "sales.purchase-cleared", day: filed + 1, data: { contractNo } })
	const proofNo = (kind: number) => `豫(${yearOf(filed)})焦作市不动产证明第${kind}${number}${serial}号`
	// What is quarrelled about is not registered in time, and a notice of it would lapse.
	const isQuarrel = fate === "seized-twice" || fate === "objected"
	const [notice, mortgage] = [dice.chance(800) && !isQuarrel ? proofNo(5) : null, isLoan ? proofNo(6) : null]
	if (notice !== null)
		post.say({
			department: "registry",
			type: "registration.priority-notice-registered",
			day: filed + 9,
			subject: flat.code,
			data: { proofNo: notice, holder: buyers[0], contractNo },
		})
	if (mortgage !== null)
		post.say({
			department: "registry",
			type: "finance.mortgage-registered",
			day: filed + 12,
			subject: flat.code,
			data: {
				proofNo: mortgage,
				kind: "priority-notice",
				mortgagee: bank,
				mortgagor: buyers[0],
				debtCny: centi(priceCents - downCents),
				fromOn: on(filed + 12),
				toOn: on(filed + 12 + 10_957),
			},
		})
	post.say({ department: "bank", type: "finance.escrow-received", day: filed + 1 + hours(dice), data: { contractNo, amountCny: centi(downCents), account } })
	if (isLoan)
		post.say({
			department: "bank",
			type: "finance.escrow-received",
			day: filed + 24 + hours(dice),
			data: { contractNo, amountCny: centi(priceCents - downCents), account },
		})
	post.say({ department: "housing", type: "sales.paid-in-full", day: filed + (isLoan ? 26 : 3), data: { contractNo, amountCny: centi(priceCents), account } })
	return { contractNo, buyers, filed, priceCents, isLoan, notice, mortgage }
}

const tellCancelled = ({ contractNo, notice, mortgage }: Sale, day: Day, reason: string, post: Post, dice: Dice): void => {
	post.say({ department: "housing", type: "sales.contract-cancelled", day: day + hours(dice), data: { contractNo, reason } })
	if (mortgage !== null) post.say({ department: "registry", type: "finance.mortgage-discharged", day: day + 3, data: { proofNo: mortgage } })
	if (notice !== null) post.say({ department: "registry", type: "registration.priority-notice-deregistered", day: day + 4, data: { proofNo: notice } })
}

/** More than three hundredths apart, the areas are settled: what is over is paid for up to three hundredths (商品房销售管理办法 §20), in cents. */
const settlementOf = ({ predictedM2, measuredM2 }: Flat, priceCents: number): number | null =>
	Math.abs(measuredM2 - predictedM2) * 100 > predictedM2 * 3 ? Math.round(priceCents * 0.03) * Math.sign(measuredM2 - predictedM2) : null

/** From invoice and tax to the keys, the certificate and the four accounts. */
const tellHandover = (life: Life, { contractNo, buyers, filed, priceCents, isLoan, mortgage }: Sale, post: Post, dice: Dice): void => {
	const { plan, flat, measured, handover, fate } = life
	const { bank } = plan
	const number = numberOf(plan, flat)
	const net = priceCents - Math.round((priceCents * 9) / 109)
	const settlement = settlementOf(flat, priceCents)
	const settled = Math.max(filed + 5, measured + 6)
	if (settlement !== null)
		post.say({
			department: "housing",
			type: "sales.area-settled",
			day: settled,
			data: { contractNo, differenceM2: centi(flat.measuredM2 - flat.predictedM2), amountCny: centi(settlement) },
		})
	const begin = Math.max(filed + 30, handover - 110, settlement === null ? 0 : settled + 1)
	// Who bought late is in a hurry: a notice lapses ninety days after it could have been made a right.
	const isLate = begin > handover - 110
	const invoiced = begin + dice.between(0, isLate ? 10 : 60)
	const year = yearOf(invoiced)
	const invoiceNo = `${year.slice(2)}412000${number}`
	const invoice = (day: Day, number: string) =>
		post.say({
			department: "tax",
			type: "sales.invoice-issued",
			day: day + hours(dice),
			data: { invoiceNo: number, contractNo, totalCny: centi(priceCents + (settlement ?? 0)), buyers },
		})
	invoice(invoiced, invoiceNo)
	if (dice.chance(10)) {
		post.say({ department: "tax", type: "sales.invoice-voided", day: invoiced + 5, data: { invoiceNo } })
		// Its void has long been told when the new one is.
		invoice(invoiced + 15, invoiceNo.replace("412000", "412009"))
	}
	const taxed = invoiced + dice.between(2, isLate ? 12 : 40)
	// Now and then a digit is mistyped; the office corrects it, but in the third of three developments, where it waits for a registrar.
	const isMistyped = dice.chance(plan.number % 3 === 2 ? 10 : 3)
	const isForgotten = isMistyped && plan.number % 3 === 2
	const mistyped = `${contractNo.slice(0, -1)}7`
	post.say({
		department: "tax",
		type: "tax.deed-tax-paid",
		day: taxed + hours(dice),
		data: {
			// Kind, office, year and month, and the office's serial.
			receiptNo: `3${41_000 + (plan.number % 1000)}${year.slice(2)}${on(taxed).slice(5, 7)}${String(Math.floor(plan.number / 1000)).padStart(2, "0")}${flat.code.slice(22)}`,
			payers: buyers,
			baseCny: centi(net),
			amountCny: centi(Math.round(net / 100)),
			contractNo: isForgotten ? mistyped : contractNo,
			assessed: false,
			settled: true,
		},
		...(isMistyped && !isForgotten ? { misprint: { contractNo: mistyped } } : {}),
	})
	const funded = taxed + dice.between(0, 10)
	post.say({
		department: "fund",
		type: "tax.maintenance-fund-paid",
		day: funded + hours(dice),
		data: { receiptNo: `WX${year}${number}`, amountCny: centi(flat.predictedM2 * 70), payers: buyers, contractNo },
	})
	post.say({ department: "housing", type: "sales.application-stamped", day: invoiced + 3 + hours(dice), data: { contractNo } })
	if (isLoan) post.say({ department: "bank", type: "finance.documents-ready", day: invoiced + 9, data: { contractNo, mortgagee: bank } })
	post.say({
		department: "housing",
		type: "sales.handover-notified",
		day: Math.max(handover - 15, filed + 40),
		data: { contractNo, handoverOn: on(Math.max(handover, filed + 45)) },
	})
	// Of a quarrel nothing is registered, nor without a receipt.
	if (fate !== "usual" || isForgotten) return
	const key = Math.max(handover, taxed + 3, funded + 2, filed + 45) + dice.between(0, 12)
	post.say({ department: "housing", type: "sales.handed-over", day: key, data: { contractNo, handedOverOn: on(key) } })
	const isConsenting = !dice.chance(40)
	const applicationNo = `SL${on(key).replaceAll("-", "")}${number}`
	const registered = key + (dice.chance(850) ? 0.62 : 1.45)
	post.say({
		department: "registry",
		type: "registration.transfer-applied",
		day: key + 0.4,
		subject: flat.code,
		data: {
			applicationNo,
			contractNo,
			holders: buyers,
			consents: { utilities: { given: isConsenting, ...(isConsenting ? { consentId: `TY${applicationNo}` } : {}) } },
		},
	})
	post.say({
		department: "registry",
		type: "registration.transferred",
		day: registered,
		subject: flat.code,
		data: { applicationNo, certificateNo: `豫(${yearOf(key)})焦作市不动产权第${number}号`, holders: buyers },
	})
	if (mortgage !== null) {
		post.say({
			department: "registry",
			type: "finance.mortgage-registered",
			day: registered + 0.01,
			subject: flat.code,
			data: {
				proofNo: `豫(${yearOf(key)})焦作市不动产证明第7${number}号`,
				kind: "unit",
				mortgagee: bank,
				mortgagor: buyers[0],
				debtCny: centi(Math.round(priceCents * 0.007) * 100),
				rank: 1,
			},
		})
		post.say({
			department: "registry",
			type: "finance.mortgage-discharged",
			day: registered + 0.02,
			data: { proofNo: mortgage },
		})
	}
	if (!isConsenting) return
	for (const { service, company, department } of SERVICES) {
		const order = { service, company, accountNo: accountNo(service, plan, flat), orderNo: `${department}-${on(registered).replaceAll("-", "")}-${number}` }
		const accepted = Math.floor(registered) + 1 + hours(dice)
		post.say({ department, type: "utility.account-accepted", day: accepted, data: order })
		if (dice.chance(15))
			post.say({
				department,
				type: "utility.account-failed",
				day: accepted + 1,
				data: { ...order, reasonCode: "address-mismatch", reason: "地址与营销系统不符" },
			})
		post.say({ department, type: "utility.account-opened", day: accepted + dice.between(1, 5), data: { ...order, holder: buyers[0] } })
	}
}

const tellSeizures = ({ plan, flat, handover }: Life, post: Post): void => {
	const day = handover - 160
	const year = yearOf(day)
	const seize = (n: number, when: Day, kind: "seizure" | "waiting", court: string, more: object) =>
		post.say({
			department: "court",
			type: "judicial.seized",
			day: when + 0.5,
			subject: flat.code,
			data: {
				seizureNo: `(${year})豫0811执保${plan.number * 10 + n}号`,
				kind,
				court,
				servedAt: at(when + 0.5),
				caseNo: `(${year})豫0811民初${plan.number * 10 + n}号`,
				...more,
			},
		})
	seize(1, day, "seizure", "焦作市山阳区人民法院", { fromOn: on(day), toOn: on(day + 1094) })
	seize(2, day + 20, "waiting", "焦作市中级人民法院", { queuePosition: 1, termMonths: 36 })
	post.say({ department: "court", type: "judicial.seizure-lifted", day: day + 90, data: { seizureNo: `(${year})豫0811执保${plan.number * 10 + 1}号` } })
	// Three years are the most, and the case goes on.
	for (const renewed of [day + 1150, day + 2220])
		post.say({
			department: "court",
			type: "judicial.seizure-renewed",
			day: renewed + 0.5,
			data: { seizureNo: `(${year})豫0811执保${plan.number * 10 + 2}号`, toOn: on(renewed + 1094) },
		})
}

/** The days of sale that lie before what happens to the flat. */
const daysOfSale = ({ fate, opens, handover }: Life): number => handover - opens - (fate === "usual" || fate === "sold-twice" ? 120 : 260)

const saleDay = (life: Life, dice: Dice): Day => life.opens + Math.round(dice.between(0, 80) * dice.between(0, 80) * (daysOfSale(life) / 6400))

/** Two neighbouring flats, sold to one family and built as one: their contracts make way for one of the whole, as it was measured. */
export const tellMerged = (whole: Life, parts: readonly Life[], post: Post, dice: Dice): void => {
	const [first] = parts
	if (first === undefined) return
	const filed = saleDay(first, dice)
	const buyers = buyersOn(filed, dice)
	const sales = parts.map((part) => tellSale(part, filed, 1, post, dice, buyers))
	const day = whole.measured + 12
	for (const sale of sales) tellCancelled(sale, day, "两户合并,重新签约", post, dice)
	tellHandover(whole, tellSale({ ...whole, opens: day + 1 }, day + 5, 1, post, dice, buyers), post, dice)
}

/** One flat's life, from its sale on. */
export const tellFlat = (life: Life, post: Post, dice: Dice): void => {
	const { flat, fate, handover } = life
	if (fate === "seized-twice") tellSeizures(life, post)
	if (!dice.chance(SOLD) && fate === "usual") return
	let sale = tellSale(life, saleDay(life, dice), 1, post, dice)
	if (fate === "usual" && dice.chance(CANCELLED)) {
		const day = sale.filed + dice.between(30, 120)
		tellCancelled(sale, day, "双方协商解除合同", post, dice)
		if (dice.chance(250)) return
		sale = tellSale({ ...life, opens: day + 1 }, day + dice.between(5, 60), 2, post, dice)
	}
	// 一房二卖: nobody cancelled the first.
	if (fate === "sold-twice") tellSale(life, sale.filed + 75, 2, post, dice)
	if (fate === "objected")
		post.say({
			department: "registry",
			type: "registration.objected",
			day: handover - 60,
			subject: flat.code,
			data: { proofNo: `豫(${yearOf(handover - 60)})焦作市不动产证明第8${numberOf(life.plan, flat)}号`, objector: person(dice, handover) },
		})
	tellHandover(life, sale, post, dice)
}
