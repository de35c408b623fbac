import { type EventKey, endOfDay, type LocalDate, type Moment, normalForm, type Scope, startOfDay, surelyBefore } from "@yima/schemas"
import type { Who } from "./fact.ts"
import { absolute } from "./facts.ts"
import { type Line, last, linesOf } from "./line.ts"

/** 用地, 工程规划, 施工, 预售许可, 现房销售备案. */
export type PermitKind = "LAND" | "WORKS" | "CONSTRUCTION" | "PRESALE" | "COMPLETED_SALE"

/** A permit that covers a scope, as of a moment. */
export interface Permit {
	readonly permitNo: string
	readonly kind: PermitKind
	/** Not revoked, not amended away, not lapsed unused. */
	readonly inForce: boolean
	readonly revokedAt: Moment | null
	/** Its last list, if it was amended, still takes the scope in. */
	readonly covers: boolean
	readonly validUntilOn: LocalDate | null
	readonly holder: Who | null
	readonly at: Moment
	readonly scope: Scope
	readonly event: EventKey
	readonly events: readonly EventKey[]
}

const GRANTING = [
	"planning.land-permitted",
	"planning.works-permitted",
	"construction.permitted",
	"construction.presale-permitted",
	"construction.completed-sale-filed",
] as const

const KINDS = {
	"planning.land-permitted": "LAND",
	"planning.works-permitted": "WORKS",
	"construction.permitted": "CONSTRUCTION",
	"construction.presale-permitted": "PRESALE",
	"construction.completed-sale-filed": "COMPLETED_SALE",
} as const

const CHANGING = [
	"planning.permit-amended",
	"planning.permit-extended",
	"planning.permit-revoked",
	"construction.permit-extended",
	"construction.permit-revoked",
	"construction.presale-revoked",
] as const

/** Which kind of permit a change is about. */
const changes = ({ type, says }: Line): PermitKind => {
	if (type === "construction.presale-revoked") return "PRESALE"
	if (type.startsWith("construction.")) return "CONSTRUCTION"
	return "kind" in says && says.kind === "land" ? "LAND" : "WORKS"
}

/** What a permit is for; once it has begun, the end of its validity takes nothing away (河南实施城乡规划法办法 42, 44; 建筑法 9). */
const USE = {
	LAND: ["land.granted", "land.right-registered"],
	WORKS: ["construction.started"],
	CONSTRUCTION: ["construction.started"],
	PRESALE: [],
	COMPLETED_SALE: [],
} as const

const usedBy = (kind: PermitKind, lines: readonly Line[]): Moment | null => {
	const uses = lines.filter((line) => (USE[kind] as readonly string[]).includes(line.type))
	const moments = uses.map((line) =>
		line.type === "construction.started" ? Math.min(line.time, startOfDay((line as Line<"construction.started">).says.startedOn)) : line.time,
	)
	return moments.length === 0 ? null : (Math.min(...moments) as Moment)
}

interface Lists {
	readonly buildings?: readonly string[]
	readonly buildingLabels?: readonly string[]
	readonly perBuilding?: readonly { readonly code?: string }[]
}

const hasList = ({ says }: Line): boolean => ["buildings", "buildingLabels", "perBuilding"].some((field) => field in says)

/** An amendment with a list of buildings covers these from then on; for a parcel itself, any of its buildings. */
const covers = (line: Line, sources: readonly Scope[]): boolean => {
	if (line.fact.at !== undefined) return true
	const { buildings, perBuilding } = line.says as Lists
	const [scope = line.from] = sources
	const codes = [...(buildings ?? []), ...(perBuilding ?? []).flatMap((each) => each.code ?? [])].map((tail) => absolute(line.from, tail))
	return codes.some((code) => sources.includes(code) || code.startsWith(scope))
}

/** All permits that cover a scope, in order. */
export const permits = (sources: readonly Scope[], lines: readonly Line[], asOf: Moment): readonly Permit[] =>
	linesOf(lines, ...GRANTING).map((line) => {
		const kind = KINDS[line.type]
		const no = normalForm(line.says.permitNo)
		const about = linesOf(lines, ...CHANGING).filter((each) => changes(each) === kind && normalForm(each.says.permitNo) === no && !surelyBefore(each, line))
		const revoked = about.find((each) => each.type.endsWith("revoked"))
		const said = [line, ...about].map((each) => each.says as { readonly validUntilOn?: LocalDate; readonly holder?: Who })
		const validUntilOn = last(said.flatMap((each) => each.validUntilOn ?? [])) ?? null
		const end = validUntilOn === null ? null : endOfDay(validUntilOn)
		const used = usedBy(kind, lines)
		const isLapsed = end !== null && end <= asOf && (used === null || used >= end)
		const lists = last(about.filter((each) => each.type === "planning.permit-amended" && hasList(each)))
		const isLeftOut = lists !== undefined && !covers(lists, sources)
		return {
			permitNo: line.says.permitNo,
			kind,
			inForce: revoked === undefined && !isLapsed && !isLeftOut,
			revokedAt: revoked?.time ?? null,
			covers: !isLeftOut,
			validUntilOn,
			holder: last(said.flatMap((each) => each.holder ?? [])) ?? ("seller" in line.says ? (line.says.seller ?? null) : null),
			at: line.time,
			scope: line.from,
			event: line.key,
			events: [line, ...about].map((each) => each.key),
		}
	})
