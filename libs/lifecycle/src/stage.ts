import type { EventKey, Moment } from "@yima/schemas"
import { acceptance } from "./acceptance.ts"
import type { Service } from "./account.ts"
import type { Unit } from "./at.ts"
import { firstRegistrations, transfers } from "./certificate.ts"
import { linesOf } from "./line.ts"

/** 阶段, in the order of a unit's life (`semantics.md` §6). */
export const STAGES = ["GRANTED", "PLANNED", "UNDER_CONSTRUCTION", "PRESALE", "ACCEPTED", "FIRST_REGISTERED", "SOLD", "READY", "CERTIFIED", "SERVED"] as const
export type Stage = (typeof STAGES)[number]

/** As people call them; by any word, for where they are read from answers. */
export const STAGE_TITLES: Readonly<Record<string, string>> = {
	GRANTED: "已供地",
	PLANNED: "已规划许可",
	UNDER_CONSTRUCTION: "在建",
	PRESALE: "预售中",
	ACCEPTED: "已联合验收",
	FIRST_REGISTERED: "已首次登记",
	SOLD: "已售",
	READY: "可交房即交证",
	CERTIFIED: "已转移登记",
	SERVED: "水电气暖已开户",
} satisfies Readonly<Record<Stage, string>>

/** 里程碑: a stage whose own condition holds, since when, by which events. */
export interface Milestone {
	readonly stage: Stage
	readonly since: Moment
	readonly because: readonly EventKey[]
}

type Held = { readonly since: Moment; readonly because: readonly EventKey[] } | null

interface At {
	readonly at: Moment
	readonly event: EventKey
}

const earliest = (all: readonly At[]): Held => {
	const [first, ...others] = all
	if (first === undefined) return null
	const found = others.reduce((a, b) => (b.at < a.at ? b : a), first)
	return { since: found.at, because: [found.event] }
}

/** Both hold: since the later, by the events of both. */
const both = (a: Held, b: Held): Held =>
	a === null || b === null ? null : { since: Math.max(a.since, b.since) as Moment, because: [...new Set([...a.because, ...b.because])] }

const accepted = ({ lines }: Unit): Held => {
	const passed = acceptance(lines)
	return passed === undefined ? null : { since: passed.time, because: [passed.key] }
}

const granted = (unit: Unit): Held => {
	const acts = linesOf(unit.lines, "land.granted", "land.grant-terminated")
	const since = acts.findLastIndex((line) => line.type === "land.grant-terminated") + 1
	return earliest(acts.slice(since).map((line) => ({ at: line.time, event: line.key })))
}

const served = (unit: Unit, services: readonly Service[]): Held =>
	services
		.map((service) =>
			earliest(
				unit.utilityAccounts
					.filter((each) => each.service === service && each.status === "OPENED")
					.map((each) => ({ at: each.updatedAt, event: each.events.at(-1) as EventKey })),
			),
		)
		.reduce<Held>((all, each) => both(all, each), { since: Number.NEGATIVE_INFINITY as Moment, because: [] })

/**
 * The highest stage whose own condition holds at the moment, and every milestone that holds. `ready` is 交房即交证 readiness
 * (`readiness.ready`), judged elsewhere.
 */
export const stageOf = (
	unit: Unit,
	ready: boolean,
	services: readonly Service[],
): { readonly stage: Stage | null; readonly milestones: readonly Milestone[] } => {
	const permit = (kind: string, inForceOnly: boolean) =>
		earliest(
			unit.permits
				.filter((each) => each.kind === kind && (inForceOnly ? each.inForce : each.revokedAt === null))
				.map((each) => ({ at: each.at, event: each.event })),
		)
	const first = earliest(firstRegistrations(unit.certificates))
	const sold = both(
		first,
		earliest(unit.contracts.filter((each) => each.status === "LIVE").map((each) => ({ at: each.filedAt, event: each.events[0] as EventKey }))),
	)
	const certified = earliest(transfers(unit.certificates))
	const held: Readonly<Record<Stage, Held>> = {
		GRANTED: granted(unit),
		PLANNED: permit("WORKS", true),
		UNDER_CONSTRUCTION: permit("CONSTRUCTION", false),
		PRESALE: permit("PRESALE", true),
		ACCEPTED: accepted(unit),
		FIRST_REGISTERED: first,
		SOLD: sold,
		READY: ready ? sold : null,
		CERTIFIED: certified,
		SERVED: both(certified, served(unit, services)),
	}
	const milestones = STAGES.flatMap((stage) => {
		const each = held[stage]
		return each === null ? [] : [{ stage, ...each }]
	})
	return { stage: milestones.at(-1)?.stage ?? null, milestones }
}
