import { styleText } from "node:util"
import { lastDay } from "./local-time.ts"

/** What a checklist asks the gateway for. */
export const READINESS = `readiness {
	ready ruleSet met total
	conditions { id title status responsible remedy because { parent statement holds } }
	nextSteps { condition finding title responsible possibleNow waitsFor dueAt }
}
findings { code title severity scope subject explanation responsible }
deadlines { id title subject responsible dueAt overdue pausedSince note }`

type Status = "MET" | "UNMET" | "WAIVED" | "NOT_APPLICABLE"
type Severity = "BLOCK" | "HOLD" | "NOTE"

export interface Judged {
	readonly readiness: {
		readonly ready: boolean
		readonly ruleSet: string
		readonly met: number
		readonly total: number
		readonly conditions: readonly {
			readonly id: string
			readonly title: string
			readonly status: Status
			readonly responsible: string
			readonly remedy: string | null
			readonly because: readonly { readonly parent: number | null; readonly statement: string; readonly holds: boolean }[]
		}[]
		readonly nextSteps: readonly StepShown[]
	}
	readonly findings: readonly {
		readonly code: string
		readonly title: string
		readonly severity: Severity
		readonly subject: string
		readonly explanation: string
		readonly responsible: string
	}[]
	readonly deadlines: readonly {
		readonly id: string
		readonly title: string
		readonly subject: string
		readonly responsible: string
		readonly dueAt: string
		readonly overdue: boolean
		readonly pausedSince: string | null
		readonly note: string | null
	}[]
}

export interface StepShown {
	readonly condition: string | null
	readonly finding: string | null
	readonly title: string
	readonly responsible: string
	readonly possibleNow: boolean
	readonly waitsFor: readonly string[]
	readonly dueAt: string | null
}

const MARKS: Readonly<Record<Status, string>> = {
	MET: styleText("green", "✓"),
	UNMET: styleText("red", "✗"),
	WAIVED: styleText("cyan", "免"),
	NOT_APPLICABLE: styleText("gray", "-"),
}

const SEVERITIES: Readonly<Record<Severity, string>> = {
	BLOCK: styleText("red", "阻断"),
	HOLD: styleText("yellow", "待核"),
	NOTE: styleText("gray", "提示"),
}

/** The statements that keep a condition from being met: those that fail, with nothing below them that does. */
const reasons = (because: Judged["readiness"]["conditions"][number]["because"]): readonly string[] => {
	const failing = because.map((each, n) => ({ ...each, id: n + 1 })).filter((each) => !each.holds)
	return failing.filter((each) => !failing.some((other) => other.parent === each.id)).map((each) => each.statement)
}

export const stepRow = ({ condition, finding, title, responsible, possibleNow, waitsFor, dueAt }: StepShown): string =>
	`  ${possibleNow ? "→" : " "} ${condition ?? finding ?? ""} ${title}  ${responsible}${dueAt === null ? "" : `,${lastDay(dueAt)} 前`}${waitsFor.length === 0 ? "" : `(待 ${waitsFor.join("、")})`}`

/** A unit as a checklist: each condition with why it is not met, what has to happen, what contradicts what, what is running. */
export const checklist = ({ readiness, findings, deadlines }: Judged): readonly string[] => [
	`交房即交证:${readiness.ready ? styleText("green", "可以") : styleText("red", "还不行")}(${readiness.met}/${readiness.total} 项,规则 ${readiness.ruleSet})`,
	...readiness.conditions.flatMap(({ id, title, status, because, responsible }) => [
		`  ${MARKS[status]} ${id.padEnd(3)} ${title}${status === "UNMET" ? `  ${responsible}` : ""}`,
		...(status === "UNMET" ? reasons(because).map((each) => `        ${each}`) : []),
	]),
	...(readiness.nextSteps.length === 0 ? [] : ["", "下一步", ...readiness.nextSteps.map(stepRow)]),
	...(findings.length === 0
		? []
		: ["", `异常(${findings.length} 项)`, ...findings.map((each) => `  ${SEVERITIES[each.severity]} ${each.code} ${each.explanation}  ${each.responsible}`)]),
	...(deadlines.length === 0
		? []
		: [
				"",
				"时限",
				...deadlines.map(
					(each) =>
						`  ${each.overdue ? styleText("red", "逾期") : each.pausedSince === null ? "在计" : "暂停"} ${each.id} ${each.title}  ${lastDay(each.dueAt)} 止  ${each.responsible}${each.note === null ? "" : `(${each.note})`}`,
				),
			]),
]
