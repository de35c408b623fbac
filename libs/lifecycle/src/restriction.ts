import { type EventKey, endOfDay, endOfDayAfter, type LocalDate, localDate, type Moment, normalForm, type Scope, surelyBefore } from "@yima/schemas"
import type { Certificate } from "./certificate.ts"
import type { Filing } from "./contract.ts"
import type { Who } from "./fact.ts"
import { type Line, linesOf } from "./line.ts"

/** 预告登记, 异议登记, 居住权 as of a moment. */
export interface Restriction {
	readonly proofNo: string
	readonly kind: "PRIORITY_NOTICE" | "OBJECTION" | "RESIDENCE_RIGHT"
	readonly active: boolean
	readonly holder: Who | null
	readonly contractNo: string | null
	readonly fromOn: LocalDate
	readonly toOn: LocalDate | null
	/** When it ended or will end: deregistered, lapsed, with its contract; null: nothing ends it yet. */
	readonly endsAt: Moment | null
	readonly scope: Scope
	readonly event: EventKey
	readonly events: readonly EventKey[]
}

/** 民法典 221: a priority notice lapses when no registration is applied for within 90 days of being able to. */
const NOTICE_DAYS = 90

const ENDS = {
	"registration.priority-notice-registered": "registration.priority-notice-deregistered",
	"registration.objected": "registration.objection-lifted",
	"registration.residence-right-registered": "registration.residence-right-deregistered",
} as const
const KINDS = {
	"registration.priority-notice-registered": "PRIORITY_NOTICE",
	"registration.objected": "OBJECTION",
	"registration.residence-right-registered": "RESIDENCE_RIGHT",
} as const

const earliest = (moments: readonly (Moment | null | undefined)[]): Moment | null => {
	const known = moments.filter((each) => each !== null && each !== undefined)
	return known.length === 0 ? null : (Math.min(...known) as Moment)
}

/** D07, U6 and C16 share it: 90 days from the later of first registration and notice, met by the first application for a transfer. */
export interface NoticeTerm {
	readonly startedAt: Moment
	readonly dueAt: Moment
	readonly met: Line | null
}

/** Null: not first registered, so nothing can be applied for yet. */
export const noticeTerm = (notice: Line, first: Certificate | undefined, lines: readonly Line[]): NoticeTerm | null => {
	if (first === undefined) return null
	const startedAt = Math.max(first.at, notice.time) as Moment
	const met = linesOf(lines, "registration.transfer-applied", "registration.transferred").find((each) => !surelyBefore(each, notice)) ?? null
	return { startedAt, dueAt: endOfDayAfter(startedAt, NOTICE_DAYS), met }
}

const lapsesAt = (notice: Line, first: Certificate | undefined, lines: readonly Line[]): Moment | null => {
	const term = noticeTerm(notice, first, lines)
	return term === null || (term.met !== null && term.met.time < term.dueAt) ? null : term.dueAt
}

/** All restrictions that a scope sees, in order. `first`: its first registrations in force. */
export const restrictions = (lines: readonly Line[], first: readonly Certificate[], filed: readonly Filing[], asOf: Moment): readonly Restriction[] =>
	linesOf(lines, "registration.priority-notice-registered", "registration.objected", "registration.residence-right-registered").map((line) => {
		const no = normalForm(line.says.proofNo)
		const ended = linesOf(lines, ENDS[line.type]).find((each) => normalForm(each.says.proofNo) === no && !surelyBefore(each, line))
		const isNotice = line.type === "registration.priority-notice-registered"
		const contractNo = isNotice ? (line.says.contractNo ?? null) : null
		const contract = contractNo === null ? undefined : filed.find((each) => each.no === normalForm(contractNo))
		const toOn = line.type === "registration.residence-right-registered" ? (line.says.toOn ?? null) : null
		const endsAt = earliest([ended?.time, isNotice ? lapsesAt(line, first[0], lines) : null, contract?.endedAt, toOn === null ? null : endOfDay(toOn)])
		return {
			proofNo: line.says.proofNo,
			kind: KINDS[line.type],
			active: endsAt === null || endsAt > asOf,
			holder: (line.type === "registration.objected" ? line.says.objector : line.says.holder) ?? null,
			contractNo,
			fromOn: localDate(line.time),
			toOn,
			endsAt,
			scope: line.from,
			event: line.key,
			events: ended ? [line.key, ended.key] : [line.key],
		}
	})
