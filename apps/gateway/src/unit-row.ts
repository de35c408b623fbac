import type { ListedUnit } from "@yima/registry"
import type { UnitCode } from "@yima/schemas"
import { formatUnitCode } from "@yima/unit-code"
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLResolveInfo, type GraphQLSchema, isObjectType, type SelectionSetNode } from "graphql"
import { judgedUnit } from "./judging.ts"
import type { UnitNode } from "./nodes.ts"
import { placedKind } from "./scope-kind.ts"

/** What stands for a thing of a list of now: what the registry's row says of it, and the thing itself, seen only where more is asked. */
class Row {
	readonly says: Readonly<Record<string, () => unknown>>
	readonly full: () => Promise<unknown>

	constructor(says: Row["says"], full: Row["full"]) {
		this.says = says
		this.full = full
	}
}

interface Said {
	readonly [field: string]: Said
}

/** A page of units of which nothing is asked but what rows say. */
const PAGE: Said = {
	edges: { cursor: {}, node: { code: {}, formattedCode: {}, scope: {}, stage: {}, readiness: { ready: {} } } },
	pageInfo: { hasNextPage: {}, endCursor: {} },
	totalCount: {},
	totalCountCapped: {},
}

/** Whether what is asked of this page of units needs none of them seen: then it may be a long one. */
export const isSaidByRows = ({ fieldNodes, fragments }: GraphQLResolveInfo): boolean => {
	const isSaid = (said: Said | undefined, asked: SelectionSetNode | undefined): boolean =>
		said !== undefined &&
		(asked?.selections ?? []).every((each) => {
			if (each.kind === "FragmentSpread") return isSaid(said, fragments[each.name.value]?.selectionSet)
			if (each.kind === "InlineFragment") return isSaid(said, each.selectionSet)
			return each.name.value === "__typename" || isSaid(said[each.name.value], each.selectionSet)
		})
	return fieldNodes.every(({ selectionSet }) => isSaid(PAGE, selectionSet))
}

/** Stands where a unit stands; `answeredByRows` sees to it that no resolver meets it. */
export const rowUnit = (row: ListedUnit, full: () => Promise<UnitNode>): UnitNode => {
	let known: Promise<UnitNode> | null = null
	const unit = () => {
		known ??= full()
		return known
	}
	const code = row.scope as UnitCode
	const says = {
		code: () => code,
		formattedCode: () => formatUnitCode(code),
		scope: () => placedKind(code),
		stage: () => row.stage,
		readiness: () => new Row({ ready: () => row.ready }, () => unit().then(judgedUnit)),
	}
	return new Row(says, unit) as unknown as UnitNode
}

type Resolve = GraphQLFieldResolver<unknown, unknown>

/** Lets the fields of units and of their readiness be answered by rows where these say enough, else by what stands behind the row. */
export const answeredByRows = (schema: GraphQLSchema): GraphQLSchema => {
	for (const type of ["Unit", "Readiness"]) {
		const found = schema.getType(type)
		if (!isObjectType(found)) throw new Error(`there is no type ${type}`)
		for (const field of Object.values(found.getFields())) {
			const resolve: Resolve = field.resolve ?? defaultFieldResolver
			field.resolve = (source, args, context, info) => {
				if (!(source instanceof Row)) return resolve(source, args, context, info)
				const said = source.says[field.name]
				return said === undefined ? source.full().then((each) => resolve(each, args, context, info)) : said()
			}
		}
	}
	return schema
}
