import { type EventKey, endOfDay, type LocalDate, localDate, type Moment, normalForm, type Scope, surelyBefore } from "@yima/schemas"
import type { Who } from "./fact.ts"
import { type Line, last, linesOf, takesIn } from "./line.ts"

/** 不动产权证书: of the land, of a first registration, of a transfer. */
export interface Certificate {
	readonly certificateNo: string
	readonly act: "land" | "first" | "transfer"
	readonly registeredOn: LocalDate
	readonly at: Moment
	readonly holders: readonly Who[]
	readonly startOn: LocalDate | null
	/** 土地使用权终止日期. */
	readonly endOn: LocalDate | null
	/** Not deregistered; of land: its term has not ended and its grant was not terminated. */
	readonly inForce: boolean
	readonly scope: Scope
	readonly event: EventKey
	readonly events: readonly EventKey[]
}

const ISSUING = ["land.right-registered", "registration.first-registered", "registration.transferred"] as const
const ACTS = { "land.right-registered": "land", "registration.first-registered": "first", "registration.transferred": "transfer" } as const

/** All certificates that a scope sees, in order; corrections of the register change the named fields from their `time` on. */
export const certificates = (lines: readonly Line[], asOf: Moment): readonly Certificate[] =>
	linesOf(lines, ...ISSUING)
		.filter(takesIn)
		.map((line) => {
			const no = normalForm(line.says.certificateNo)
			const about = linesOf(lines, "registration.corrected", "registration.deregistered").filter(
				(each) => normalForm(each.says.certificateNo) === no && !surelyBefore(each, line),
			)
			const corrections = linesOf(about, "registration.corrected").map((each) => each.says)
			const corrected = <A>(pick: (says: (typeof corrections)[number]) => A | undefined): A | undefined =>
				last(corrections.map(pick).filter((each) => each !== undefined))
			const issued = line.type === "registration.transferred" ? line.says.holders : [line.says.holder]
			const ends = line.type === "land.right-registered" ? line.says.endOn : line.type === "registration.first-registered" ? line.says.landEndOn : undefined
			const startOn = corrected((says) => says.startOn) ?? (line.type === "land.right-registered" ? line.says.startOn : undefined) ?? null
			const endOn = corrected((says) => says.endOn ?? says.landEndOn) ?? ends ?? null
			const isTerminated = linesOf(lines, "land.grant-terminated").some((each) => !surelyBefore(each, line))
			const isOver = line.type === "land.right-registered" && (isTerminated || (endOn !== null && endOfDay(endOn) <= asOf))
			return {
				certificateNo: line.says.certificateNo,
				act: ACTS[line.type],
				registeredOn: localDate(line.time),
				at: line.time,
				holders: corrected((says) => says.holders ?? (says.holder === undefined ? undefined : [says.holder])) ?? issued,
				startOn,
				endOn,
				inForce: !isOver && linesOf(about, "registration.deregistered").length === 0,
				scope: line.from,
				event: line.key,
				events: [line, ...about].map((each) => each.key),
			}
		})

/** Whether a certificate is about the flat or building itself, not about the land below it. */
const isOfBuilding = (certificate: Certificate): boolean => certificate.act !== "land" && certificate.scope.length > 19

/** The one that says who owns: the last in force; for units and buildings never that of their land. */
export const currentCertificate = (scope: Scope, all: readonly Certificate[]): Certificate | null => {
	const own = scope.length === 19 ? all.filter((each) => each.scope.length === 19) : all.filter(isOfBuilding)
	return last(own.filter((each) => each.inForce)) ?? null
}

/** The first registrations in force that cover a scope. */
export const firstRegistrations = (all: readonly Certificate[]): readonly Certificate[] => all.filter((each) => each.act === "first" && each.inForce)

/** The transfers of the unit or building itself that are in force. */
export const transfers = (all: readonly Certificate[]): readonly Certificate[] =>
	all.filter((each) => each.act === "transfer" && each.inForce && isOfBuilding(each))
