import type { Json } from "@yima/test-kit"
import { corpus, mapTexts } from "./corpus.ts"
import type { Dice } from "./dice.ts"

/** A small world on two parcels, so that whatever happens, happens to the same few things. */
const PARCELS = ["410811001002GB00018", "410802003001GB00007"] as const
const SUCCESSORS = ["410811001002GB00101", "410811001002GB00102"] as const
const BUILDINGS = [`${PARCELS[0]}F0001`, `${PARCELS[0]}F0002`, `${PARCELS[1]}F0001`] as const
const UNITS = BUILDINGS.flatMap((building) => [`${building}0001`, `${building}0002`])
const PROJECTS = ["2301-410811-04-01-100001", "2301-410811-04-01-100002"] as const
const LABELS = ["1#楼", "2#楼"] as const
const HOUSES = ["H1", "H2", "H3"] as const
const CONTRACTS = ["HT-1", "HT-2"] as const
const PERMITS = ["建字第410811202300001号", "建字第410811202300002号"] as const
const SEIZURES = ["(2023)豫0811执1号", "(2023)豫0811执2号", "(2023)豫0811执3号"] as const
const PROOFS = ["豫(2023)焦作市不动产证明第0000001号", "豫(2023)焦作市不动产证明第0000002号"] as const
const CERTIFICATES = ["豫(2023)焦作市不动产权第0000001号", "豫(2023)焦作市不动产权第0000002号"] as const
const RECEIPTS = ["341086230400000001", "341086230400000002"] as const

/** What an event may be about. */
export const SUBJECTS: readonly string[] = [...PARCELS, ...BUILDINGS, ...UNITS, `project:${PROJECTS[0]}`]

const COMPANY = { name: "焦作甲置业有限公司", idKind: "uscc", idNumber: "91410800MA3X00001A" }
const BANK = { name: "焦作乙银行", idKind: "uscc", idNumber: "91410800MA3X00002B" }
const PEOPLE = [
	{ name: "王一", idKind: "resident-id", idNumber: "410811199001010011" },
	{ name: "李 二", idKind: "resident-id", idNumber: "410811199202020022" },
	{ name: "趙·三", idKind: "passport", idNumber: "E12345678" },
]

/** An event without its identity: `adversary.ts` gives it one. */
export interface Draft {
	readonly type: string
	readonly subject?: string
	readonly time: string
	readonly data: Json
}

const pad = (n: number) => String(n).padStart(2, "0")

/** A moment of 2023, on few days, so that events often share one; every third is known by its day only. */
const someTime = ({ int, chance, pick }: Dice): string => {
	const day = `2023-${pad(1 + int(12))}-${pick(["07", "21"])}`
	return chance(33) ? `${day}T00:00:00+08:00` : `${day}T${pad(8 + int(10))}:${pad(int(60))}:00+08:00`
}

const someDate = ({ int }: Dice, year = 2023) => `${year}-${pad(1 + int(12))}-${pad(1 + int(28))}`

type Scene = (dice: Dice) => readonly Draft[]

const filed = (dice: Dice, contractNo: string, data: Json, subject?: string): Draft => ({
	type: "sales.contract-filed",
	...(subject === undefined ? {} : { subject }),
	time: someTime(dice),
	data: {
		contractNo,
		kind: "presale",
		seller: COMPANY,
		buyers: [dice.pick(PEOPLE)],
		signedOn: someDate(dice),
		areaM2: "99.50",
		totalPriceCny: "800000",
		...data,
	},
})

const taxed = (dice: Dice, data: Json, subject?: string): Draft => ({
	type: "tax.deed-tax-paid",
	...(subject === undefined ? {} : { subject }),
	time: someTime(dice),
	data: { receiptNo: dice.pick(RECEIPTS), amountCny: "8000", payers: [dice.pick(PEOPLE)], ...data },
})

const predicted = (dice: Dice, building: string, rows: readonly Json[], more: Json = {}): Draft => ({
	type: "survey.predicted",
	...(dice.chance(50) ? { subject: building } : {}),
	time: someTime(dice),
	data: { surveyNo: `YC-${dice.int(2)}`, units: rows, ...more },
})

const ref = (kind: string, value: string) => ({ refs: [{ kind, value }] })

