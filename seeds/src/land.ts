import { on, yearOf } from "./day.ts"
import type { Dice } from "./dice.ts"
import { centi } from "./money.ts"
import type { Plan } from "./plan.ts"
import type { Post } from "./post.ts"

/** From the land's grant to its certificate (交地即交证), and the mortgage on it. */
export const tellLand = ({ number, parcel, areaM2, developer, bank, granted, certificateNo }: Plan, post: Post, dice: Dice): void => {
	const year = yearOf(granted)
	const premium = areaM2 * dice.between(40, 90)
	const supervisionNo = `${parcel.slice(0, 6)}${year}B${String(number).padStart(5, "0")}`
	post.say({
		department: "resources",
		type: "land.granted",
		day: granted,
		subject: parcel,
		data: {
			grantKind: "assignment",
			grantContractNo: `豫(焦)出让(${year})第${String(number).padStart(4, "0")}号`,
			supervisionNo,
			grantee: developer,
			areaM2: centi(areaM2),
			landUse: "城镇住宅用地",
			termYears: 70,
			premiumCny: centi(premium),
			plotRatioMax: "2.5",
			handoverDueOn: on(granted + 60),
			startDueOn: on(granted + 365),
			completeDueOn: on(granted + 1300),
		},
		...(dice.chance(200) ? { misprint: { areaM2: centi(Math.round(areaM2 / 10)) } } : {}),
	})
	const half = Math.floor(premium / 2)
	// The treasury knows the contract's number and no parcel.
	for (const [day, amount, isAll] of [
		[granted + 28, half, false],
		[granted + 55, premium - half, true],
	] as const)
		post.say({
			department: "resources",
			type: "land.premium-paid",
			day,
			data: { amountCny: centi(amount), paidInFull: isAll, refs: [{ kind: "supervision-no", value: supervisionNo }] },
		})
	post.say({
		department: "resources",
		type: "land.handed-over",
		day: granted + 58,
		subject: parcel,
		data: { handoverNo: `交地${year}${String(number).padStart(4, "0")}` },
	})
	post.say({
		department: "registry",
		type: "land.right-registered",
		day: granted + 58.45,
		subject: parcel,
		data: { certificateNo, holder: developer, startOn: on(granted), endOn: on(granted + 25_566) },
	})
	if (!dice.chance(500)) return
	const proofNo = `豫(${year})焦作市不动产证明第${String(1_000_000 + number).padStart(7, "0")}号`
	post.say({
		department: "registry",
		type: "finance.mortgage-registered",
		day: granted + 90,
		subject: parcel,
		data: {
			proofNo,
			kind: "land",
			mortgagee: bank,
			mortgagor: developer,
			debtCny: centi(Math.floor(premium / 2)),
			fromOn: on(granted + 90),
			toOn: on(granted + 820),
			rank: 1,
		},
	})
	post.say({ department: "registry", type: "finance.mortgage-discharged", day: granted + 265, data: { proofNo } })
}
