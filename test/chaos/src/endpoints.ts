import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { dice } from "@yima/test-convergence"

export type Behaviour = "healthy" | "slow" | "flapping" | "refusing" | "hanging" | "cutting" | "garbage" | "down"

/** What one endpoint has been sent. */
export interface Endpoint {
	readonly name: string
	readonly behaviour: Behaviour
	/** Each event's id, with how often it came. */
	readonly received: Map<string, number>
	/** Of each unit the revisions that were taken, in the order in which each came first. */
	readonly revisions: Map<string, number[]>
	/** From when it was said until it came first, ms. */
	readonly latencies: number[]
}

interface Delivered {
	readonly id: string
	readonly time: string
	readonly data: { readonly unit: string; readonly revision: number }
}

/** Units that a refusing endpoint never takes. */
export const isRefused = (unit: string): boolean => unit.endsWith("0007")

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())

/** Many endpoints behind one port, each by its path, each as it behaves. `downUntil`: ms since 1970. */
export const openEndpoints = async (behaviours: readonly Behaviour[], downUntil: number, { int }: Pick<ReturnType<typeof dice>, "int">) => {
	const endpoints = behaviours.map(
		(behaviour, n): Endpoint => ({ name: `${n}-${behaviour}`, behaviour, received: new Map(), revisions: new Map(), latencies: [] }),
	)
	const take = (endpoint: Endpoint, { id, time, data }: Delivered): void => {
		const before = endpoint.received.get(id) ?? 0
		endpoint.received.set(id, before + 1)
		if (before > 0) return
		endpoint.latencies.push(Date.now() - Date.parse(time))
		endpoint.revisions.set(data.unit, [...(endpoint.revisions.get(data.unit) ?? []), data.revision])
	}
	const answer = async (endpoint: Endpoint, body: string, response: ServerResponse): Promise<unknown> => {
		const event = JSON.parse(body) as Delivered
		const end = (status: number, text = "") => response.writeHead(status).end(text)
		switch (endpoint.behaviour) {
			case "slow":
				await wait(100)
				break
			case "flapping":
				if (Math.floor(Date.now() / 3000) % 2 === 0) return end(503)
				break
			case "refusing":
				if (isRefused(event.data.unit)) return end(422, "not this one")
				break
			case "hanging":
				// It takes some, and of those says nothing in time.
				if (int(500) === 0) {
					take(endpoint, event)
					return
				}
				break
			case "cutting":
				if (int(50) === 0) return response.destroy()
				break
			case "garbage":
				take(endpoint, event)
				return end(200, String.fromCharCode(...Array.from({ length: 100 }, (_, n) => (n * 7) % 256)))
			case "down":
				if (Date.now() < downUntil) return response.destroy()
				break
			case "healthy":
		}
		take(endpoint, event)
		return end(200)
	}
	const server = createServer((request, response) => {
		const endpoint = endpoints[Number(request.url?.slice(1))]
		let body = ""
		request.setEncoding("utf8")
		request.on("data", (part) => (body += part))
		request.on("end", () => void (endpoint === undefined ? response.writeHead(404).end() : answer(endpoint, body, response)))
		response.on("error", () => undefined)
	})
	server.keepAliveTimeout = 60_000
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
	const { port } = server.address() as AddressInfo
	return {
		endpoints,
		urlOf: (n: number) => `http://127.0.0.1:${port}/${n}`,
		close: () => {
			server.closeAllConnections()
			server.close()
		},
	}
}
