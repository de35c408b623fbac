import type { UnitRow } from "@yima/registry"
import type { UnitCode } from "@yima/schemas"
import { formatUnitCode } from "@yima/unit-code"
import type { GraphQLFieldResolver, GraphQLSchema } from "graphql"
import { defaultFieldResolver, isObjectType } from "graphql"
import { type JudgedUnit, judgedUnit } from "./judging.ts"
import type { UnitNode } from "./nodes.ts"
import { placedKind } from "./scope-kind.ts"

/** A unit of a list of now, as the registry keeps it: seen in full only where more is asked than its row says. */
class RowUnit {
	readonly row: UnitRow
	readonly #full: () => Promise<UnitNode>
	#unit: Promise<UnitNode> | null = null

	constructor(row: UnitRow, full: () => Promise<UnitNode>) {
		this.row = row
		this.#full = full
	}

	unit(): Promise<UnitNode> {
		this.#unit ??= this.#full()
		return this.#unit
	}
}

/** Its readiness. */
class RowReadiness {
	readonly of: RowUnit

	constructor(of: RowUnit) {
		this.of = of
	}
}

/** Stands where a unit stands; `answeredByRows` sees to it that no resolver meets it. */
export const rowUnit = (row: UnitRow, full: () => Promise<UnitNode>): UnitNode => new RowUnit(row, full) as unknown as UnitNode

/** What a row answers by itself. */
const OF_UNIT: Readonly<Record<string, (unit: RowUnit) => unknown>> = {
	code: ({ row }) => row.scope,
	formattedCode: ({ row }) => formatUnitCode(row.scope as UnitCode),
	scope: ({ row }) => placedKind(row.scope as UnitCode),
	stage: ({ row }) => row.stage,
	readiness: (unit) => new RowReadiness(unit),
}
const OF_READINESS: Readonly<Record<string, (readiness: RowReadiness) => unknown>> = { ready: ({ of }) => of.row.ready }

type Resolve = GraphQLFieldResolver<unknown, unknown>

/** Lets the fields of units and of their readiness be answered by rows where these say enough, else by what stands behind the row. */
export const answeredByRows = (schema: GraphQLSchema): GraphQLSchema => {
	const wrap = (type: string, answer: (field: string, source: unknown) => (() => unknown) | null, full: (source: unknown) => Promise<unknown> | null): void => {
		const found = schema.getType(type)
		if (!isObjectType(found)) throw new Error(`there is no type ${type}`)
		for (const field of Object.values(found.getFields())) {
			const resolve: Resolve = field.resolve ?? defaultFieldResolver
			field.resolve = (source, args, context, info) => {
				const short = answer(field.name, source)
				if (short !== null) return short()
				const behind = full(source)
				return behind === null ? resolve(source, args, context, info) : behind.then((each) => resolve(each, args, context, info))
			}
		}
	}
	wrap(
		"Unit",
		(field, source) => {
			const by = OF_UNIT[field]
			return source instanceof RowUnit && by !== undefined ? () => by(source) : null
		},
		(source) => (source instanceof RowUnit ? source.unit() : null),
	)
	wrap(
		"Readiness",
		(field, source) => {
			const by = OF_READINESS[field]
			return source instanceof RowReadiness && by !== undefined ? () => by(source) : null
		},
		(source): Promise<JudgedUnit> | null => (source instanceof RowReadiness ? source.of.unit().then(judgedUnit) : null),
	)
	return schema
}
