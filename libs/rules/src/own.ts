import { type Building, type Line, linesOf, type Parcel, takesIn, type Unit, type View, type Who } from "@yima/lifecycle"
import { type Code, type EventKey, isProject, type Scope, scopeOf, type TypeName } from "@yima/schemas"

/** What lies on a map. */
export type Spatial = Unit | Building | Parcel

/** Whether facts of this scope are the view's own, under this or an earlier code, and not of what it lies in. */
export const isOwn = ({ code }: View, from: Scope): boolean =>
	from === code || (code !== "registry" && from !== "registry" && !isProject(code) && !isProject(from) && from.length === scopeOf(code as Code).length)

/** The view's own lines that take it in whole, in order. */
export const ownLines = <T extends TypeName>(view: View, ...types: readonly T[]): ReturnType<typeof linesOf<T>> =>
	linesOf(view.lines, ...types).filter((each) => {
		const line = each as unknown as Line
		return isOwn(view, line.from) && takesIn(line)
	})

/** By which event of a view something was said. */
export const lineBy = ({ lines }: Pick<View, "lines">, key: EventKey | null): Line | undefined => lines.find((line) => line.key === key)

/** How a finding calls a party: people by what they are, never by name. */
export const called = (who: Who): string => (who.kind === undefined ? who.name : "(自然人)")
