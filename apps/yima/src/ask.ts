import { ConfigurationWrong, configuration } from "./configuration.ts"
import { findRunning } from "./running.ts"

/** Where the gateway is: `YIMA_URL`, else the process that runs on the data folder, else this machine's port. */
export const gatewayUrl = (env: NodeJS.ProcessEnv): string => {
	const { home, port } = configuration(env)
	return env["YIMA_URL"] ?? findRunning(home)?.url ?? `http://127.0.0.1:${port}`
}

interface Answer<A> {
	readonly data?: A
	readonly errors?: readonly { readonly message: string }[]
}

/** Asks the gateway. Fails with `ConfigurationWrong` where it cannot be reached, and with its own words where it refuses. */
export const ask = async <A>(env: NodeJS.ProcessEnv, query: string, variables: Readonly<Record<string, unknown>>): Promise<A> => {
	const url = gatewayUrl(env)
	const response = await fetch(`${url}/graphql`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ query, variables }),
	}).catch((cause: unknown) => {
		throw new ConfigurationWrong(`连不上 ${url};请先 yima start,或用 YIMA_URL 写明查询服务的地址`, { cause })
	})
	const answer = (await response.json()) as Answer<A>
	if (answer.data === undefined || answer.errors !== undefined) throw new ConfigurationWrong((answer.errors ?? []).map((each) => each.message).join("\n"))
	return answer.data
}
