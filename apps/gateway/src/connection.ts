import type { ObjectRef } from "@pothos/core"
import { builder } from "./builder.ts"

export interface Edge<N> {
	readonly cursor: string
	readonly node: N
}

/** One page of a list (Relay). `endCursor` is there on an empty page too: how far was looked. */
export interface Page<N> {
	readonly edges: readonly Edge<N>[]
	readonly hasNextPage: boolean
	readonly endCursor: string
	/** Counted only when asked for; null: more than are counted. */
	readonly count: () => Promise<number | null> | number | null
}

/** Counting stops here. */
export const MOST_COUNTED = 10_000

const PageInfo = builder.objectRef<Page<unknown>>("PageInfo").implement({
	fields: (t) => ({ hasNextPage: t.exposeBoolean("hasNextPage"), endCursor: t.exposeString("endCursor") }),
})

const counts = new WeakMap<object, Promise<number | null>>()

/** Both fields about the count share one. */
const countOf = (page: Page<unknown>): Promise<number | null> => {
	const known = counts.get(page) ?? Promise.resolve(page.count())
	counts.set(page, known)
	return known
}

/** The connection type of a node, with its edges. */
export const connectionOf = <N>(name: string, node: ObjectRef<typeof builder.$inferSchemaTypes, N>): ObjectRef<typeof builder.$inferSchemaTypes, Page<N>> => {
	const edge = builder.objectRef<Edge<N>>(`${name}Edge`)
	edge.implement({ fields: (t) => ({ cursor: t.exposeString("cursor"), node: t.field({ type: node, resolve: (each) => each.node as never }) }) })
	const connection = builder.objectRef<Page<N>>(`${name}Connection`)
	connection.implement({
		fields: (t) => ({
			edges: t.field({ type: [edge], resolve: (page) => page.edges }),
			pageInfo: t.field({ type: PageInfo, resolve: (page) => page }),
			totalCount: t.int({ nullable: true, resolve: countOf }),
			totalCountCapped: t.boolean({ resolve: async (page) => (await countOf(page)) === null }),
		}),
	})
	return connection
}
