import type { Building, Parcel, Project, Unit, View } from "@yima/lifecycle"
import { type EventKey, localDate, type Moment, type Scope, type TypeName } from "@yima/schemas"
import type { Members } from "./acts.ts"
import type { Calendar } from "./calendar.ts"
import type { Scene } from "./scene.ts"

/** One run of a time limit on one scope. */
export interface Term {
	/** What tells it from others of its id on the scope: a number, a service. */
	readonly on: string
	readonly startedAt: Moment
	/** Exclusive: what is done at this moment is late. Known for as long as it does not pause. */
	readonly dueAt: Moment
	/** Since when it stands still. */
	readonly pausedSince: Moment | null
	readonly metAt: Moment | null
	/** By which events it began, paused and was met. */
	readonly events: readonly EventKey[]
}

type Judge<V> = (view: V, scene: Scene, members: Members | null) => readonly Term[]

/** One time limit (时限): what starts it, what meets it, how long it is. */
export interface DeadlineRule {
	readonly id: string
	readonly title: string
	readonly responsible: string
	readonly basis: string
	readonly reads: readonly TypeName[]
	readonly parameters: readonly (keyof Scene["ruleSet"])[]
	readonly unit?: Judge<Unit>
	readonly building?: Judge<Building>
	readonly parcel?: Judge<Parcel>
	/** `members`: what its buildings and units have done; null: not known here, and then nothing is decided that needs it. */
	readonly project?: Judge<Project>
}

/** A time limit that has begun. */
export interface Deadline extends Term {
	readonly id: string
	readonly title: string
	readonly scope: Scope
	readonly responsible: string
	readonly basis: string
	/** Not met, and its moment has passed; stays so until it is met. */
	readonly overdue: boolean
	/** Years that it runs in and that the calendar does not know: its end moves when their holidays are announced. */
	readonly guessedYears: readonly number[]
}

const yearOf = (at: number): number => Number(localDate(at as Moment).slice(0, 4))

/** Only what counts working days or hours takes the calendar as a parameter. */
export const guessedYears = (
	{ parameters }: Pick<DeadlineRule, "parameters">,
	{ startedAt, dueAt }: Pick<Term, "startedAt" | "dueAt">,
	calendar: Calendar,
): readonly number[] => {
	if (!parameters.includes("calendar")) return []
	const [first, last] = [yearOf(startedAt), yearOf(dueAt - 1)]
	return Array.from({ length: last - first + 1 }, (_, n) => first + n).filter((year) => !calendar.knows(year))
}

/** Not met, not paused, and over by then. */
export const isMissed = ({ metAt, pausedSince, dueAt }: Pick<Term, "metAt" | "pausedSince" | "dueAt">, by: number): boolean =>
	metAt === null && pausedSince === null && dueAt <= by

export const termsOf = (rule: DeadlineRule, view: View, scene: Scene, members: Members | null): readonly Term[] => {
	switch (view.is) {
		case "unit":
			return rule.unit?.(view, scene, members) ?? []
		case "building":
			return rule.building?.(view, scene, members) ?? []
		case "parcel":
			return rule.parcel?.(view, scene, members) ?? []
		case "project":
			return rule.project?.(view, scene, members) ?? []
		case "registry":
			return []
	}
}
