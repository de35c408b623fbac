/** What is said of a scope under one name is told apart: two documents may carry one number, sent by two offices. */
export const toldApart = <T extends { readonly on: string }>(all: readonly T[]): readonly T[] => {
	const seen = new Map<string, number>()
	return all.map((each) => {
		const n = (seen.get(each.on) ?? 0) + 1
		seen.set(each.on, n)
		return n === 1 ? each : { ...each, on: `${each.on} (${n})` }
	})
}
