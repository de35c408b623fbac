import type { Town } from "./town.ts"

interface Listening {
	/** Until there are so many, or for so long, ms. */
	readonly count: number
	readonly patience?: number
	readonly headers?: Readonly<Record<string, string>>
	/** What happens once the listener surely listens. */
	readonly meanwhile?: () => Promise<unknown>
}

/** What a subscription tells over SSE. */
export const heard = async <A>(
	town: Town,
	query: string,
	variables: object,
	{ count, patience = 3000, headers = {}, meanwhile = async () => undefined }: Listening,
): Promise<readonly A[]> => {
	const response = await town.gateway.fetch(
		new Request("http://town/graphql", {
			method: "POST",
			headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
			body: JSON.stringify({ query, variables }),
		}),
	)
	const found: A[] = []
	const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
	const timer = setTimeout(() => void reader?.cancel(), patience)
	let text = ""
	const doing = new Promise((resolve) => setTimeout(resolve, 500)).then(meanwhile)
	try {
		while (reader !== undefined && found.length < count) {
			const { value, done } = await reader.read()
			if (done) break
			text += value
			for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
				const block = text.slice(0, end)
				text = text.slice(end + 2)
				const data = /^data: (.*)$/m.exec(block)?.[1]
				if (!/^event: next/m.test(block) || data === undefined) continue
				const { data: told, errors } = JSON.parse(data) as { readonly data: Readonly<Record<string, A>> | null; readonly errors?: unknown }
				if (errors !== undefined || told === null) throw new Error(JSON.stringify(errors))
				found.push(...Object.values(told))
			}
		}
	} finally {
		clearTimeout(timer)
		await reader?.cancel().catch(() => undefined)
		await doing
	}
	return found
}