/** The numbers by which the corpus's events come to speak of this world's documents. */
const NUMBERS: Readonly<Record<string, readonly string[]>> = {
	contractNo: CONTRACTS,
	proofNo: PROOFS,
	permitNo: PERMITS,
	worksPermitNo: PERMITS,
	seizureNo: SEIZURES,
	certificateNo: CERTIFICATES,
	receiptNo: RECEIPTS,
	projectCode: PROJECTS,
	houseCode: HOUSES,
	surveyNo: ["YC-0", "YC-1"],
	accountNo: ["0012345", "0012346"],
	company: ["焦作水务"],
}

/** An event of the corpus, moved into this world: its codes, its numbers, its time. */
const moved = (event: Json, dice: Dice): Draft => {
	const inWorld = (code: string): string => {
		const parcel = dice.pick(PARCELS)
		const tail = code.slice(19)
		return tail === ""
			? parcel
			: tail[0] === "F"
				? `${parcel}F000${1 + dice.int(2)}${tail.slice(5) === "" ? "" : dice.pick(["0000", "0001", "0002", "0003"])}`
				: `${parcel}${tail}`
	}
	const data = mapTexts(event["data"], (text, field) => {
		const numbers = NUMBERS[field]
		if (numbers !== undefined && dice.chance(80)) return dice.pick(numbers)
		return /^\d{12}[GJZ][A-Z]\d{5}(?:[FLQW]\d{4}(?:\d{4})?)?$/.test(text) ? inWorld(text) : text
	}) as Json
	const subject = dice.chance(40) ? dice.pick(SUBJECTS) : typeof event["subject"] === "string" && dice.chance(60) ? inWorld(event["subject"]) : undefined
	return { type: String(event["type"]).slice("yima.".length, -".v1".length), ...(subject === undefined ? {} : { subject }), time: someTime(dice), data }
}

