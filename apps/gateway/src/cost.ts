import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionNode, SelectionSetNode, ValueNode } from "graphql"
import { refusal } from "./refusal.ts"

/** The deepest question that is answered, and how many things it may ask for. Counted before anything is read. */
export const LIMITS = { depth: 14, things: 20_000, fields: 5000 } as const

type Variables = Readonly<Record<string, unknown>>

const numberIn = (value: ValueNode | undefined, variables: Variables): number | null => {
	if (value?.kind === "IntValue") return Number(value.value)
	const given = value?.kind === "Variable" ? variables[value.name.value] : null
	return typeof given === "number" ? given : null
}

const lengthIn = (value: ValueNode | undefined, variables: Variables): number => {
	if (value?.kind === "ListValue") return value.values.length
	const given = value?.kind === "Variable" ? variables[value.name.value] : null
	return Array.isArray(given) ? given.length : 1
}

const looksBack = (open: ValueNode | undefined, variables: Variables): boolean =>
	open !== undefined && !(open.kind === "BooleanValue" ? open.value : open.kind === "Variable" && (variables[open.name.value] ?? null) === true)

/** Fields that are pages, with what a page has where nobody says. */
const PAGES: Readonly<Record<string, number>> = {
	units: 50,
	changed: 50,
	findings: 20,
	deadlines: 20,
	timeline: 50,
	projects: 20,
	scopes: 20,
	parked: 20,
	rejected: 20,
}

/** What was open earlier is found by judging all of the past: some tenths of a second for each thing that is asked. */
const LOOKING_BACK = 1000

/**
 * What a question may cost: each page counts for as many things as it may have, and for each of these whatever is asked of it. A page
 * within a page multiplies, so that a few words cannot ask for millions.
 */
export const checkCost = (document: DocumentNode, operationName: string | null | undefined, variables: Variables): void => {
	const fragments = new Map<string, FragmentDefinitionNode>()
	const operations: OperationDefinitionNode[] = []
	for (const each of document.definitions) {
		if (each.kind === "FragmentDefinition") fragments.set(each.name.value, each)
		else if (each.kind === "OperationDefinition") operations.push(each)
	}
	const operation = operations.find((each) => !operationName || each.name?.value === operationName)
	let fields = 0

	const sum = ({ selections }: SelectionSetNode, depth: number, times: number): number =>
		selections.reduce((total, each) => total + cost(each, depth, times), 0)

	const cost = (selection: SelectionNode, depth: number, times: number): number => {
		if (selection.kind === "InlineFragment") return sum(selection.selectionSet, depth, times)
		if (selection.kind === "FragmentSpread") {
			const fragment = fragments.get(selection.name.value)
			return fragment === undefined ? 0 : sum(fragment.selectionSet, depth, times)
		}
		const { name, selectionSet, arguments: args = [] } = selection
		if (++fields > LIMITS.fields) throw refusal("TOO_COMPLEX", `查询最多 ${LIMITS.fields} 个字段`)
		if (selectionSet === undefined || name.value.startsWith("__")) return 0
		if (depth > LIMITS.depth) throw refusal("TOO_COMPLEX", `查询最多嵌套 ${LIMITS.depth} 层`)
		const argument = (named: string) => args.find((each) => each.name.value === named)?.value
		const page = PAGES[name.value]
		const isPage = page !== undefined && selectionSet.selections.some((each) => each.kind !== "Field" || each.name.value === "edges")
		const each = isPage
			? Math.max(1, numberIn(argument("first"), variables) ?? page)
			: name.value === "unitsByCodes"
				? lengthIn(argument("codes"), variables)
				: name.value === "findings" && looksBack(argument("open"), variables)
					? LOOKING_BACK
					: 1
		const things = times * each
		if (things > LIMITS.things) throw refusal("TOO_COMPLEX", `查询所要的内容过多(按 first 相乘,最多 ${LIMITS.things});请减小 first 或分开查询`)
		return things + sum(selectionSet, depth + 1, things)
	}

	const total = operation === undefined ? 0 : sum(operation.selectionSet, 1, 1)
	if (total > 25 * LIMITS.things) throw refusal("TOO_COMPLEX", "查询所要的内容过多;请减小 first 或分开查询")
}
