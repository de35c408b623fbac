import type { Running } from "@yima/test-pipeline"

/** One figure of a scrape. */
export interface Sample {
	readonly name: string
	readonly labels: Readonly<Record<string, string>>
	readonly value: number
}

const SAMPLE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/

/** What a process answers at `/metrics`, read as Prometheus' text format. */
export const metricsOf = async ({ url }: Running): Promise<readonly Sample[]> => {
	const response = await fetch(`${url}/metrics`)
	if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`)
	return (await response.text()).split("\n").flatMap((line) => {
		const { name, labels = "", value } = SAMPLE.exec(line)?.groups ?? {}
		if (name === undefined) return []
		return [{ name, labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", text = ""]) => [key, text])), value: Number(value) }]
	})
}

/** The sum of a metric's samples that have these labels; null: there is none. */
export const total = (samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number | null => {
	const found = samples.filter((each) => each.name === name && Object.entries(labels).every(([key, text]) => each.labels[key] === text))
	return found.length === 0 ? null : found.reduce((sum, each) => sum + each.value, 0)
}