/** Each scene makes on purpose one of the crossings that have broken such systems. */
export const scenes: Readonly<Record<string, Scene>> = {
	"crossing definitions": (dice) => {
		const building = dice.pick(BUILDINGS)
		const [a, b] = dice.shuffle(HOUSES)
		return [
			predicted(dice, building, [
				{ code: `${building}0001`, houseCode: a, address: "人民路1号" },
				{ code: `${building}0002`, houseCode: b, address: "人民路2号" },
			]),
			filed(dice, CONTRACTS[0], ref("house-code", a as string)),
			filed(dice, CONTRACTS[1], ref("house-code", b as string)),
			taxed(dice, { contractNo: dice.pick(CONTRACTS), ...ref("house-code", dice.pick(HOUSES)) }),
		]
	},
	"typo in a subject": (dice) => {
		const [right, wrong] = dice.shuffle(UNITS)
		return [
			filed(dice, dice.pick(CONTRACTS), {}, right),
			taxed(dice, { contractNo: dice.pick(CONTRACTS) }, wrong),
			{ type: "sales.handed-over", time: someTime(dice), data: { contractNo: dice.pick(CONTRACTS), handedOverOn: someDate(dice) } },
		]
	},
	dispute: (dice) => {
		const no = dice.pick(CONTRACTS)
		return [
			filed(dice, no, {}, dice.pick(UNITS)),
			filed(dice, no, {}, dice.pick(UNITS)),
			taxed(dice, { contractNo: no }),
			{ type: "sales.paid-in-full", time: someTime(dice), data: { contractNo: no, amountCny: "800000" } },
		]
	},
	"measured anew": (dice) => {
		const building = dice.pick(BUILDINGS)
		const [old, now] = dice.shuffle(["0001", "0002", "0003"])
		const house = dice.pick(HOUSES)
		return [
			predicted(dice, building, [{ code: `${building}${old}`, houseCode: house, areaM2: "90" }]),
			{
				type: "survey.measured",
				time: someTime(dice),
				data: {
					surveyNo: "SC-1",
					units: [
						{ code: `${building}${now}`, predicted: [`${building}${old}`], link: dice.pick(["same", "divided", "merged"]), houseCode: house, areaM2: "91.20" },
					],
				},
			},
			taxed(dice, ref("house-code", house)),
		]
	},
	"division with late events": (dice) => {
		const unit = `${BUILDINGS[0]}0001`
		const successor = `${SUCCESSORS[0]}F00010001`
		return [
			{
				type: "land.granted",
				subject: PARCELS[0],
				time: someTime(dice),
				data: { grantKind: "assignment", grantee: COMPANY, supervisionNo: "4108002023B00018" },
			},
			{
				type: dice.pick(["land.parcel-divided", "land.parcel-redrawn"]),
				subject: PARCELS[0],
				time: someTime(dice),
				data: {
					to: SUCCESSORS,
					buildings: [{ from: BUILDINGS[0], to: `${SUCCESSORS[0]}F0001` }],
					units: dice.chance(70) ? [{ from: unit, to: successor }] : [],
				},
			},
			filed(dice, dice.pick(CONTRACTS), {}, dice.pick([unit, successor])),
			{ type: "land.premium-paid", time: someTime(dice), data: { amountCny: "1000", paidInFull: true, ...ref("supervision-no", "4108002023B00018") } },
		]
	},
	"one receipt for several flats": (dice) => {
		const flats = dice.shuffle(UNITS).slice(0, 3)
		return [
			{
				type: "finance.mortgage-registered",
				time: someTime(dice),
				data: { proofNo: dice.pick(PROOFS), kind: "unit", mortgagee: BANK, mortgagor: COMPANY, units: flats },
			},
			{
				type: dice.pick(["finance.mortgage-discharged", "finance.sale-consented"]),
				time: someTime(dice),
				data: { proofNo: dice.pick(PROOFS), ...(dice.chance(50) ? { units: flats.slice(1) } : {}) },
			},
			{ type: "finance.mortgage-amended", time: someTime(dice), data: { proofNo: dice.pick(PROOFS), units: flats.slice(0, 1) } },
			taxed(dice, { refs: PROOFS.map((value) => ({ kind: "proof-no", value })) }),
		]
	},
	"project phases on one parcel": (dice) => [
		{ type: "project.approved", time: someTime(dice), data: { projectCode: PROJECTS[0], name: "一期", developer: COMPANY, parcels: [PARCELS[0]] } },
		{
			type: "project.scoped",
			time: someTime(dice),
			data: {
				projectCode: PROJECTS[1],
				...(dice.chance(60) ? { buildings: [dice.pick(BUILDINGS)] } : { parcels: [PARCELS[0]] }),
				...(dice.chance(40) ? { buildingLabels: [dice.pick(LABELS)] } : {}),
			},
		},
		{ type: dice.pick(["project.enlisted", "project.delisted"]), time: someTime(dice), data: { projectCode: dice.pick(PROJECTS) } },
		{
			type: "planning.works-permitted",
			subject: PARCELS[0],
			time: someTime(dice),
			data: { permitNo: dice.pick(PERMITS), projectCode: dice.pick(PROJECTS), buildings: [BUILDINGS[1]] },
		},
	],
	"buildings known by label only": (dice) => {
		const [permit, label] = [dice.pick(PERMITS), dice.pick(LABELS)]
		const building = dice.pick(BUILDINGS)
		return [
			{
				type: "planning.works-permitted",
				...(dice.chance(50) ? { subject: building.slice(0, 19) } : {}),
				time: someTime(dice),
				data: { permitNo: permit, buildingLabels: LABELS, perBuilding: [{ label, floors: 18 }] },
			},
			predicted(dice, building, [{ code: `${building}0001` }], { worksPermitNo: permit, buildingLabels: [label] }),
			{ type: "construction.started", time: someTime(dice), data: { startedOn: someDate(dice), ...ref("works-permit-no", permit) } },
			{
				type: "construction.permitted",
				time: someTime(dice),
				data: { permitNo: "410811202301010101", validUntilOn: someDate(dice, 2024), ...ref("building-label", `${permit}#${label}`) },
			},
		]
	},
	"waiting seizures": (dice) => {
		const at = dice.pick([UNITS[0], BUILDINGS[0], PARCELS[0]])
		const seized = (seizureNo: string, more: Json): Draft => ({
			type: "judicial.seized",
			...(at === undefined ? {} : { subject: at }),
			time: someTime(dice),
			data: { seizureNo, kind: dice.pick(["seizure", "waiting", "pre-seizure"]), court: "山阳区人民法院", ...more },
		})
		return [
			seized(SEIZURES[0], { toOn: someDate(dice, 2024) }),
			seized(SEIZURES[1], { queuePosition: 1 + dice.int(3), termMonths: 6 }),
			seized(SEIZURES[2], dice.chance(50) ? { queuePosition: 1 + dice.int(3) } : { fromOn: someDate(dice) }),
			{ type: "judicial.seizure-lifted", time: someTime(dice), data: { seizureNo: dice.pick(SEIZURES) } },
			{ type: "judicial.seizure-renewed", time: someTime(dice), data: { seizureNo: dice.pick(SEIZURES), toOn: someDate(dice, 2025) } },
		]
	},
	"registered and resold": (dice) => {
		const unit = dice.pick(UNITS)
		return [
			{
				type: "registration.first-registered",
				subject: unit.slice(0, 24),
				time: someTime(dice),
				data: { certificateNo: CERTIFICATES[0], holder: COMPANY, ...(dice.chance(60) ? { units: [unit] } : {}) },
			},
			{
				type: "registration.priority-notice-registered",
				subject: unit,
				time: someTime(dice),
				data: { proofNo: dice.pick(PROOFS), holder: PEOPLE[0], contractNo: dice.pick(CONTRACTS) },
			},
			{
				type: "registration.transferred",
				time: someTime(dice),
				data: {
					certificateNo: CERTIFICATES[1],
					holders: [PEOPLE[0]],
					...ref(dice.pick(["certificate-no", "contract-no", "house-code"]), dice.pick([CERTIFICATES[0], CONTRACTS[0], HOUSES[0]])),
				},
			},
			{ type: "registration.deregistered", time: someTime(dice), data: { certificateNo: dice.pick(CERTIFICATES), reason: "注销" } },
			{
				type: "sales.invoice-issued",
				subject: unit,
				time: someTime(dice),
				data: { invoiceNo: "23412000000000000001", totalCny: "800000", buyers: [dice.pick(PEOPLE)] },
			},
		]
	},
	"permits that change": (dice) => [
		{
			type: "construction.presale-permitted",
			time: someTime(dice),
			data: {
				permitNo: "焦房预售证第1号",
				buildings: [dice.pick(BUILDINGS)],
				worksPermitNo: dice.pick(PERMITS),
				...(dice.chance(40) ? { units: [dice.pick(UNITS)] } : {}),
			},
		},
		{
			type: "planning.permit-amended",
			time: someTime(dice),
			data: { permitNo: dice.pick(PERMITS), kind: "works", buildings: [dice.pick(BUILDINGS)], projectCode: dice.pick(PROJECTS) },
		},
		{
			type: dice.pick(["construction.presale-revoked", "planning.permit-revoked"]),
			time: someTime(dice),
			data: { permitNo: dice.pick(["焦房预售证第1号", ...PERMITS]), kind: "works" },
		},
		{
			type: "utility.connected",
			time: someTime(dice),
			data: { service: "water", company: "焦作水务", accounts: [{ unit: dice.pick(UNITS), accountNo: "0012345" }] },
		},
		{
			type: "utility.account-opened",
			time: someTime(dice),
			data: { service: "water", company: "焦作水务", accountNo: "0012345", ...ref("house-code", dice.pick(HOUSES)) },
		},
	],
	"any type anywhere": (dice) => [0, 1, 2, 3].map(() => moved(dice.pick(corpus), dice)),
	"odd codes": (dice) => [
		filed(
			dice,
			dice.pick(CONTRACTS),
			{},
			dice.pick([`${BUILDINGS[0]}0000`, `${PARCELS[0]}W00000000`, `${PARCELS[0]}F99990001`, "410811000000GB00000F00010001", BUILDINGS[0]]),
		),
		{
			type: "registration.first-registered",
			subject: `${PARCELS[0]}F99990001`,
			time: someTime(dice),
			data: { certificateNo: dice.pick(CERTIFICATES), holder: COMPANY, buildings: BUILDINGS.slice(0, 2) },
		},
		{ type: "registrar.party-renamed", time: someTime(dice), data: { from: COMPANY, to: BANK } },
	],
}
