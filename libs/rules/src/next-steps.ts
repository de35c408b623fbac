import type { Unit } from "@yima/lifecycle"
import type { Moment, TypeName } from "@yima/schemas"
import { endOfDay } from "@yima/schemas"
import type { ConditionId } from "./condition.ts"
import { FINDING_RULES } from "./consistency/list.ts"
import type { Deadline } from "./deadline.ts"
import { type Cure, curesOf } from "./proof.ts"
import { CONDITION_RULES } from "./readiness/list.ts"
import { handoverOf } from "./readiness/u12-handover-date.ts"
import type { Readiness } from "./readiness.ts"

/** One thing that has to happen (下一步): the event by which it becomes known, whose turn it is, what it waits for. */
export interface Step {
	readonly condition: ConditionId | null
	readonly finding: string | null
	readonly eventType: TypeName
	readonly title: string
	readonly responsible: string
	readonly possibleNow: boolean
	/** Ids of conditions and codes of findings that come first. */
	readonly waitsFor: readonly string[]
	readonly dueAt: Moment | null
}

/** In which order conditions can be met: what each comes after stands before it. */
const ORDER: readonly ConditionId[] = [
	"P9",
	"P2",
	"P3",
	"P1",
	"P6",
	"P5",
	"P4",
	"U5",
	"P7",
	"P8",
	"U1",
	"U6",
	"U7",
	"U2",
	"U3",
	"U4",
	"U9",
	"U10",
	"U11",
	"U12",
	"U8",
]

/** The time limit within which a condition is somebody's turn. */
const LIMITS: Readonly<Partial<Record<ConditionId, string>>> = { P2: "D01", P4: "D02", P7: "D03" }

/** What a registrar does where no department's event ends a contradiction: corrects or settles what was wrong. */
const SETTLE: Cure = { type: "registrar.finding-settled", title: "查清后办结" }

/**
 * What has to happen until a unit is ready: a step for each act that an unmet condition wants and one for each finding that blocks, in an order
 * in which they can be taken.
 */
export const nextSteps = (unit: Unit, readiness: Readiness, deadlines: readonly Deadline[]): readonly Step[] => {
	const unmet = new Set<string>(readiness.blocking.map((each) => each.id))
	const promised = handoverOf(unit)
	const handover = promised === null ? null : endOfDay(promised.on)
	const dueOf = (id: ConditionId) => deadlines.find((each) => each.id === LIMITS[id] && each.metAt === null)?.dueAt ?? handover
	const ofFindings = readiness.blockingFindings.map((each): Step => {
		const [cure = SETTLE] = curesOf(each.proof)
		const rule = FINDING_RULES.find(({ code }) => code === each.code)
		const by = rule?.clearedBy ?? cure
		return {
			condition: null,
			finding: each.code,
			eventType: by.type,
			title: `${each.title}: ${by.title}`,
			responsible: by.responsible ?? each.responsible,
			possibleNow: true,
			waitsFor: [],
			dueAt: handover,
		}
	})
	const ofConditions = ORDER.flatMap((id) => readiness.blocking.filter((each) => each.id === id)).flatMap((each) => {
		const after = CONDITION_RULES.find((rule) => rule.id === each.id)?.after ?? []
		const waitsFor = after.filter((id) => unmet.has(id))
		return curesOf(each.met).map(
			({ type, title, responsible = each.responsible }, n): Step => ({
				condition: each.id,
				finding: null,
				eventType: type,
				title,
				responsible,
				possibleNow: waitsFor.length === 0 && n === 0,
				waitsFor,
				dueAt: dueOf(each.id),
			}),
		)
	})
	return [...ofFindings, ...ofConditions]
}
