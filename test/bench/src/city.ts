import { toCloudEvent } from "@yima/schemas"
import { eventOf, type Json } from "@yima/test-kit"

const COMPANY = { name: "焦作某某房地产开发有限公司", idKind: "uscc", idNumber: "91410800MA3X00001A" }
const BANK = { name: "某某银行股份有限公司焦作分行", idKind: "uscc", idNumber: "91410800MA3X00002B" }
const UNITS_PER_BUILDING = 50

const pad = (n: number, width: number) => String(n).padStart(width, "0")

/** The same as the log holds it: sealed, as JSON texts. */
export const city = (units: number): readonly string[] => cityAsSent(units).map((json) => JSON.stringify(toCloudEvent(eventOf(json))))

/** All at once: see `reports`. */
export const cityAsSent = (units: number): readonly Json[] => [...reports(units)]

/**
 * The life of `units` flats as ten departments report it, half of it without a code: a flat sees some twenty-five events, of which
 * fourteen are its own. The same number gives the same events. Building by building, so that a city of any size fits into memory.
 */
export function* reports(units: number, unitsPerBuilding = UNITS_PER_BUILDING): Generator<Json, void, undefined> {
	const found: Json[] = []
	let counted = 0
	const say = (type: string, time: string, data: Json, subject?: string) => {
		found.push({
			specversion: "1.0",
			id: `2023-${pad(counted++, 8)}`,
			source: `urn:jz:${type.split(".")[0]}`,
			type: `yima.${type}.v1`,
			...(subject === undefined ? {} : { subject }),
			time,
			data,
		})
	}
	for (let building = 0; building * unitsPerBuilding < units; building++) {
		const parcel = `410811001${pad(1 + (building >> 10), 3)}GB${pad(1 + (building % 1024), 5)}`
		const code = `${parcel}F0001`
		const projectCode = `2301-410811-04-01-${pad(building, 6)}`
		const permitNo = `建字第410811202300${pad(building, 5)}号`
		const presalePermitNo = `焦房预售证第${pad(building, 6)}号`
		const flats = Array.from({ length: Math.min(unitsPerBuilding, units - building * unitsPerBuilding) }, (_, at) => `${code}${pad(at + 1, 4)}`)
		const house = (at: number) => `FW${pad(building, 6)}${pad(at + 1, 4)}`
		const account = (at: number) => pad(building * Math.max(100, unitsPerBuilding) + at, 10)
		const rows = flats.map((flat, at) => ({
			code: flat,
			houseCode: house(at),
			address: `焦作市山阳区人民路${building + 1}号某某花园1号楼1单元${pad(at + 1, 4)}室`,
			floor: String(1 + (at >> 2)),
			room: pad(at, 4),
			areaM2: "118.50",
		}))
		say(
			"land.granted",
			"2020-03-01T00:00:00+08:00",
			{ grantKind: "assignment", grantee: COMPANY, supervisionNo: `4108112020B${pad(building, 5)}`, areaM2: "20000", landUse: "城镇住宅用地", termYears: 70 },
			parcel,
		)
		say(
			"land.right-registered",
			"2020-04-01T00:00:00+08:00",
			{ certificateNo: `豫(2020)焦作市不动产权第${pad(building, 7)}号`, holder: COMPANY, endOn: "2090-03-31" },
			parcel,
		)
		say("project.approved", "2020-04-10T00:00:00+08:00", { projectCode, name: "某某花园", developer: COMPANY, parcels: [parcel] })
		say("planning.works-permitted", "2020-06-01T00:00:00+08:00", { permitNo, projectCode, buildingLabels: ["1号楼"], floorAreaM2: "50000" }, parcel)
		say("survey.predicted", "2020-08-01T00:00:00+08:00", { surveyNo: `YC${pad(building, 6)}`, worksPermitNo: permitNo, buildingLabels: ["1号楼"], units: rows })
		say("construction.permitted", "2020-09-01T00:00:00+08:00", { permitNo: `41081120200901${pad(building, 6)}`, buildings: [code] })
		say("construction.presale-permitted", "2021-01-05T00:00:00+08:00", {
			permitNo: presalePermitNo,
			seller: COMPANY,
			buildings: [code],
			worksPermitNo: permitNo,
		})
		say("construction.acceptance-passed", "2022-10-01T00:00:00+08:00", { opinionNo: `YS${pad(building, 6)}`, buildings: [code] })
		say(
			"survey.measured",
			"2022-10-20T00:00:00+08:00",
			{ surveyNo: `SC${pad(building, 6)}`, units: flats.map((flat) => ({ code: flat, predicted: [flat], link: "same", areaM2: "119.02" })) },
			code,
		)
		say("registration.first-registered", "2022-11-01T00:00:00+08:00", { certificateNo: `豫(2022)焦作市不动产权第${pad(building, 7)}号`, holder: COMPANY }, code)
		for (const service of ["water", "power"])
			say(
				"utility.connected",
				"2022-11-10T00:00:00+08:00",
				{ service, company: `焦作${service}`, accounts: flats.map((unit, at) => ({ unit, accountNo: account(at) })) },
				code,
			)
		flats.forEach((flat, at) => {
			const n = building * unitsPerBuilding + at
			const buyers = ["19900101", "19920202"].map((born, which) => ({
				name: `${"张李"[which]}${n}`,
				idKind: "resident-id",
				idNumber: `410811${born}${pad(n % 10_000, 4)}`,
			}))
			const contractNo = `HT2021${pad(n, 8)}`
			const proofNo = (kind: string) => `豫(2021)焦作市不动产证明第${kind}${pad(n, 7)}号`
			const applicationNo = `SL${pad(n, 9)}`
			say("sales.contract-filed", "2021-03-01T10:20:30+08:00", {
				contractNo,
				kind: "presale",
				seller: COMPANY,
				buyers,
				signedOn: "2021-02-26",
				areaM2: "118.50",
				areaBasis: "gross",
				unitPriceCny: "7800.00",
				totalPriceCny: "924300.00",
				paymentKind: "loan",
				presalePermitNo,
				handoverDueOn: "2023-01-31",
				clauses: ["enlisted", "first-registration-before-handover", "full-invoice", "stamped-application"],
				refs: [{ kind: "house-code", value: house(at) }],
			})
			say("registration.priority-notice-registered", "2021-03-10T00:00:00+08:00", { proofNo: proofNo("1"), holder: buyers[0], contractNo }, flat)
			say(
				"finance.mortgage-registered",
				"2021-03-12T00:00:00+08:00",
				{ proofNo: proofNo("2"), kind: "priority-notice", mortgagee: BANK, mortgagor: buyers[0], debtCny: "640000.00" },
				flat,
			)
			say("finance.escrow-received", "2021-03-15T14:00:00+08:00", { contractNo, amountCny: "924300.00", account: "监管账户" })
			say("sales.invoice-issued", "2022-12-01T09:00:00+08:00", { invoiceNo: `2341${pad(n, 16)}`, contractNo, totalCny: "924300.00", buyers })
			say("tax.deed-tax-paid", "2022-12-02T09:00:00+08:00", {
				receiptNo: `3410862212${pad(n, 8)}`,
				payers: buyers,
				baseCny: "848000.00",
				amountCny: "8480.00",
				contractNo,
				settled: true,
			})
			say("tax.maintenance-fund-paid", "2022-12-03T09:00:00+08:00", { receiptNo: `WX${pad(n, 8)}`, amountCny: "8330.00", payers: buyers, contractNo })
			say("sales.application-stamped", "2022-12-04T09:00:00+08:00", { contractNo })
			say("sales.handed-over", "2023-01-20T00:00:00+08:00", { contractNo, handedOverOn: "2023-01-20" })
			say(
				"registration.transfer-applied",
				"2023-01-20T10:00:00+08:00",
				{ applicationNo, contractNo, holders: buyers, consents: { utilities: { given: true, consentId: `C${n}` } } },
				flat,
			)
			say(
				"registration.transferred",
				"2023-01-20T15:00:00+08:00",
				{ applicationNo, certificateNo: `豫(2023)焦作市不动产权第${pad(n, 7)}号`, holders: buyers },
				flat,
			)
			say(
				"finance.mortgage-registered",
				"2023-01-21T00:00:00+08:00",
				{ proofNo: proofNo("3"), kind: "unit", mortgagee: BANK, mortgagor: buyers[0], debtCny: "640000.00", rank: 1 },
				flat,
			)
			for (const service of ["water", "power"])
				say("utility.account-opened", "2023-01-28T00:00:00+08:00", { service, company: `焦作${service}`, accountNo: account(at) })
		})
		yield* found.splice(0)
	}
}
