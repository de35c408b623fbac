import type { Json } from "@yima/test-kit"

export const PARCEL = "410811001001GB00001"
export const BUILDING = `${PARCEL}F0001`
export const [FLAT, OTHER] = [`${BUILDING}0101`, `${BUILDING}0102`] as const
export const PROJECT = "2301-410811-04-01-000001"
export const DEVELOPER = { name: "怀川置业有限公司", idKind: "uscc", idNumber: "INVENTED0000000001" } as const
export const BUYER = { name: "甲某某", idKind: "resident-id", idNumber: "410811190001010016" } as const

let counted = 0

/** An event as its department would send it; `at` in China. */
export const said = (type: string, at: string, subject: string | null, data: object, more: Json = {}): Json => ({
	specversion: "1.0",
	id: `${type}-${++counted}`,
	source: `jz/410811/${type.split(".")[0]}`,
	type: `yima.${type}.v1`,
	time: `${at.includes(" ") ? at.replace(" ", "T") : `${at}T09:00`}:00+08:00`,
	...(subject === null ? {} : { subject }),
	data,
	...more,
})

export const project = () => said("project.approved", "2023-01-01", null, { projectCode: PROJECT, name: "怀川府一期", developer: DEVELOPER, parcels: [PARCEL] })

export const granted = () => said("land.granted", "2022-12-01", PARCEL, { grantKind: "assignment", grantee: DEVELOPER, areaM2: "5000.00" })

export const survey = (units: readonly string[] = [FLAT, OTHER]) =>
	said("survey.predicted", "2023-02-01", BUILDING, {
		surveyNo: "CH1",
		units: units.map((code, n) => ({ code, houseCode: `FW${code.slice(-4)}`, floor: "1", room: code.slice(-4), areaM2: `${100 + n}.00` })),
	})

export const sale = (contractNo: string, subject: string | null = FLAT, more: object = {}) =>
	said("sales.contract-filed", "2023-05-02", subject, {
		contractNo,
		kind: "presale",
		seller: DEVELOPER,
		buyers: [BUYER],
		signedOn: "2023-05-01",
		areaM2: "100.00",
		totalPriceCny: "800000.00",
		...more,
	})

export const tax = (contractNo: string) =>
	said("tax.deed-tax-paid", "2023-06-01", null, { receiptNo: `WS-${contractNo}`, payers: [BUYER], amountCny: "12000.00", contractNo })
