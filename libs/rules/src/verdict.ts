import type { EventKey, Moment } from "@yima/schemas"
import type { ConditionRule } from "./condition.ts"
import { evidenceOf, ground, type Proof, type Reason, reasonsOf } from "./proof.ts"
import { later } from "./time-of.ts"

/** 已满足, 未满足, 已豁免, 不适用. */
export type ConditionStatus = "MET" | "UNMET" | "WAIVED" | "NOT_APPLICABLE"

/** What decides a condition: whether it is asked, whether it holds, whether it is waived. */
export interface Grounds {
	/** Null: it is always asked. */
	readonly asked: Proof | null
	readonly met: Proof
	/** Null: nobody waived it. */
	readonly waived: Proof | null
}

/** A condition as it is decided on one scope, with the proof that decides it. */
export interface Condition extends Pick<ConditionRule, "id" | "title" | "scope" | "responsible" | "basis" | "remedy"> {
	readonly status: ConditionStatus
	readonly proof: Proof
	readonly met: Proof
	readonly because: readonly Reason[]
	readonly evidence: readonly EventKey[]
	readonly since: Moment | null
}

const NAMES: Readonly<Record<ConditionStatus, string>> = { MET: "已满足", UNMET: "未满足", WAIVED: "已豁免", NOT_APPLICABLE: "不适用" }

/** The status is what the grounds come to, and nothing else. */
const statusOf = ({ asked, met, waived }: Grounds): ConditionStatus =>
	asked !== null && !asked.holds ? "NOT_APPLICABLE" : met.holds ? "MET" : waived?.holds === true ? "WAIVED" : "UNMET"

/** The grounds that matter, as one proof: why it is not asked, else why it holds or does not, else why that is waived. */
export const decide = (rule: ConditionRule, grounds: Grounds, responsible: string = rule.responsible): Condition => {
	const { id, title, scope, basis, remedy } = rule
	const status = statusOf(grounds)
	const { asked, met, waived } = grounds
	const statement = `${id} ${title}: ${NAMES[status]}`
	const shown: Readonly<Record<ConditionStatus, readonly (Proof | null)[]>> = {
		NOT_APPLICABLE: [asked],
		WAIVED: [waived, met],
		MET: [met],
		UNMET: [met, waived],
	}
	const deciding = shown[status].filter((each) => each !== null)
	const proof = ground(statement, status !== "UNMET", deciding)
	return {
		id,
		title,
		scope,
		basis,
		remedy,
		responsible,
		status,
		proof,
		met,
		because: reasonsOf(proof),
		evidence: evidenceOf(proof),
		since: asked?.holds === true ? later(asked.since, proof.since) : proof.since,
	}
}
