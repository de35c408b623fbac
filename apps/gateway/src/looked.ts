import { MOST_COUNTED, type Page } from "./connection.ts"
import { cursorOf, pageSize, readCursor } from "./cursor.ts"

/** A row with its place in the list. */
export interface Placed<R> {
	readonly row: R
	readonly at: readonly (string | number)[]
}

interface Slice<R> {
	readonly rows: readonly Placed<R>[]
	readonly isMore: boolean
}

/** A list that the registry answers slice by slice, and of which some rows are left out that only what is read beside them tells. */
export interface Looking<R, N> {
	/** Which question its cursors are of. */
	readonly of: string
	readonly slice: (after: readonly (string | number)[] | null, limit: number) => Promise<Slice<R>>
	/** Null: it is left out. */
	readonly nodeOf: (row: R) => Promise<N | null> | N | null
	readonly usual: number
	readonly most?: number | undefined
}

interface PageArgs {
	readonly first?: number | null | undefined
	readonly after?: string | null | undefined
}

/** How many rows one page looks at. */
const MOST_LOOKED = 2000
const SLICE = 200

/** One page of such a list, as of now. */
export const lookedUp = async <R, N>({ of, slice, nodeOf, usual, most }: Looking<R, N>, { first, after }: PageArgs): Promise<Page<N>> => {
	const size = pageSize(first, usual, most)
	async function* looked(from: Placed<R>["at"] | null) {
		for (let at = from, isMore = true; isMore; ) {
			const found = await slice(at, Math.max(SLICE, size + 1))
			const nodes = await Promise.all(found.rows.map(({ row }) => nodeOf(row)))
			for (const [n, each] of found.rows.entries()) yield { at: each.at, node: nodes[n] ?? null }
			at = found.rows.at(-1)?.at ?? at
			isMore = found.isMore && found.rows.length > 0
		}
	}
	const start = readCursor(after, of)?.at ?? null
	const cursor = (at: Placed<R>["at"] | null) => cursorOf({ of, sight: null, at: at ?? [] })
	const edges: { readonly cursor: string; readonly node: N }[] = []
	let [last, seen, hasNextPage] = [start, 0, false]
	if (size > 0)
		for await (const { at, node } of looked(start === null || start.length === 0 ? null : start)) {
			// Only another that fits makes a next page, unless this one has looked far enough.
			hasNextPage = seen++ >= MOST_LOOKED || (edges.length === size && node !== null)
			if (hasNextPage) break
			if (edges.length === size) continue
			last = at
			if (node !== null) edges.push({ cursor: cursor(at), node })
		}
	return {
		edges,
		hasNextPage,
		endCursor: cursor(last),
		count: async () => {
			let count = 0
			for await (const { node } of looked(null)) if (node !== null && ++count > MOST_COUNTED) return null
			return count
		},
	}
}
