import type { Building, Parcel, Project, Unit } from "@yima/lifecycle"
import type { TypeName } from "@yima/schemas"
import type { Proof } from "./proof.ts"
import type { Scene } from "./scene.ts"

export type ConditionId = `P${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}` | `U${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`

/** Where a condition is decided, as people say it. */
export type ConditionScope = "PROJECT" | "PARCEL" | "BUILDING" | "UNIT"

type Part<V> = (view: V, scene: Scene) => Proof

/**
 * One condition of 交房即交证 (`semantics.md` §7). Each kind of scope has the part of it that its own facts decide; a unit meets the
 * condition if every part that it, its buildings, its parcel and its project have of it holds.
 */
export interface ConditionRule {
	readonly id: ConditionId
	readonly title: string
	readonly scope: ConditionScope
	readonly responsible: string
	readonly basis: string
	readonly remedy: string
	readonly reads: readonly TypeName[]
	readonly parameters: readonly (keyof Scene["ruleSet"])[]
	/** A case that leaves it unmet, in a sentence. */
	readonly example: string
	/** What to say of a unit of which no `scope` is known: then it is not met. Absent: then there is nothing to ask. */
	readonly missing?: Proof
	/** A waiver of it has no effect. */
	readonly neverWaived?: true
	/** The unit's part sees all that stands above it and decides alone: what binds a building or parcel binds each unit below that was not freed of it. */
	readonly alone?: true
	/** What must be met before it can be. */
	readonly after: readonly ConditionId[]
	/** Where this does not hold, the condition is not asked of the unit. */
	readonly applies?: (unit: Unit, scene: Scene) => Proof
	readonly unit?: Part<Unit>
	readonly building?: Part<Building>
	readonly parcel?: Part<Parcel>
	readonly project?: Part<Project>
}
