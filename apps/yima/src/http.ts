import { createServer } from "node:http"
import { createServerAdapter } from "@whatwg-node/server"
import type { Intake } from "@yima/intake"
import type { Configuration } from "./configuration.ts"
import type { HealthProbe } from "./health.ts"

export interface Listening {
	readonly url: string
	/** Takes no more connections, and ends when those that are open have their answers. */
	readonly stop: () => Promise<void>
}

interface Parts {
	readonly intake: Intake | null
	readonly gateway: { readonly fetch: (request: Request) => Promise<Response> | Response } | null
	readonly health: HealthProbe
}

const json = (status: number, body: unknown, type = "application/json"): Response =>
	new Response(JSON.stringify(body), { status, headers: { "content-type": `${type}; charset=utf-8` } })

const notFound = (path: string): Response =>
	json(
		404,
		{ type: "about:blank", title: "没有这个地址", status: 404, detail: `${path} 不在:/events、/graphql、/health/live、/health/ready`, code: "not-found" },
		"application/problem+json",
	)

/** One port for everything (architecture, process interface): each path is one part's. */
export const listen = async ({ port, host }: Pick<Configuration, "port" | "host">, { intake, gateway, health }: Parts): Promise<Listening> => {
	const route = (request: Request): Promise<Response> | Response => {
		const { pathname } = new URL(request.url)
		if (pathname === "/events" && intake !== null) return intake.fetch(request)
		if (pathname === "/graphql" && gateway !== null) return gateway.fetch(request)
		if (pathname === "/health/live") return json(200, { live: true })
		if (pathname === "/health/ready") {
			const now = health.health()
			return json(now.ready ? 200 : 503, now)
		}
		if (pathname === "/" && gateway !== null) return Response.redirect(new URL("/graphql", request.url), 302)
		return notFound(pathname)
	}
	// A stream of events may take as long as it takes.
	const server = createServer({ requestTimeout: 0 }, createServerAdapter(route))
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject)
		server.listen(port, host, resolve)
	})
	const address = server.address()
	const bound = typeof address === "object" && address !== null ? address.port : port
	return {
		url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve())
				server.closeIdleConnections()
				// Whoever follows a stream is told to come again.
				setTimeout(() => server.closeAllConnections(), 5000).unref()
			}),
	}
}
