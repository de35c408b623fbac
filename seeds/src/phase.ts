import { type Day, on, yearOf } from "./day.ts"
import type { Dice } from "./dice.ts"
import { type Fate, type Life, tellFlat, tellMerged } from "./life.ts"
import { centi } from "./money.ts"
import type { Building, Flat, Phase, Plan } from "./plan.ts"
import type { Post } from "./post.ts"
import { accountNo, SERVICES } from "./service.ts"

/** Days after a phase begins. */
const DUE = {
	approved: 70,
	enlisted: 85,
	worksPermitted: 110,
	predicted: 140,
	permitted: 155,
	mortgaged: 270,
	presale: 290,
	accepted: 865,
	measured: 885,
	handover: 970,
} as const

/** Days from one building to the next. All are registered within ninety days of the keys: no buyer's notice lapses. */
const PACE = { rise: 9, finish: 3 } as const

/** What two neighbours became that were built as one: the new unit, with the two that were sold. */
interface Merged {
	readonly whole: Flat
	readonly from: readonly Flat[]
}

interface Told {
	readonly presalePermitNo: string
	readonly escrowAccount: string
	readonly constructionProof: string | null
	readonly merged: Merged | null
}

const sum = (flats: readonly Flat[], of: (flat: Flat) => number): number => flats.reduce((all, flat) => all + of(flat), 0)

const mergedOf = (building: string, flats: readonly Flat[], from: readonly Flat[]): Merged | null => {
	const [first] = from
	if (first === undefined) return null
	const measuredM2 = sum(from, (flat) => flat.measuredM2)
	const code = `${building}${String(flats.length + 1).padStart(4, "0")}`
	// It is sold as it was measured.
	return { whole: { ...first, code, houseCode: null, room: from.map((flat) => flat.room).join("、"), measuredM2, predictedM2: measuredM2 }, from }
}

/** What is said of a building before its flats are sold. */
const tellRise = (building: Building, at: number, plan: Plan, phase: Phase, post: Post, dice: Dice): Told => {
	const { begins, projectCode, worksPermitNo } = phase
	const { developer, bank } = plan
	const { code, label, flats } = building
	const own = begins + at * PACE.rise
	const number = `${String(plan.number).padStart(4, "0")}${code.slice(21)}`
	const year = (day: Day) => yearOf(day)
	// The housing bureau knows buildings by their names on the works permit.
	const refs = [{ kind: "building-label", value: `${projectCode}#${label}` }]
	post.say({
		department: "survey",
		type: "survey.predicted",
		day: own + DUE.predicted,
		data: {
			surveyNo: `YC${year(own + DUE.predicted)}-${number}`,
			projectCode,
			worksPermitNo,
			buildingLabels: [label],
			units: flats.map(({ code: unit, houseCode, floor, room, address, predictedM2 }) => ({
				code: unit,
				houseCode,
				floor: String(floor),
				room,
				address,
				use: "成套住宅",
				areaM2: centi(predictedM2),
				insideM2: centi(Math.round(predictedM2 * 0.79)),
				sharedM2: centi(predictedM2 - Math.round(predictedM2 * 0.79)),
			})),
		},
	})
	const permitNo = `${code.slice(0, 6)}${on(own + DUE.permitted).replaceAll("-", "")}01${code.slice(22)}`
	post.say({ department: "housing", type: "construction.permitted", day: own + DUE.permitted, data: { permitNo, holder: developer, refs } })
	post.say({ department: "housing", type: "construction.started", day: own + DUE.permitted + 12, data: { startedOn: on(own + DUE.permitted + 12), refs } })
	const escrowAccount = `监管账户${number}`
	const presalePermitNo = `焦房预售证第${year(own + DUE.presale)}${number}号`
	post.say({
		department: "housing",
		type: "construction.presale-permitted",
		day: own + DUE.presale,
		data: {
			permitNo: presalePermitNo,
			seller: developer,
			unitCount: flats.length,
			escrowAccount,
			landCertificateNo: plan.certificateNo,
			worksPermitNo,
			refs,
		},
	})
	const constructionProof = dice.chance(450) || plan.number % 3 === 2 ? `豫(${year(own + DUE.mortgaged)})焦作市不动产证明第2${number}号` : null
	if (constructionProof !== null) {
		post.say({
			department: "registry",
			type: "finance.mortgage-registered",
			day: own + DUE.mortgaged,
			subject: code,
			data: {
				proofNo: constructionProof,
				kind: "construction",
				mortgagee: bank,
				mortgagor: developer,
				debtCny: centi(sum(flats, (flat) => flat.predictedM2) * 3000),
				fromOn: on(own + DUE.mortgaged),
				toOn: on(own + DUE.mortgaged + 730),
			},
		})
		post.say({ department: "bank", type: "finance.sale-consented", day: own + DUE.mortgaged + 5, data: { proofNo: constructionProof } })
	}
	const pair = at === 0 && flats.length >= 4 ? flats.slice(-2) : []
	return { presalePermitNo, escrowAccount, constructionProof, merged: mergedOf(code, flats, pair) }
}

