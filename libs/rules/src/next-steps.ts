import { type EventKey, endOfDay, type Moment, type TypeName } from "@yima/schemas"
import type { ConditionId } from "./condition.ts"
import { FINDING_RULES } from "./consistency/list.ts"
import type { Deadline } from "./deadline.ts"
import type { Finding } from "./finding.ts"
import { type Cure, type Wanted, wantedBy } from "./proof.ts"
import { CONDITION_RULES } from "./readiness/list.ts"
import { type Promised, promisedHandover } from "./readiness/u12-handover-date.ts"
import type { Readiness } from "./readiness.ts"
import type { Condition } from "./verdict.ts"

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

/** Findings that say the same as a condition: what ends them may be what the condition wants already. */
const TWINS: Readonly<Record<string, readonly ConditionId[]>> = { C01: ["P2", "P3"], C05: ["U1", "U6"], C13: ["P6"], C14: ["P6"], C17: ["U7"], C28: ["U9"] }

/** What a registrar does where no department's event takes a breach back. */
const SETTLE: Cure = { type: "registrar.finding-settled", title: "查清后办结" }

/** What ends a finding. A contradiction ends with its facts alone: one of those that it rests on is corrected or retracted. */
const endOf = ({ lines }: Promised, { code, evidence, clearedBy }: Finding): Cure => {
	if (clearedBy !== undefined) return clearedBy
	if (FINDING_RULES.find((rule) => rule.code === code)?.kind === "breach") return SETTLE
	const type = lines.findLast((line) => evidence.includes(line.key))?.type
	return type === undefined ? SETTLE : { type, title: "更正或撤回有误的一件" }
}

const share = (a: readonly EventKey[], b: readonly EventKey[]): boolean => a.some((key) => b.includes(key))

/** Two conditions may want one act: the same seizure lifted, the same survey made. */
const isSame = (a: Wanted, b: Wanted): boolean => a.cure.type === b.cure.type && a.cure.title === b.cure.title

interface Turn {
	readonly condition: Condition
	readonly wanted: Wanted
}

/** What the unmet conditions want, each act once, where it is first wanted. */
const turnsOf = ({ blocking }: Readiness): readonly Turn[] => {
	const found: Turn[] = []
	for (const condition of ORDER.flatMap((id) => blocking.filter((each) => each.id === id)))
		for (const wanted of wantedBy(condition.met)) if (!found.some((turn) => isSame(turn.wanted, wanted))) found.push({ condition, wanted })
	return found
}

/**
 * What has to happen until a unit, building or project is ready: a step for each act that an unmet condition wants and one for each finding that blocks, in an order
 * in which they can be taken; each act once.
 */
export const nextSteps = (unit: Promised, readiness: Readiness, deadlines: readonly Deadline[]): readonly Step[] => {
	const unmet = new Set<string>(readiness.blocking.map((each) => each.id))
	const promised = promisedHandover(unit)
	const handover = promised === null ? null : endOfDay(promised.on)
	const dueOf = (id: ConditionId) => deadlines.find((each) => each.id === LIMITS[id] && each.metAt === null)?.dueAt ?? handover
	const turns = turnsOf(readiness)
	const isWanted = (finding: Finding, end: Cure) =>
		turns.some(({ condition, wanted }) => {
			if (!TWINS[finding.code]?.includes(condition.id) || wanted.cure.type !== end.type) return false
			const evidence = wanted.evidence.length > 0 ? wanted.evidence : condition.evidence
			return evidence.length === 0 || share(evidence, finding.evidence)
		})
	const ended = new Set<string>()
	const ofFindings = readiness.blockingFindings.flatMap((each): readonly Step[] => {
		const end = endOf(unit, each)
		// A settlement settles all of its code on its scope.
		const once = `${each.code} ${end === SETTLE ? each.scope : each.on}`
		if (isWanted(each, end) || ended.has(once)) return []
		ended.add(once)
		return [
			{
				condition: null,
				finding: each.code,
				eventType: end.type,
				title: `${each.title}: ${end.title}`,
				responsible: end.responsible ?? each.responsible,
				possibleNow: true,
				waitsFor: [],
				dueAt: handover,
			},
		]
	})
	const ofConditions = turns.map(({ condition, wanted: { cure } }, n): Step => {
		const waitsFor = (CONDITION_RULES.find((rule) => rule.id === condition.id)?.after ?? []).filter((id) => unmet.has(id))
		return {
			condition: condition.id,
			finding: null,
			eventType: cure.type,
			title: cure.title,
			responsible: cure.responsible ?? condition.responsible,
			possibleNow: waitsFor.length === 0 && turns[n - 1]?.condition !== condition,
			waitsFor,
			dueAt: dueOf(condition.id),
		}
	})
	return [...ofFindings, ...ofConditions]
}
