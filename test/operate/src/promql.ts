import { parser } from "@prometheus-io/lezer-promql"

export interface Expression {
	/** Whether all of it is PromQL. */
	readonly isValid: boolean
	readonly metrics: readonly string[]
	readonly labels: readonly string[]
}

/** Reads an expression by Prometheus' own grammar. */
export const readExpression = (text: string): Expression => {
	const [metrics, labels] = [new Set<string>(), new Set<string>()]
	let isValid = text.trim() !== ""
	parser.parse(text).iterate({
		enter: ({ type, from, to }) => {
			if (type.isError) isValid = false
			if (type.name === "VectorSelector") metrics.add(/^[\w:]+/.exec(text.slice(from, to))?.[0] ?? "")
			if (type.name === "LabelName") labels.add(text.slice(from, to))
		},
	})
	return { isValid, metrics: [...metrics], labels: [...labels] }
}