/** What is said of a building once it stands. */
const tellFinish = (building: Building, at: number, plan: Plan, phase: Phase, { constructionProof, merged }: Told, post: Post, dice: Dice): void => {
	const { begins, projectCode } = phase
	const { developer } = plan
	const { code, label, flats } = building
	const number = `${String(plan.number).padStart(4, "0")}${code.slice(21)}`
	const day = begins + at * PACE.finish + DUE.accepted
	const year = yearOf(day)
	const refs = [{ kind: "building-label", value: `${projectCode}#${label}` }]
	const opinion = { items: ["规划", "消防", "人防", "档案", "质量"].map((item) => ({ item, passed: true })), refs }
	const area = sum(flats, (flat) => flat.measuredM2)
	post.say({
		department: "resources",
		type: "planning.verified",
		day: day - 15,
		subject: code,
		data: { verificationNo: `焦规核${year}${number}`, passed: true, floorAreaM2: centi(area) },
	})
	if (dice.chance(120))
		post.say({
			department: "housing",
			type: "construction.acceptance-failed",
			day: day - 40,
			data: { opinionNo: `焦联验${year}${number}-初`, items: [{ item: "消防", passed: false }], refs },
		})
	post.say({ department: "housing", type: "construction.acceptance-passed", day, data: { opinionNo: `焦联验${year}${number}`, ...opinion } })
	post.say({
		department: "housing",
		type: "construction.completion-filed",
		day: day + dice.between(6, 17),
		data: { filingNo: `焦竣备${year}${number}`, completedOn: on(day), floorAreaM2: centi(area), refs },
	})
	const gone = new Set(merged?.from.map((flat) => flat.code))
	const surveyNo = `SC${year}-${number}`
	const measured = ({ code: unit, houseCode, floor, room, measuredM2 }: Flat, predicted: readonly Flat[], link: "same" | "merged") => {
		const inside = Math.round(measuredM2 * 0.79)
		return {
			code: unit,
			predicted: predicted.map((flat) => flat.code),
			link,
			...(houseCode === null ? {} : { houseCode }),
			floor: String(floor),
			room,
			use: "成套住宅",
			areaM2: centi(measuredM2),
			insideM2: centi(inside),
			sharedM2: centi(measuredM2 - inside),
		}
	}
	const built = [...flats.filter((flat) => !gone.has(flat.code)), ...(merged === null ? [] : [merged.whole])]
	post.say({
		department: "survey",
		type: "survey.measured",
		day: begins + at * PACE.finish + DUE.measured,
		subject: code,
		data: { surveyNo, units: built.map((flat) => (flat === merged?.whole ? measured(flat, merged.from, "merged") : measured(flat, [flat], "same"))) },
	})
	post.say({ department: "survey", type: "survey.accepted", day: day + 25, data: { surveyNo } })
	const applicationNo = `SL${year}1${number}`
	post.say({ department: "registry", type: "registration.first-applied", day: day + 27.4, subject: code, data: { applicationNo } })
	if (dice.chance(150)) {
		post.say({ department: "registry", type: "registration.supplement-requested", day: day + 28.4, data: { applicationNo } })
		post.say({ department: "registry", type: "registration.supplement-received", day: day + 30.6, data: { applicationNo } })
	}
	post.say({
		department: "registry",
		type: "registration.first-registered",
		day: day + 31.6,
		subject: code,
		data: {
			certificateNo: `豫(${year})焦作市不动产权第3${number}号`,
			applicationNo,
			holder: developer,
			commonParts: ["物业服务用房", "门卫室"],
			landEndOn: on(plan.granted + 25_566),
		},
	})
	for (const [n, { service, company, department }] of SERVICES.entries())
		post.say({
			department,
			type: "utility.connected",
			day: day + 33 + n,
			subject: code,
			data: {
				service,
				company,
				mainMeterSettled: true,
				accounts: built.map((flat) => ({ unit: flat.code, accountNo: accountNo(service, plan, flat) })),
			},
		})
	// In the third of three developments the bank lets go of all but the first floor, and nobody has noticed.
	if (constructionProof !== null) {
		const kept = plan.number % 3 === 2 && at === 1 ? flats.filter((flat) => flat.floor > 1).map((flat) => flat.code) : null
		post.say({
			department: "registry",
			type: "finance.mortgage-discharged",
			day: day + 40,
			data: { proofNo: constructionProof, ...(kept === null ? {} : { units: kept }) },
		})
	}
}

