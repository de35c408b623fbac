import type { Department } from "./post.ts"

/** What a department says of a small site, with placeholders: `$101` is a thing of the site, `#` in a text its number. */
export interface Said {
	readonly department: Department
	readonly type: string
	/** `2022-05-10`, known by its day, or with a time of day: `2022-05-10 10:00`. */
	readonly on: string
	readonly subject?: string
	/** The name of what it corrects. */
	readonly corrects?: string
	readonly data: Readonly<Record<string, unknown>>
}

const ROWS = [
	{ code: "$101", floor: "1", room: "101", use: "成套住宅", areaM2: "100.00", insideM2: "80.00", sharedM2: "20.00" },
	{ code: "$102", floor: "1", room: "102", use: "成套住宅", areaM2: "100.00", insideM2: "80.00", sharedM2: "20.00" },
]

const filed: Said = {
	department: "housing",
	type: "sales.contract-filed",
	on: "2022-05-10 10:00",
	subject: "$101",
	data: {
		contractNo: "2022#1",
		kind: "presale",
		presalePermitNo: "焦房预售证第#号",
		seller: "$developer",
		buyers: ["$buyer"],
		signedOn: "2022-05-06",
		areaM2: "100.00",
		areaBasis: "gross",
		unitPriceCny: "8000.00",
		totalPriceCny: "800000.00",
		vatCny: "66055.05",
		paymentKind: "full",
		downPaymentCny: "240000.00",
	},
}

/** The life of a building of two flats, 101 and 102, of which the first is sold: by its stages, without a contradiction. */
export const LIFE = {
	land: {
		granted: {
			department: "resources",
			type: "land.granted",
			on: "2021-03-01",
			subject: "$lot",
			data: { grantKind: "assignment", grantee: "$developer", areaM2: "10000.00", landUse: "城镇住宅用地", termYears: 70, plotRatioMax: "2.00" },
		},
		right: {
			department: "registry",
			type: "land.right-registered",
			on: "2021-04-01",
			subject: "$lot",
			data: { certificateNo: "豫(2021)博爱县不动产权第#号", holder: "$developer", startOn: "2021-03-01", endOn: "2091-02-28" },
		},
	},
	permits: {
		works: {
			department: "resources",
			type: "planning.works-permitted",
			on: "2021-06-01",
			subject: "$lot",
			data: {
				permitNo: "建字第4108222021#号",
				holder: "$developer",
				perBuilding: [{ code: "$b1", floors: 1, unitCount: 2, areaM2: "200.00" }],
			},
		},
		predicted: {
			department: "survey",
			type: "survey.predicted",
			on: "2021-06-20",
			subject: "$b1",
			data: { surveyNo: "YC2021-#", units: ROWS.map((row) => ({ ...row, houseCode: `FW410822#${row.room}` })) },
		},
		permitted: {
			department: "housing",
			type: "construction.permitted",
			on: "2021-07-15",
			subject: "$b1",
			data: { permitNo: "41082220210715#", holder: "$developer" },
		},
		started: { department: "housing", type: "construction.started", on: "2021-08-01", subject: "$b1", data: { startedOn: "2021-08-01" } },
		presale: {
			department: "housing",
			type: "construction.presale-permitted",
			on: "2022-03-01",
			subject: "$b1",
			data: {
				permitNo: "焦房预售证第#号",
				seller: "$developer",
				unitCount: 2,
				escrowAccount: "监管账户#",
				landCertificateNo: "豫(2021)博爱县不动产权第#号",
				worksPermitNo: "建字第4108222021#号",
			},
		},
	},
	sale: {
		filed,
		money: {
			department: "housing",
			type: "sales.paid-in-full",
			on: "2022-06-20",
			data: { contractNo: "2022#1", amountCny: "800000.00", account: "监管账户#" },
		},
	},
	built: {
		verified: {
			department: "resources",
			type: "planning.verified",
			on: "2023-10-10",
			subject: "$b1",
			data: { verificationNo: "焦规核2023#", passed: true, floorAreaM2: "200.00" },
		},
		accepted: {
			department: "housing",
			type: "construction.acceptance-passed",
			on: "2023-10-20",
			subject: "$b1",
			data: { opinionNo: "焦联验2023#" },
		},
		completion: {
			department: "housing",
			type: "construction.completion-filed",
			on: "2023-11-05",
			subject: "$b1",
			data: { filingNo: "焦竣备2023#", completedOn: "2023-10-20", floorAreaM2: "200.00" },
		},
		measured: {
			department: "survey",
			type: "survey.measured",
			on: "2023-11-10",
			subject: "$b1",
			data: { surveyNo: "SC2023-#", units: ROWS.map((row) => ({ ...row, predicted: [row.code], link: "same", houseCode: `FW410822#${row.room}` })) },
		},
		first: {
			department: "registry",
			type: "registration.first-registered",
			on: "2023-11-25 15:00",
			subject: "$b1",
			data: { certificateNo: "豫(2023)博爱县不动产权第1#号", holder: "$developer", landEndOn: "2091-02-28" },
		},
	},
	paid: {
		invoice: {
			department: "tax",
			type: "sales.invoice-issued",
			on: "2023-12-05 10:00",
			data: { invoiceNo: "23412#1", contractNo: "2022#1", totalCny: "800000.00", buyers: ["$buyer"] },
		},
		tax: {
			department: "tax",
			type: "tax.deed-tax-paid",
			on: "2023-12-10 10:00",
			data: {
				receiptNo: "3410822#1",
				payers: ["$buyer"],
				baseCny: "733944.95",
				amountCny: "7339.45",
				contractNo: "2022#1",
				assessed: false,
				settled: true,
			},
		},
		fund: {
			department: "fund",
			type: "tax.maintenance-fund-paid",
			on: "2023-12-12 10:00",
			data: { receiptNo: "WX2023#", amountCny: "7000.00", payers: ["$buyer"], contractNo: "2022#1" },
		},
	},
	keys: {
		handed: { department: "housing", type: "sales.handed-over", on: "2024-01-10", data: { contractNo: "2022#1", handedOverOn: "2024-01-10" } },
		applied: {
			department: "registry",
			type: "registration.transfer-applied",
			on: "2024-01-10 10:00",
			subject: "$101",
			data: { applicationNo: "SL20240110#", contractNo: "2022#1", holders: ["$buyer"], consents: { utilities: { given: true, consentId: "TY#" } } },
		},
		transferred: {
			department: "registry",
			type: "registration.transferred",
			on: "2024-01-11 10:00",
			subject: "$101",
			data: { applicationNo: "SL20240110#", certificateNo: "豫(2024)博爱县不动产权第2#号", holders: ["$buyer"] },
		},
	},
	accounts: {
		water: {
			department: "water",
			type: "utility.account-opened",
			on: "2024-01-15 10:00",
			subject: "$101",
			data: { service: "water", company: "焦作市水务公司", accountNo: "W#101", holder: "$buyer" },
		},
	},
} as const satisfies Readonly<Record<string, Readonly<Record<string, Said>>>>

export type Stage = keyof typeof LIFE
/** One thing that is said in that life. */
export type Word = { [S in Stage]: keyof (typeof LIFE)[S] }[Stage]

/** All that is said in a life, by name, in order. */
export const WORDS: ReadonlyMap<Word, Said> = new Map(Object.values(LIFE).flatMap((stage) => Object.entries(stage) as [Word, Said][]))
