import { type Building, isInEffect, type Parcel, type Restriction, type Seizure, share, type Unit } from "@yima/lifecycle"
import type { Moment } from "@yima/schemas"
import type { ConditionRule } from "../condition.ts"
import { liveOf, termOf } from "../contract-of.ts"
import { liftsOf } from "../lifting.ts"
import { all, fact, type Proof } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { later, timeOf } from "../time-of.ts"

type Seen = Unit | Building | Parcel

const seized = ({ seizures }: Seen, each: Seizure): Proof => {
	const kind = each.kind === "pre-seizure" ? "预查封" : "查封"
	return fact(false, `${each.court}${kind} ${each.seizureNo},解封前不得登记`, [each.event], each.from, liftsOf(each, seizures))
}

/** Since when a residence right is another's than the buyers': not before those are the buyers; null: who was before is not asked. */
const othersSince = (view: Seen, each: Restriction): Moment | null => {
	const at = timeOf(view, each.event)
	if (view.is !== "unit" || view.contracts.length === 0) return at
	const live = liveOf(view)
	return live === null ? null : later(at, termOf(view, live, "buyers").time)
}

const restricted = (view: Seen, each: Restriction): Proof =>
	each.kind === "OBJECTION"
		? fact(false, `异议登记 ${each.proofNo} 未注销`, [each.event], timeOf(view, each.event), {
				type: "registration.objection-lifted",
				title: `注销异议登记 ${each.proofNo}`,
			})
		: fact(false, `他人的居住权 ${each.proofNo} 未注销`, [each.event], othersSince(view, each), {
				type: "registration.residence-right-deregistered",
				title: `注销居住权 ${each.proofNo}`,
			})

const free = (what: string, bad: readonly Proof[]): Proof =>
	bad.length === 0 ? fact(true, `${what}没有查封、异议或他人的居住权`) : all(`${what}没有查封、异议或他人的居住权`, bad)

/** What a scope sees: its own and what stands above it, but for what was lifted or left out for it. */
const isFree = (what: string, view: Seen, isOthers: (each: Restriction) => boolean): Proof =>
	free(what, [
		...view.seizures.filter(isInEffect).map((each) => seized(view, each)),
		...view.restrictions.filter((each) => each.active && isOthers(each)).map((each) => restricted(view, each)),
	])

const ofUnit = (unit: Unit, { same }: Scene): Proof => {
	const buyers = liveOf(unit)?.buyers ?? []
	const isOthers = ({ kind, holder }: Restriction) =>
		kind === "OBJECTION" || (kind === "RESIDENCE_RIGHT" && (holder === null || !share(same, [holder], buyers)))
	return isFree("本户", unit, isOthers)
}

const isObjection = ({ kind }: Restriction) => kind === "OBJECTION"

export const U5: ConditionRule = {
	id: "U5",
	title: "没有查封、异议或他人的居住权",
	scope: "UNIT",
	responsible: "不动产登记中心",
	basis: "《城市房地产管理法》第三十八条;《民法典》第二百二十条、第三百六十六条",
	remedy: "解除查封,注销异议登记或居住权",
	reads: [
		"judicial.seized",
		"judicial.seizure-renewed",
		"judicial.seizure-lifted",
		"registration.objected",
		"registration.objection-lifted",
		"registration.residence-right-registered",
		"registration.residence-right-deregistered",
		"registration.transferred",
		"sales.contract-filed",
		"sales.contract-amended",
		"sales.contract-cancelled",
	],
	parameters: [],
	example: "法院预查封了买受人的这一户",
	neverWaived: true,
	alone: true,
	after: [],
	unit: ofUnit,
	building: (building) => isFree("本幢", building, isObjection),
	parcel: (parcel) => isFree("宗地", parcel, isObjection),
}