/** One project from its approval to the keys. */
export const tellPhase = (plan: Plan, phase: Phase, post: Post, dice: Dice): void => {
	const { begins, projectCode, name, buildings, worksPermitNo } = phase
	const { parcel, developer } = plan
	const flats = buildings.flatMap((building) => building.flats)
	const labels = buildings.map((building) => building.label)
	const year = yearOf(begins + DUE.enlisted)
	const handover = begins + DUE.handover
	const isAlone = plan.phases.length === 1
	post.say({
		department: "development",
		type: "project.approved",
		day: begins + DUE.approved,
		data: { projectCode, name, developer, ...(isAlone ? { parcels: [parcel] } : {}) },
	})
	post.say({
		department: "housing",
		type: "project.enlisted",
		day: begins + DUE.enlisted,
		data: { projectCode, listNo: `焦交房即交证${year}第${1 + (plan.number % 4)}批` },
	})
	post.say({
		department: "housing",
		type: "project.scheduled",
		day: begins + DUE.enlisted + 2,
		data: {
			projectCode,
			completionDueOn: on(begins + DUE.accepted + buildings.length * PACE.finish),
			firstRegistrationDueOn: on(begins + DUE.accepted + buildings.length * PACE.finish + 30),
			handoverDueOn: on(handover),
			buildingCount: buildings.length,
			unitCount: flats.length,
		},
	})
	post.say({
		department: "resources",
		type: "planning.land-permitted",
		day: begins + DUE.approved + 15,
		subject: parcel,
		data: { permitNo: worksPermitNo.replace("建字", "地字").replace("GG", "YG"), holder: developer, areaM2: centi(plan.areaM2) },
	})
	post.say({
		department: "resources",
		type: "planning.works-permitted",
		day: begins + DUE.worksPermitted,
		subject: parcel,
		data: {
			permitNo: worksPermitNo,
			holder: developer,
			projectCode,
			floorAreaM2: centi(sum(flats, (flat) => flat.predictedM2)),
			buildingLabels: labels,
			perBuilding: buildings.map(({ label, flats: some }) => ({
				label,
				floors: some.at(-1)?.floor ?? 1,
				unitCount: some.length,
				areaM2: centi(sum(some, (flat) => flat.predictedM2)),
				use: "住宅",
			})),
		},
	})
	if (plan.number % 3 === 0) {
		post.say({
			department: "housing",
			type: "project.hold-placed",
			day: begins + 700,
			data: { projectCode, holdNo: `遗留${year}-${plan.number}`, kind: "unpaid", reason: "欠缴城市基础设施配套费" },
		})
		post.say({ department: "housing", type: "project.hold-lifted", day: begins + 760, data: { projectCode, holdNo: `遗留${year}-${plan.number}` } })
	}
	for (const [at, building] of buildings.entries()) {
		const told = tellRise(building, at, plan, phase, post, dice)
		tellFinish(building, at, plan, phase, told, post, dice)
		const { presalePermitNo, escrowAccount, merged } = told
		const own = begins + at * PACE.rise
		const life = (flat: Flat, fate: Fate): Life => ({
			plan,
			flat,
			fate,
			presalePermitNo,
			escrowAccount,
			opens: own + DUE.presale + 5,
			measured: begins + at * PACE.finish + DUE.measured,
			handover,
		})
		for (const [n, flat] of building.flats.entries()) if (merged?.from.includes(flat) !== true) tellFlat(life(flat, fateOf(plan, at, n)), post, dice)
		if (merged !== null)
			tellMerged(
				life(merged.whole, "usual"),
				merged.from.map((flat) => life(flat, "merged")),
				post,
				dice,
			)
	}
}

/** What befalls flats beside the usual: in each development some, always the same. */
const fateOf = (plan: Plan, building: number, flat: number): Fate => {
	if (plan.number % 3 === 2 && building === 2 && flat === 8) return "sold-twice"
	if (building === 1 && flat === 5) return "seized-twice"
	if (building === 1 && flat === 9) return "objected"
	return "usual"
}
