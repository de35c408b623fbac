import { type AnyEvent, compare, isProject, parcelOfCode, type Scope } from "@yima/schemas"
import { authority } from "./authority.ts"
import { namedBy } from "./force.ts"
import { answeredUnit, placingCodes } from "./lists.ts"

/** The key of what stands at a scope: its parcel, a project's code, or `registry` for what is about neither. */
export const scopeKey = (scope: Scope): string => (isProject(scope) ? `project-code:${scope.slice(8)}` : (parcelOfCode(scope) ?? "registry"))

/**
 * The key under which the log holds an event (architecture, rule 6): a function of its own text alone, so that the same event
 * always has the same. The parcel of its subject or of the request that it answers, else of the least code in its lists, else the
 * event that it names, else its identifier of least (rank, kind, value); the type where it speaks of nothing.
 */
export const logKey = (event: AnyEvent): string => {
	const subject = event.subject ?? answeredUnit(event)
	if (subject !== null) return scopeKey(subject)
	const [least] = placingCodes(event)
		.filter((code) => !isProject(code))
		.sort(compare)
	if (least !== undefined) return scopeKey(least)
	const named = namedBy(event) ?? event.corrects
	if (named !== null) return `event:${named}`
	const [id] = [...event.mentions].sort((a, b) => authority[a.kind].rank - authority[b.kind].rank || compare(a.kind, b.kind) || compare(a.value, b.value))
	return id === undefined ? event.type : `${id.kind}:${id.value}`
}
