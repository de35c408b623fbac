import { STAGES, type Stage } from "@yima/lifecycle"
import type { ConditionId } from "./condition.ts"
import type { Summary, UnitSummary } from "./summary.ts"

/** What blocks how many sold units. */
export interface Blocking {
	/** The id of a condition or the code of a finding. */
	readonly id: string
	readonly is: "condition" | "finding"
	readonly units: number
}

/** 汇总: ready of sold, by stage, and what blocks. */
export interface RollUp {
	readonly units: number
	readonly sold: number
	readonly ready: number
	readonly byStage: readonly { readonly stage: Stage; readonly units: number }[]
	readonly blocking: readonly Blocking[]
}

/** A unit with what its buildings, parcel and project say of it, as far as a roll-up counts. */
export interface Counted {
	readonly stage: Stage | null
	readonly sold: boolean
	readonly ready: boolean
	readonly unmet: readonly ConditionId[]
	/** Codes of findings that block it. */
	readonly blocks: readonly string[]
}

/** A unit's own summary and those above it, put together as `readinessOf` does it. `stage`: as it is without readiness. */
export const counted = (own: UnitSummary, above: readonly Summary[], stage: Stage | null): Counted => {
	const all = [own, ...above]
	const waived = new Set(all.flatMap((each) => each.waived))
	const unmet = [...new Set(all.flatMap((each) => each.unmet))].filter((id) => !waived.has(id) && !own.idle.includes(id) && !own.freed.includes(id))
	const blocks = [...new Set(all.flatMap((each) => each.blocks))]
	const ready = own.sold && unmet.length === 0 && blocks.length === 0
	return { stage: stage === "SOLD" && ready ? "READY" : stage, sold: own.sold, ready, unmet, blocks }
}

export const rollUp = (units: readonly Counted[]): RollUp => {
	const sold = units.filter((each) => each.sold)
	const count = new Map<string, Blocking>()
	for (const unit of sold)
		for (const [is, ids] of [["condition", unit.unmet] as const, ["finding", unit.blocks] as const])
			for (const id of ids) count.set(`${is} ${id}`, { id, is, units: (count.get(`${is} ${id}`)?.units ?? 0) + 1 })
	return {
		units: units.length,
		sold: sold.length,
		ready: sold.filter((each) => each.ready).length,
		byStage: STAGES.flatMap((stage) => {
			const found = units.filter((each) => each.stage === stage).length
			return found === 0 ? [] : [{ stage, units: found }]
		}),
		blocking: [...count.values()].sort((a, b) => b.units - a.units || (a.id < b.id ? -1 : 1)),
	}
}
