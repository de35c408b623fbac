import type { Context } from "./builder.ts"
import type { Reading } from "./reading.ts"

/** What a query reads from: each has one. */
export const readingOf = ({ reading }: Context): Reading => {
	if (reading === null) throw new Error("a query has no reading")
	return reading
}
