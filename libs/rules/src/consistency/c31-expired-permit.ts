import { type Line, linesOf, type Permit, type PermitKind } from "@yima/lifecycle"
import { endOfDay, endOfMonthsAfter, type Moment, normalForm, startOfDay } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { lineBy, ownLines, type Spatial } from "../own.ts"
import { fact } from "../proof.ts"
import { exactly, notAfter, onDay, type When, whenOf } from "../when.ts"
import { day, said, suspect } from "./suspect.ts"

/** In months, where the permit states no end: 建字 12, 施工许可 3 with two extensions of 3, 用地许可 12. */
const MONTHS = { WORKS: 12, CONSTRUCTION: 9, LAND: 12 } as const
const TITLES = { WORKS: "建设工程规划许可", CONSTRUCTION: "施工许可", LAND: "建设用地规划许可" } as const

type Expiring = keyof typeof MONTHS
const isExpiring = (kind: PermitKind): kind is Expiring => kind in MONTHS

const endOf = (permit: Permit & { readonly kind: PermitKind }): Moment =>
	permit.validUntilOn === null ? endOfMonthsAfter(permit.at, isExpiring(permit.kind) ? MONTHS[permit.kind] : 0) : endOfDay(permit.validUntilOn)

interface Use {
	readonly line: Line
	readonly at: Moment
	readonly when: When
	readonly permitNo: string | undefined
}

/** What it is first used for; what follows needs no valid permit any more. */
const firstUse = (view: Spatial, kind: Expiring): Use | undefined => {
	const uses =
		kind === "LAND"
			? linesOf(view.lines, "land.granted", "land.right-registered").map((line) => ({ line, at: line.time, when: whenOf(line), permitNo: undefined }))
			: linesOf(view.lines, "construction.started").map((line) => ({
					line,
					at: startOfDay(line.says.startedOn),
					when: onDay(line.says.startedOn),
					permitNo: kind === "CONSTRUCTION" ? line.says.permitNo : undefined,
				}))
	return [...uses].sort((a, b) => a.at - b.at)[0]
}

const judge = (view: Spatial): readonly Suspicion[] =>
	(["WORKS", "CONSTRUCTION", "LAND"] as const).flatMap((kind) => {
		const use = firstUse(view, kind)
		// The act decides where it stands.
		if (use === undefined || !ownLines(view, "land.granted", "land.right-registered", "construction.started").some((line) => line.key === use.line.key))
			return []
		const permits = view.permits.filter(
			(each) => each.kind === kind && (use.permitNo === undefined || normalForm(use.permitNo) === normalForm(each.permitNo)) && each.at <= use.when.last,
		)
		const isValid = permits.some((each) => use.at < endOf(each) && (each.revokedAt === null || use.at < each.revokedAt))
		const expired = permits.filter((each) => each.revokedAt === null || each.revokedAt > endOf(each)).at(-1)
		if (isValid || expired === undefined) return []
		const end = endOf(expired)
		const given = lineBy(view, expired.event)
		return suspect({
			on: expired.permitNo,
			since: use.at,
			saidAt: use.line.time,
			if: notAfter(exactly(end), use.when),
			says: `${TITLES[kind]} ${expired.permitNo} 已于 ${day(end)} 零时失效,${day(use.at)} 才${kind === "LAND" ? "取得用地" : "开工"}。解除所需: 补报当时已有的延期,或更正、撤回,或登记员办结`,
			parts: [
				fact(true, `${TITLES[kind]} ${expired.permitNo} ${day(expired.at)} 核发,有效至 ${day(end)} 零时`, expired.events, given?.time ?? expired.at),
				said(use.line, `${day(use.at)} ${kind === "LAND" ? "取得用地" : "开工"}`),
			],
		})
	})

export const c31: FindingRule = {
	code: "C31",
	title: "使用过期的许可",
	severity: "HOLD",
	kind: "breach",
	responsible: "自然资源和规划局",
	basis: "河南省实施城乡规划法办法第42条、第44条;建筑法第9条",
	reads: [
		"planning.land-permitted",
		"planning.works-permitted",
		"planning.permit-amended",
		"planning.permit-extended",
		"planning.permit-revoked",
		"construction.permitted",
		"construction.permit-extended",
		"construction.permit-revoked",
		"construction.started",
		"land.granted",
		"land.right-registered",
	],
	parameters: [],
	example: "建设工程规划许可核发十三个月后才开工,没有延期。",
	unit: judge,
	building: judge,
	parcel: judge,
}
