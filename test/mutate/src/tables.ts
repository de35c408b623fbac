/** Stands in for the test framework: what tests are, said in its words and kept as functions. What is expected is the framework's own. */

export { expect } from "vitest"

type Body = (...row: readonly unknown[]) => void
type Said = (title: string, ...rest: readonly unknown[]) => void

const tests = new Map<string, () => void>()
let above: readonly string[] = []

const bodyOf = (rest: readonly unknown[]): Body => rest.find((each) => typeof each === "function") as Body

/** Two of one title are told apart. */
const keep = (title: string, body: () => void): void => {
	const name = [...above, title].join(" > ")
	tests.set(tests.has(name) ? `${name} (${tests.size})` : name, body)
}

const within = (title: string, body: () => void): void => {
	above = [...above, title]
	body()
	above = above.slice(0, -1)
}

const withEach = (say: (title: string, body: () => void) => void): Said & { readonly each: (rows: readonly unknown[]) => Said } =>
	Object.assign((title: string, ...rest: readonly unknown[]) => say(title, bodyOf(rest) as () => void), {
		each:
			(rows: readonly unknown[]): Said =>
			(title, ...rest) => {
				for (const [n, row] of rows.entries()) say(`${title} ${n + 1}`, () => bodyOf(rest)(...[row].flat()))
			},
	})

export const describe = withEach(within)
export const it = withEach(keep)
export const test = it

/** All that was said so far. */
export const kept = (): ReadonlyMap<string, () => void> => tests
