import type { Building, Parcel, Project, Unit, View } from "@yima/lifecycle"
import type { EventKey, Moment, Scope, TypeName } from "@yima/schemas"
import type { Cure, Proof } from "./proof.ts"
import type { Scene } from "./scene.ts"

/** 阻断, 待人核, 提示. */
export type Severity = "BLOCK" | "HOLD" | "NOTE"

/** What one scope's facts say against each other: one thing that a rule found wrong. */
export interface Suspicion {
	/** What tells it from others of its code on the scope: a number, a code. */
	readonly on: string
	/** If not the rule's own. */
	readonly severity?: Severity
	/** What ends it, if not what ends others of its rule. */
	readonly clearedBy?: Cure
	/** Since when it stands: of a breach, when the act was done. */
	readonly since: Moment
	/** When the act was said to be done, if a document says an earlier day: no settlement before that settles it. */
	readonly saidAt?: Moment
	/** Its root says in plain Chinese what is wrong, with the values of both sides; it always holds. */
	readonly proof: Proof
}

type Judge<V> = (view: V, scene: Scene) => readonly Suspicion[]

/**
 * One rule of consistency (一致性规则). Each scope decides what its own facts decide: a unit leaves to its building, parcel and project what
 * stands there. A contradiction clears when the state no longer holds; a breach stays until it is corrected, retracted or settled.
 */
export interface FindingRule {
	readonly code: string
	readonly title: string
	readonly severity: Severity
	readonly kind: "contradiction" | "breach"
	readonly responsible: string
	readonly basis: string
	/** The types of events that it reads. */
	readonly reads: readonly TypeName[]
	/** The parameters of the rule set that it reads. */
	readonly parameters: readonly (keyof Scene["ruleSet"])[]
	/** Judged on a retired code, too: all else that stands there is judged on its successors, which inherit it. */
	readonly onRetired?: true
	/** A case that raises it, in a sentence. */
	readonly example: string
	/** What ends it, where a department's event does. */
	readonly clearedBy?: Cure
	/** When time alone raises it, where no date of a fact says so. */
	readonly due?: (unit: Unit, scene: Scene) => readonly Moment[]
	readonly unit?: Judge<Unit>
	readonly building?: Judge<Building>
	readonly parcel?: Judge<Parcel>
	readonly project?: Judge<Project>
}

/** 异常: a suspicion that is open. */
export interface Finding {
	readonly code: string
	readonly on: string
	readonly title: string
	readonly severity: Severity
	readonly scope: Scope
	readonly responsible: string
	readonly basis: string
	readonly since: Moment
	readonly explanation: string
	readonly proof: Proof
	readonly evidence: readonly EventKey[]
	/** The department's event that ends it, where one does. */
	readonly clearedBy?: Cure
}

/** What a rule finds in a view. */
export const suspicionsOf = (rule: FindingRule, view: View, scene: Scene): readonly Suspicion[] => {
	switch (view.is) {
		case "unit":
			return rule.unit?.(view, scene) ?? []
		case "building":
			return rule.building?.(view, scene) ?? []
		case "parcel":
			return rule.parcel?.(view, scene) ?? []
		case "project":
			return rule.project?.(view, scene) ?? []
		case "registry":
			return []
	}
}
